"""A promise says what, when and until when; who holds one can show whether it was kept."""

import base64
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from uitvoering.errors import FileUnknownError
from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import (
    NoteMalformedError,
    SignatureWrongError,
    formatted,
    parsed,
)
from uitvoering.integrity.notes.policy import (
    Group,
    Log,
    LogUnsignedError,
    Policy,
    QuorumMissingError,
    Witness,
)
from uitvoering.integrity.notes.promise import Promise, promise_of
from uitvoering.integrity.notes.proof_file import InclusionWrongError, Proof, ProofMalformedError
from uitvoering.integrity.tree.leaf import MOST_COMMITS, commitment, leaf_from, opening_of
from uitvoering.integrity.tree.merkle import Tree, inclusion_proof, leaf_hash
from uitvoering.integrity.tree.tile_store import TileWriter
from uitvoering.integrity.verify.receipts import (
    CopyUnreadableError,
    KeepingUnshownError,
    LogCopyError,
    LogUnnamedError,
    OpeningMalformedError,
    OtherProofError,
    PassagesTogetherError,
    PromiseBrokenError,
    PromiseKeyError,
    PromiseUnkeptError,
    TextNotFiledError,
    TooEarlyError,
    check_promise,
    check_proof,
    check_text,
    refuse_broken,
    refuse_unkept,
    refuse_unnamed,
)

ORIGIN = "log.example.nl/uitvoering"
EVENT = "0190163d-8694-7395-aa2a-d3c1e5b2a001"
AT = datetime(2026, 1, 5, 10, 0, 0, 123456, tzinfo=UTC)
TEXT = "Drie huurders zijn uitgezet."
SECRET = "cd" * 32
OPENING = opening_of(SECRET, "/fact/statement/text")
LEAF = dumps({"eventId": EVENT, "log": ORIGIN, "wordingCommits": [commitment(OPENING, TEXT)]})
OTHERS = [dumps({"eventId": f"other {n}", "log": ORIGIN}) for n in range(6)]
LOG_KEY, WITNESS_KEY = new_key(ORIGIN, Kind.ED25519), new_key("ministry.nl", Kind.COSIGNATURE)
TIMED_KEY = new_key(ORIGIN, Kind.MLDSA44)
"""Of the log as well: it states when it signed."""
PROMISE_KEY = new_key(f"{ORIGIN}/promise", Kind.ED25519)
POLICY = Policy(
    (Log(LOG_KEY.public), Log(TIMED_KEY.public)),
    {b"ministry": Witness("ministry", WITNESS_KEY.public), b"all": Group(1, (b"ministry",))},
    b"all",
)
PROMISE = Promise(ORIGIN, leaf_hash(LEAF), EVENT, AT, 60)
DUE = int(PROMISE.due.timestamp()) + 1
NOTE = formatted(PROMISE.text, [PROMISE_KEY.text_line(PROMISE.text)])


def signed(
    checkpoint: Checkpoint, at: int = DUE, log: PrivateKey = LOG_KEY, own: int | None = None
) -> bytes:
    """By the witness at this time, and by the log, which says when only if `own` is given."""
    lines = [log.text_line(checkpoint.text), WITNESS_KEY.cosignature_line(checkpoint, at)]
    if own is not None:
        lines.append(TIMED_KEY.cosignature_line(checkpoint, own))
    return formatted(checkpoint.text, lines)


def proof(leaf: bytes = LEAF) -> Proof:
    leaves = [*OTHERS[:3], leaf, *OTHERS[3:]]
    tree = Tree(map(leaf_hash, leaves))
    note = signed(Checkpoint(ORIGIN, len(leaves), tree.root()))
    return Proof(3, tuple(inclusion_proof(tree, 3, len(leaves))), note, leaf)


def copied(folder: Path, leaves: list[bytes], at: int = DUE, own: int | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    tiles = TileWriter(folder)
    tiles.extend(0, leaves)
    tiles.seal(len(leaves))
    root = Tree(map(leaf_hash, leaves)).root()
    checkpoint = Checkpoint(ORIGIN, len(leaves), root)
    (folder / "checkpoint").write_bytes(signed(checkpoint, at, own=own))
    return folder


def test_a_promise_says_what_when_and_until_when() -> None:
    assert PROMISE.text.split("\n") == [
        "uitvoering-promise/v1",
        ORIGIN,
        base64.b64encode(leaf_hash(LEAF)).decode(),
        EVENT,
        "2026-01-05T10:00:00.123456Z",
        "60",
        "",
    ]
    assert promise_of(PROMISE.text) == PROMISE
    assert PROMISE.due - AT == timedelta(minutes=1)


def test_a_promise_never_passes_for_a_checkpoint() -> None:
    with pytest.raises(NoteMalformedError):
        checkpoint_of(PROMISE.text)


@pytest.mark.parametrize(
    "text",
    [
        PROMISE.text.replace("/v1", "/v2"),
        PROMISE.text + "more\n",
        PROMISE.text.replace(EVENT, EVENT.upper()),
        PROMISE.text.replace("\n60\n", "\n060\n"),
        PROMISE.text.replace("\n60\n", "\n0\n"),
        PROMISE.text.replace("2026-01-05", "2026-13-05"),
        PROMISE.text.replace("Z\n", "+01:00\n"),
        PROMISE.text.replace("2026-01-05", "9999-12-31").replace("10:00:00", "23:59:59"),
        PROMISE.text[:-1],
    ],
)
def test_a_promise_has_one_form(text: str) -> None:
    with pytest.raises(NoteMalformedError):
        promise_of(text)


def test_a_promise_is_checked_with_the_key_for_promises() -> None:
    assert check_promise(NOTE, PROMISE_KEY.public) == PROMISE
    with pytest.raises(PromiseKeyError):
        check_promise(NOTE, LOG_KEY.public)
    with pytest.raises(PromiseKeyError):
        check_promise(NOTE, new_key(PROMISE_KEY.name, Kind.ED25519).public)
    for other in (LOG_KEY, new_key("other.nl/promise", Kind.ED25519)):
        with pytest.raises(PromiseKeyError):
            check_promise(formatted(PROMISE.text, [other.text_line(PROMISE.text)]), other.public)
    with pytest.raises(SignatureWrongError):
        check_promise(NOTE.replace(b"\n60\n", b"\n61\n"), PROMISE_KEY.public)


def test_a_proof_holds_under_the_keys_of_the_policy() -> None:
    proved = check_proof(bytes(proof()), POLICY)
    assert proved.leaf["eventId"] == EVENT
    assert (proved.index, proved.checkpoint.size) == (3, 7)
    assert proved.judgement.reached_at == DUE


def test_a_proof_of_another_leaf_is_refused() -> None:
    held = proof()
    with pytest.raises(InclusionWrongError):
        check_proof(bytes(Proof(held.index, held.hashes, held.note, OTHERS[0])), POLICY)
    with pytest.raises(ProofMalformedError):
        check_proof(bytes(Proof(held.index, held.hashes, held.note)), POLICY)
    elsewhere = dumps({"eventId": EVENT, "log": "log.example.nl/other"})
    with pytest.raises(ProofMalformedError):
        check_proof(bytes(proof(elsewhere)), POLICY)
    with pytest.raises(ProofMalformedError):
        check_proof(bytes(proof(b"no leaf")), POLICY)


@pytest.mark.parametrize(
    "leaf",
    [
        b'{"eventId":"%s","log":"%s","type":"a","type":"b"}' % (EVENT.encode(), ORIGIN.encode()),
        LEAF.replace(b'"log"', b' "log"'),
        LEAF.replace(b"}", b',"x":1.50}'),
        b'{"log":"%s","x":9999999999999999999999}' % ORIGIN.encode(),
        b"[" * 100_000,
    ],
)
def test_a_leaf_that_two_readers_may_read_otherwise_is_refused(leaf: bytes) -> None:
    with pytest.raises(ProofMalformedError):
        check_proof(bytes(proof(leaf)), POLICY)


def test_a_proof_without_the_quorum_or_under_another_key_is_refused() -> None:
    held = proof()
    alone = formatted(parsed(held.note).text, [LOG_KEY.text_line(parsed(held.note).text)])
    with pytest.raises(QuorumMissingError):
        check_proof(bytes(Proof(held.index, held.hashes, alone, LEAF)), POLICY)
    stranger = signed(held.checkpoint, log=new_key(ORIGIN, Kind.ED25519))
    with pytest.raises(LogUnsignedError):
        check_proof(bytes(Proof(held.index, held.hashes, stranger, LEAF)), POLICY)


def test_with_its_opening_a_text_is_what_was_filed() -> None:
    leaf = check_proof(bytes(proof()), POLICY).leaf
    assert check_text(leaf, TEXT, OPENING.hex())
    assert check_text(leaf, TEXT, opening_of(SECRET, "/fact/reason").hex(), OPENING.hex())
    with pytest.raises(TextNotFiledError):
        check_text(leaf, TEXT + " ", OPENING.hex())
    with pytest.raises(TextNotFiledError):
        check_text(leaf, TEXT, opening_of(SECRET, "/fact/reason").hex())
    for wrong in ("", "x" * 64, "ab"):
        with pytest.raises(OpeningMalformedError):
            check_text(leaf, TEXT, wrong)


@pytest.mark.parametrize(
    ("filed", "saved"),
    [
        ("Een\ntwee", "\ufeffEen\r\ntwee\r\n"),
        ("Een\r\ntwee\r\n", "Een\ntwee"),
        ("Een\ntwee\n", "Een\r\ntwee"),
        ("Een\ntwee", "Een\ntwee\n\n"),
    ],
)
def test_what_an_editor_does_to_a_text_makes_it_no_other_and_is_told(
    filed: str, saved: str
) -> None:
    leaf = {"eventId": EVENT, "wordingCommits": [commitment(OPENING, filed)]}
    assert check_text(leaf, filed, OPENING.hex()) is True
    assert check_text(leaf, saved, OPENING.hex()) is False
    with pytest.raises(TextNotFiledError):
        check_text(leaf, saved.replace("Een", " Een"), OPENING.hex())


@pytest.mark.parametrize("commits", [None, 5, "ab" * 32, {"ab" * 32: 1}])
def test_a_leaf_that_lists_no_commitments_says_nothing_of_a_text(commits: object) -> None:
    with pytest.raises(ProofMalformedError):
        check_text({"eventId": EVENT, "wordingCommits": commits}, TEXT, OPENING.hex())


def test_where_a_leaf_holds_one_digest_of_many_passages_no_text_is_called_untrue() -> None:
    named = ("event_id", "happened_on", "timestamp", "originator_id", "regime")
    by = ("level", "organisation", "actor_role")
    state = dict.fromkeys((*named, *by), "x") | {"originator_version": 1}
    commits = [
        {"at": f"/{n}", "hmac": commitment(opening_of(SECRET, f"/{n}"), TEXT)}
        for n in range(MOST_COMMITS + 1)
    ]
    leaf = leaf_from(ORIGIN, "topic", state | {"proof": {"commits": commits}}, "ab" * 32)
    with pytest.raises(PassagesTogetherError):
        check_text(loads(leaf), TEXT, opening_of(SECRET, "/0").hex())


def test_a_promise_is_kept_by_a_proof_of_the_very_leaf(tmp_path: Path) -> None:
    refuse_unkept(PROMISE, bytes(proof()), POLICY)
    with pytest.raises(PromiseUnkeptError):
        refuse_unkept(PROMISE, bytes(proof(dumps({"eventId": EVENT, "log": ORIGIN}))), POLICY)
    kept = refuse_broken(PROMISE, copied(tmp_path, [*OTHERS, LEAF]), POLICY)
    assert kept.checkpoint.size == 7


def test_a_proof_that_nobody_trusted_signed_keeps_no_promise() -> None:
    forged = formatted(
        Checkpoint("evil.nl", 1, leaf_hash(LEAF)).text,
        [new_key("evil.nl", Kind.ED25519).text_line("x\n")],
    )
    with pytest.raises(LogUnsignedError):
        refuse_unkept(PROMISE, bytes(Proof(0, (), forged, LEAF)), POLICY)


def test_the_proof_of_another_event_accuses_nobody() -> None:
    other = dumps({"eventId": EVENT.replace("a", "b"), "log": ORIGIN})
    with pytest.raises(OtherProofError):
        refuse_unkept(PROMISE, bytes(proof(other)), POLICY)


@pytest.mark.parametrize(("at", "in_time"), [(DUE - 1, True), (DUE, False)])
def test_whether_a_promise_was_kept_in_time_is_said_by_the_witnesses(
    tmp_path: Path, at: int, *, in_time: bool
) -> None:
    kept = refuse_broken(PROMISE, copied(tmp_path, [LEAF], at), POLICY)
    assert kept.in_time is in_time


def test_a_log_states_no_time_in_its_own_favour(tmp_path: Path) -> None:
    early = int(AT.timestamp()) + 5
    alone = Policy((Log(LOG_KEY.public), Log(TIMED_KEY.public)))
    log = copied(tmp_path, [LEAF], own=early)
    assert refuse_broken(PROMISE, log, alone).in_time is False
    assert refuse_broken(PROMISE, log, POLICY).in_time is False


def test_where_no_witness_is_asked_a_log_is_held_to_the_time_it_states(tmp_path: Path) -> None:
    log = copied(tmp_path, OTHERS)
    checkpoint = checkpoint_of(parsed((log / "checkpoint").read_bytes()).text)
    alone = Policy((Log(LOG_KEY.public), Log(TIMED_KEY.public)))
    untimed = formatted(checkpoint.text, [LOG_KEY.text_line(checkpoint.text)])
    (log / "checkpoint").write_bytes(untimed)
    with pytest.raises(TooEarlyError):
        refuse_broken(PROMISE, log, alone)
    (log / "checkpoint").write_bytes(untimed + TIMED_KEY.cosignature_line(checkpoint, DUE).encode())
    with pytest.raises(PromiseBrokenError):
        refuse_broken(PROMISE, log, alone)


def test_a_copy_of_another_log_accuses_nobody(tmp_path: Path) -> None:
    elsewhere = replace(PROMISE, origin="log.example.nl/elsewhere")
    with pytest.raises(LogCopyError):
        refuse_broken(elsewhere, copied(tmp_path, OTHERS), POLICY)


def test_a_promise_that_was_not_kept_is_proved_broken_by_a_later_log(tmp_path: Path) -> None:
    with pytest.raises(PromiseBrokenError, match="of 6 leaves"):
        refuse_broken(PROMISE, copied(tmp_path, OTHERS, own=DUE), POLICY)


@pytest.mark.parametrize("own", [None, int(AT.timestamp()), DUE - 1])
def test_an_older_state_that_witnesses_signed_again_accuses_nobody(
    tmp_path: Path, own: int | None
) -> None:
    """The log put the leaf in at once; this copy is of before, and was cosigned after the term."""
    with pytest.raises(KeepingUnshownError):
        refuse_broken(PROMISE, copied(tmp_path, OTHERS, DUE + 3_000, own), POLICY)


def test_a_promise_of_a_log_that_the_policy_does_not_name_is_refused() -> None:
    refuse_unnamed(PROMISE, POLICY)
    with pytest.raises(LogUnnamedError):
        refuse_unnamed(replace(PROMISE, origin="log.example.nl/elsewhere"), POLICY)


def test_before_the_term_has_ended_nothing_is_broken(tmp_path: Path) -> None:
    with pytest.raises(TooEarlyError):
        refuse_broken(PROMISE, copied(tmp_path, OTHERS, DUE - 2, own=DUE - 2), POLICY)


def test_a_copy_that_is_not_what_was_signed_proves_nothing(tmp_path: Path) -> None:
    log = copied(tmp_path, OTHERS)
    (bundle,) = (log / "tile" / "entries").rglob("6")
    bundle.write_bytes(bundle.read_bytes().replace(b"other 2", b"other 9"))
    with pytest.raises(LogCopyError):
        refuse_broken(PROMISE, log, POLICY)


def test_the_full_bundle_that_took_the_place_of_a_partial_one_is_read(tmp_path: Path) -> None:
    leaves = [dumps({"eventId": f"more {n}", "log": ORIGIN}) for n in range(256)]
    log = copied(tmp_path / "small", [LEAF, *OTHERS])
    grown = copied(tmp_path / "grown", [LEAF, *OTHERS, *leaves])
    (grown / "checkpoint").write_bytes((log / "checkpoint").read_bytes())
    assert refuse_broken(PROMISE, grown, POLICY).checkpoint.size == 7


@pytest.mark.parametrize("odd", ["pipe", "loop", "folder"])
def test_a_copy_in_which_a_file_is_no_plain_file_is_refused_at_once(
    tmp_path: Path, odd: str
) -> None:
    log = copied(tmp_path, OTHERS)
    for file in ((log / "tile" / "entries" / "000.p" / "6"), log / "checkpoint"):
        file.unlink()
        if odd == "pipe":
            os.mkfifo(file)
        elif odd == "loop":
            file.symlink_to(file.name)
        else:
            file.mkdir()
        with pytest.raises(CopyUnreadableError, match=file.name):
            refuse_broken(PROMISE, log, POLICY)


def test_what_a_copy_lacks_is_named(tmp_path: Path) -> None:
    log = copied(tmp_path, OTHERS)
    (log / "tile" / "entries" / "000.p" / "6").unlink()
    with pytest.raises(FileUnknownError, match="entries/000"):
        refuse_broken(PROMISE, log, POLICY)
