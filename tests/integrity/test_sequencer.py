"""Events become leaves in the order of the store; nothing is signed that takes anything back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.integrity.sequenced import DAY, Desk, desk_in
from tests.integrity.watched import ORIGIN, Clock, serving, witness_in, witness_keys
from uitvoering.errors import TamperedError, UitvoeringError
from uitvoering.integrity.keys import key_changes
from uitvoering.integrity.keys.key_files import Use
from uitvoering.integrity.log.errors import (
    EventNotAsLoggedError,
    KeysOfAnotherLogError,
    LastSignedMissingError,
    LedgerBusyError,
    LedgerDamagedError,
    LogForkedError,
    LogRolledBackError,
    RootWrongError,
    StoreDiffersError,
)
from uitvoering.integrity.log.past import Held
from uitvoering.integrity.log.rows import Answer
from uitvoering.integrity.log.sequencer import LoggedEvent
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import PrivateKey
from uitvoering.integrity.notes.note import formatted, parsed
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.tree.merkle import consistency_proof, extends, leaf_hash, root
from uitvoering.integrity.tree.tile_store import TileMissingError
from uitvoering.integrity.witness.asking import ask_witnesses, held_by_witnesses
from uitvoering.integrity.witness.client import (
    WitnessAheadError,
    WitnessForkError,
    WitnessUnreachableError,
)
from uitvoering.integrity.witness.witness import Witness
from uitvoering.wiring import utc_now


def test_events_are_leaves_in_the_order_of_the_store(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    for count in (1, 2, 300, 0, 1):
        signed = desk.sequence(count)
        assert signed.checkpoint == Checkpoint(
            ORIGIN, len(desk.shelf.events), desk.shelf.tree().root()
        )
        assert desk.ledger.published().note == signed.note == desk.signer.last_signed()
    tree = desk.ledger.tree(304)
    assert list(tree.leaves(0, 304)) == [event.leaf for event in desk.shelf.events]
    for index, event in enumerate(desk.shelf.events):
        assert desk.ledger.positions.index_of(event.position, 304) == index


def test_every_checkpoint_extends_every_one_before_it(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    for count in (1, 1, 6, 248, 1, 43, 0):
        desk.sequence(count)
    signed = [row.checkpoint for row in desk.signed()]
    assert [checkpoint.size for checkpoint in signed] == [0, 1, 2, 8, 256, 257, 300]
    tree = desk.ledger.tree(300)
    for new in signed:
        for old in signed[: signed.index(new) + 1]:
            proof = consistency_proof(tree, old.size, new.size)
            assert extends(old.size, old.root, new.size, new.root, proof)


def test_every_key_in_use_signs_and_a_new_one_at_once(tmp_path: Path) -> None:
    """Also where nothing is filed: a key that was stolen is not to be waited for."""
    desk = desk_in(tmp_path, 3)
    desk.shelf.file(1)
    with desk.opened() as sequencer:
        for keys in (2, 4):
            signed = sequencer.step(DAY)
            assert signed is not None
            note = parsed(signed.signed)
            own = {(key.name, key.public.id): key.public for key in desk.signer.checkpoint_keys()}
            assert len(note.signatures) == len(own) == keys
            for given in note.signatures:
                time = own[given.name, given.key_id].cosigned(signed.checkpoint, given.value)
                assert time in {0, desk.clock.now}
            key_changes.rotate(desk.keys, Use.CHECKPOINT, utc_now())


def test_nothing_is_signed_when_nothing_was_filed_until_a_checkpoint_is_too_old(
    tmp_path: Path,
) -> None:
    desk = desk_in(tmp_path, 3)
    with desk.opened() as sequencer:
        first = sequencer.newest
        desk.clock.now += int(DAY) - 1
        assert sequencer.step(DAY) is None
        desk.clock.now += 1
        again = sequencer.step(DAY)
        assert again is not None
        assert again.checkpoint == first.checkpoint
        assert again.signed_at == desk.clock.now
        assert desk.ledger.published().note == again.note != first.note
        desk.clock.now -= 3 * int(DAY)  # a clock that was ahead, and was set right
        assert sequencer.step(DAY) is not None
        assert sequencer.step(DAY) is None


def test_a_second_sequencer_is_refused_while_the_first_works(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    with desk.opened() as first:
        with pytest.raises(LedgerBusyError):
            desk.sequence(1)
        desk.shelf.file(1)
        assert first.step(DAY) is not None
    desk.sequence(1)


def test_what_authors_wait_for_is_told_to_who_asks_the_witnesses(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    with desk.opened() as sequencer:
        for awaited in (False, True, False):
            desk.shelf.file(9)
            desk.shelf.file(1, awaited=awaited)
            desk.shelf.file(9)
            assert sequencer.step(DAY) is not None
            assert sequencer.awaited == awaited


# --- what keeps a log from being carried on


def refused(desk: Desk, kind: type[UitvoeringError], why: str | None = None) -> None:
    """Before anything is signed; and whatever was refused is still there to be looked at."""
    shown, signed = desk.ledger.published(), desk.signer.last_signed()
    desk.shelf.file(2)
    with pytest.raises(kind, match=why):
        desk.sequence()
    assert desk.ledger.published() == shown
    assert desk.signer.last_signed() == signed


def tile(desk: Desk, path: str) -> Path:
    return desk.ledger.public / "tile" / path


def test_a_leaf_that_was_changed_in_the_tiles_is_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 40)
    entries = tile(desk, "entries/000.p/40")
    entries.write_bytes(entries.read_bytes().replace(b"leaf 50", b"leaf 51"))
    refused(desk, TamperedError, "tile/entries/000")


def test_hashes_that_were_changed_in_the_tiles_are_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 600)
    top = tile(desk, "1/000.p/2")
    top.write_bytes(bytes(32) + top.read_bytes()[32:])
    refused(desk, RootWrongError, "600 leaves")


def test_tiles_that_are_gone_are_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 300)
    shutil.rmtree(tile(desk, "0"))
    refused(desk, TileMissingError)


def test_tiles_and_rows_of_another_history_are_found_by_the_file_beside_the_keys(
    tmp_path: Path,
) -> None:
    """The whole ledger rewritten and signed again with the true keys."""
    desk = desk_in(tmp_path, 30)
    kept = desk.signer.last_signed()
    assert kept is not None
    shutil.rmtree(desk.folder / "ledger")
    (desk.keys / "last-signed").unlink()
    desk.create()
    desk.shelf.events[10] = desk.shelf.events[10]._replace(leaf=b"milder")
    desk.sequence()
    desk.signer.keep_last_signed(kept)
    refused(desk, LogForkedError, "last-signed holds a checkpoint over 30 leaves")


def test_an_older_copy_of_the_log_is_found_by_the_file_beside_the_keys(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 30)
    shutil.copytree(desk.folder / "ledger", tmp_path / "copy")
    desk.sequence(5)
    shutil.rmtree(desk.folder / "ledger")
    (tmp_path / "copy").rename(desk.folder / "ledger")
    refused(desk, LogRolledBackError, "35 leaves and here it has 30")


def test_an_older_copy_of_the_rows_is_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 30)
    older = desk.ledger.rows_file.read_bytes()
    desk.sequence(5)
    desk.ledger.rows_file.write_bytes(older)
    refused(desk, LogRolledBackError)


def test_without_the_file_beside_the_keys_nothing_is_signed(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    (desk.keys / "last-signed").unlink()
    refused(desk, LastSignedMissingError)


def test_keys_that_signed_another_log_last_sign_nothing_here(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    other = Checkpoint("other.example.nl", 3, bytes(32))
    desk.signer.keep_last_signed(formatted(other.text, ["— x AAAAAAAA\n"]))
    refused(desk, KeysOfAnotherLogError, r"other\.example\.nl")


def test_a_copy_that_went_on_under_the_same_keys_stops_the_other_before_it_signs(
    tmp_path: Path,
) -> None:
    desk = desk_in(tmp_path, 30)
    twin = Desk(tmp_path / "twin", shelf=desk.shelf, clock=desk.clock)
    shutil.copytree(desk.folder / "ledger", twin.folder / "ledger")
    with desk.opened() as sequencer:
        desk.shelf.file(5)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Desk, "signer", desk.signer)
            twin.sequence()
        desk.shelf.events.pop()
        with pytest.raises(LogRolledBackError, match="last-signed has seen this log with 35"):
            sequencer.step(DAY)


def test_positions_that_are_gone_are_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 30)
    desk.ledger.positions.cut(29)
    refused(desk, LedgerDamagedError, "positions")


def test_a_store_that_was_brought_back_from_before_is_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 30)
    del desk.shelf.events[20:]
    shown = desk.ledger.published()
    with pytest.raises(StoreDiffersError, match=r"holds 30 events .* and the store 20"):
        desk.sequence()
    assert desk.ledger.published() == shown


def test_a_store_that_went_on_differently_after_it_was_brought_back_is_found(
    tmp_path: Path,
) -> None:
    desk = desk_in(tmp_path, 30)
    last = desk.shelf.events.pop()
    desk.shelf.events.append(last._replace(leaf=b"another"))
    refused(desk, EventNotAsLoggedError, "leaf 29")


def test_an_event_that_was_put_in_between_is_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 30)
    desk.shelf.events.insert(10, LoggedEvent(desk.shelf.events[10].position - 1, b"new", False))  # noqa: FBT003 its third part
    refused(desk, StoreDiffersError, "holds 30 events .* and the store 31")


def test_rows_of_another_log_are_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "one", 3)
    other = Desk(tmp_path / "other", "other.example.nl")
    other.create()
    other.sequence(3)
    shutil.copy(other.ledger.rows_file, desk.ledger.rows_file)
    refused(desk, LedgerDamagedError, r"of the log other\.example\.nl")


def test_rows_that_hold_nothing_are_found(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    with closing(sqlite3.connect(desk.ledger.rows_file)) as rows:
        rows.execute("DROP TRIGGER checkpoint_is_not_removed")
        rows.execute("DELETE FROM checkpoint")
        rows.commit()
    refused(desk, LedgerDamagedError, "no checkpoint")


# --- witnesses


def enrolled(witness: Witness, desk: Desk) -> None:
    for key in desk.signer.checkpoint_keys():
        witness.enrol(key.public)


def policy(desk: Desk, quorum: str = "both", **bodies: tuple[str, list[PrivateKey]]) -> bytes:
    """Each body at its address with its first key."""
    [log, *_] = desk.signer.checkpoint_keys()
    rows = [f"log {log.public}"]
    rows += [f"witness {name} {keys[0].public} {url}" for name, (url, keys) in bodies.items()]
    rows += [f"group both all {' '.join(bodies)}", f"quorum {quorum}"]
    return "\n".join([*rows, ""]).encode()


def asked(desk: Desk) -> dict[str, str]:
    """By witness, the code of why it did not cosign."""
    with closing(desk.ledger.rows()) as rows:
        found = ask_witnesses(desk.ledger, rows, desk.clock)
    return {row.witness: row.refusal.code if row.refusal else "" for row in found}


NOBODY = "http://127.0.0.1:1"
"""Where nobody listens."""


def test_witnesses_cosign_what_is_published_and_the_quorum_is_kept(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    one, other = witness_keys("one.example.nl"), witness_keys("other.example.nl")
    first = witness_in(tmp_path / "one", keys=one)
    second = witness_in(tmp_path / "other", keys=other)
    enrolled(first, desk)
    enrolled(second, desk)
    with serving(first) as here, serving(second) as there:
        desk.ledger.policy.write_bytes(policy(desk, one=(here.url, one), other=(NOBODY, other)))
        assert asked(desk) == {"one": "", "other": "witness-unreachable"}
        judged = policy_of(desk.ledger.policy.read_bytes()).judge(desk.ledger.published().note)
        assert [row.witness.name for row in judged.cosigned] == ["one"]
        assert desk.ledger.cosigned() is None
        desk.sequence(4)
        desk.ledger.policy.write_bytes(policy(desk, one=(here.url, one), other=(there.url, other)))
        assert asked(desk) == {"one": "", "other": ""}
        cosigned = desk.ledger.cosigned()
        assert cosigned == desk.ledger.published()
        assert cosigned is not None
        assert policy_of(desk.ledger.policy.read_bytes()).judge(cosigned.note).quorum
        desk.sequence(1)  # newer, and nobody has cosigned it yet
        assert desk.ledger.cosigned() == cosigned
        assert desk.ledger.published().checkpoint.size == 8


def test_where_no_witness_is_asked_for_every_checkpoint_has_its_quorum(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.create()
    assert desk.ledger.cosigned() is None
    [log, *_] = desk.signer.checkpoint_keys()
    desk.ledger.policy.write_bytes(f"log {log.public}\nquorum none\n".encode())
    desk.sequence(3)
    assert desk.ledger.cosigned() == desk.ledger.published()
    assert asked(desk) == {}


def test_a_round_that_was_cut_off_is_published_at_the_next_start(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 3)
    keys = witness_keys()
    desk.ledger.policy.write_bytes(policy(desk, one=(NOBODY, keys)))
    newest = desk.signed()[-1]
    with closing(desk.ledger.rows()) as rows:
        line = keys[0].cosignature_line(newest.checkpoint, desk.clock.now)
        rows.add_answer(Answer("one", newest.number, (line,)))
    desk.sequence()
    found = desk.ledger.cosigned()
    assert found is not None
    assert found.note == newest.signed + line.encode()


def rewritten(desk: Desk, folder: Path) -> Desk:
    """The same name, keys and number of events; from the second event on another history."""
    other = Desk(folder, shelf=desk.shelf, clock=desk.clock)
    shutil.copytree(desk.keys, other.keys)
    (other.keys / "last-signed").unlink()
    other.shelf.events = [
        event if n < 1 else event._replace(leaf=b"milder %d" % n)
        for n, event in enumerate(desk.shelf.events)
    ]
    other.create()
    other.sequence()
    return other


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Desk, Witness, list[PrivateKey]]:
    desk = desk_in(tmp_path / "desk", 5)
    keys = witness_keys()
    witness = witness_in(tmp_path / "witness", keys=keys, clock=Clock())
    enrolled(witness, desk)
    return desk, witness, keys


def test_a_rewritten_history_is_refused_by_the_witness_and_nothing_is_signed_from_there(
    watched: tuple[Desk, Witness, list[PrivateKey]], tmp_path: Path
) -> None:
    desk, witness, keys = watched
    with serving(witness) as served:
        desk.ledger.policy.write_bytes(policy(desk, one=(served.url, keys)))
        assert asked(desk) == {"one": ""}
        held = desk.ledger.published().note
        forged = rewritten(desk, tmp_path / "forged")
        forged.ledger.policy.write_bytes(desk.ledger.policy.read_bytes())
        forged.sequence(3)
        with pytest.raises(WitnessForkError):
            asked(forged)
    with closing(forged.ledger.rows()) as rows:
        [answer] = rows.last_answers()
    assert answer.fork
    assert parsed(answer.evidence.encode()).text == parsed(held).text
    refused(forged, LogForkedError, "one holds a checkpoint")
    # The word of a witness can be taken back by that witness alone.
    with closing(forged.ledger.rows()) as rows:
        line = keys[0].cosignature_line(forged.signed()[-1].checkpoint, 1)
        rows.add_answer(Answer("one", forged.signed()[-1].number, (line,)))
    forged.sequence(1)


def test_a_witness_that_has_seen_more_stops_the_log_at_its_next_start(
    watched: tuple[Desk, Witness, list[PrivateKey]], tmp_path: Path
) -> None:
    desk, witness, keys = watched
    with serving(witness) as served:
        desk.ledger.policy.write_bytes(policy(desk, one=(served.url, keys)))
        shutil.copytree(desk.folder, tmp_path / "copy", symlinks=True)
        desk.sequence(5)
        assert asked(desk) == {"one": ""}
        copy = Desk(tmp_path / "copy", shelf=desk.shelf, clock=desk.clock)
        assert held(copy) == [Held("one", desk.signed()[-1].checkpoint)]
        with (
            pytest.raises(LogRolledBackError, match="one has seen this log with 10"),
            copy.opened(lambda: held(copy)),
        ):
            pass
        with pytest.raises(WitnessAheadError):
            asked(copy)


def held(desk: Desk, told: list[UitvoeringError] | None = None) -> list[Held]:
    keys = [key.public for key in desk.signer.checkpoint_keys()]
    heard: list[UitvoeringError] = [] if told is None else told
    return held_by_witnesses(desk.ledger, keys, heard.append)


def test_a_witness_that_cannot_be_asked_keeps_nobody_from_signing(
    watched: tuple[Desk, Witness, list[PrivateKey]],
) -> None:
    desk, _, keys = watched
    desk.ledger.policy.write_bytes(policy(desk, one=(NOBODY, keys)))
    told: list[UitvoeringError] = []
    with desk.opened(lambda: held(desk, told)) as sequencer:
        desk.shelf.file(1)
        assert sequencer.step(DAY) is not None
    assert [type(error) for error in told] == [WitnessUnreachableError]


def test_what_a_witness_shows_counts_only_when_the_log_signed_it(
    watched: tuple[Desk, Witness, list[PrivateKey]], tmp_path: Path
) -> None:
    """Else one witness could stop the log with a checkpoint of its own making."""
    desk, _, keys = watched
    stranger = desk_in(tmp_path / "stranger", 50)  # the same name, other keys
    liar = witness_in(tmp_path / "liar", keys=keys, clock=Clock())
    enrolled(liar, stranger)
    with serving(liar) as served:
        stranger.ledger.policy.write_bytes(policy(stranger, one=(served.url, keys)))
        assert asked(stranger) == {"one": ""}
        desk.ledger.policy.write_bytes(policy(desk, one=(served.url, keys)))
        assert held(desk) == []


def test_the_root_of_the_tiles_is_that_of_the_leaves(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    for count in (255, 1, 1, 255, 256):
        signed = desk.sequence(count)
        tree = desk.ledger.tree(signed.checkpoint.size)
        assert root(tree, tree.size) == signed.checkpoint.root == desk.shelf.tree().root()
        assert leaf_hash(tree.leaf(tree.size - 1)) == tree.node(0, tree.size - 1)
