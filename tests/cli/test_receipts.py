"""A reporter keeps a receipt and checks it alone: no store, no log, no network at hand."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, Said
from uitvoering.cli.receipt_files import (
    ReceiptsMalformedError,
    ReceiptUnchosenError,
    receipt_in,
    received,
)
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.proof_file import proof_of

LOG = "log.example.nl/uitvoering"
TEXT = "Drie huurders zijn uitgezet."
SIGNAL = {
    "happened_on": "2026-01-05",
    "body": "uwv",
    "to": "team-lead",
    "statement": {"text": TEXT, "severity": 4},
}
UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True)
class Filed:
    command: Command
    folder: Path
    receipt: dict[str, Any]
    before: bytes
    """The checkpoint over what there was before the filing."""
    early: Said
    """What was shown of it before it was in the log."""

    @property
    def event(self) -> str:
        found: str = self.receipt["event"]
        return found

    def file(self, name: str, content: str) -> str:
        file = self.folder / name
        file.write_text(content, encoding="utf-8")
        return str(file)

    @property
    def keys(self) -> Path:
        return self.folder / "store.db.keys"

    @property
    def policy(self) -> str:
        key = (self.keys / "checkpoint-ed25519.pub").read_text().strip()
        return self.file("policy.txt", f"log {key}\nquorum none\n")

    @property
    def promise_key(self) -> str:
        return (self.keys / "promise.pub").read_text().strip()

    @property
    def anywhere(self) -> Command:
        """On a machine that has no store of ours."""
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        return replace(self.command, folder=elsewhere)


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    folder = tmp_path_factory.mktemp("filed")
    command = Command(
        folder,
        {
            "UITVOERING_LANG": "en",
            "UITVOERING_ORGANISATION": "uwv",
            "UITVOERING_LEVEL": "frontline",
        },
    )
    assert command("migrate").code == 0
    assert command("ledger", "create", LOG).code == 0
    before = (folder / "store.db.ledger" / "public" / "checkpoint").read_bytes()
    kept = folder / "receipts.jsonl"
    done = command("record", "signal-hardship", json.dumps(SIGNAL), "--receipts", str(kept))
    assert done.code == 0, done.err
    assert kept.stat().st_mode & 0o777 == 0o600
    receipt = json.loads(kept.read_text())
    early = command("receipt", receipt["event"], "--json")
    assert (early.code, early.json["proved"]) == (0, False)
    assert command("ledger", "follow", "--once").code == 0
    proof = folder / "signal.tlog-proof"
    assert command("receipt", receipt["event"], "--wait", "5", "-o", str(proof)).code == 0
    (folder / "promise").write_text(receipt["promise"])
    return Filed(command, folder, receipt, before, early)


def checked(filed: Filed, name: str, *more: str, policy: str = "") -> Any:
    given = ("receipt", "verify", str(filed.folder / name), "--policy", policy or filed.policy)
    return filed.anywhere(*given, *more, "--json")


def test_a_receipt_is_checked_without_the_store(filed: Filed) -> None:
    done = checked(filed, "signal.tlog-proof")
    assert done.code == 0, done.err
    assert (done.json["event"], done.json["log"]) == (filed.event, LOG)
    assert done.json["type"] == "hardship-signalled"
    assert done.json["unwitnessed"] is True
    assert "no witness" in done.err


def test_the_opening_shows_that_this_text_was_filed_and_no_other(filed: Filed) -> None:
    opening = filed.receipt["openings"][0]["opening"]
    text = filed.file("text.txt", TEXT)
    done = checked(filed, "signal.tlog-proof", "--text", text, "--opening", opening)
    assert (done.code, done.json["text"]) == (0, True)
    milder = filed.file("milder.txt", "Enkele huurders wonen elders.")
    refused = checked(filed, "signal.tlog-proof", "--text", milder, "--opening", opening)
    assert (refused.code, refused.json["code"]) == (3, "text-not-filed")
    wrong = checked(filed, "signal.tlog-proof", "--text", text, "--opening", "5f")
    assert (wrong.code, wrong.json["code"]) == (1, "opening-malformed")


def test_a_text_as_an_editor_saved_it_is_known_and_that_is_told(filed: Filed) -> None:
    opening = filed.receipt["openings"][0]["opening"]
    saved = filed.folder / "saved.txt"
    saved.write_bytes(f"{TEXT}\r\n".encode("utf-8-sig"))
    given = ("--text", str(saved), "--opening", opening)
    proof = str(filed.folder / "signal.tlog-proof")
    told = filed.anywhere("receipt", "verify", proof, "--policy", filed.policy, *given)
    assert told.code == 0, told.err
    assert "apart from" in told.out
    done = checked(filed, "signal.tlog-proof", *given)
    assert (done.json["text"], done.json["exact"]) == (True, False)


def test_a_promise_is_checked_and_seen_to_be_kept(filed: Filed) -> None:
    key = ("--promise-key", filed.promise_key)
    proof = str(filed.folder / "signal.tlog-proof")
    kept = checked(filed, "promise", *key, "--proof", proof).json
    assert (kept["event"], kept["kept"], kept["in_time"]) == (filed.event, True, False)
    log = str(filed.folder / "store.db.ledger" / "public")
    assert checked(filed, "promise", *key, "--log", log).json["kept"] is True
    assert checked(filed, "promise").code == 2


def test_the_key_of_promises_may_stand_in_a_file_and_is_shown_with_a_promise(filed: Filed) -> None:
    key = str(filed.keys / "promise.pub")
    assert checked(filed, "promise", "--promise-key", key).json["event"] == filed.event
    assert filed.early.json["promise_key"] == filed.promise_key
    assert checked(filed, "promise", "--promise-key", "nowhere").json["code"] == "key-malformed"


def test_a_policy_that_names_the_key_of_promises_is_enough(filed: Filed) -> None:
    told = filed.command("keys", "list", "--policy").out
    assert f"# promise {filed.promise_key}" in told.splitlines()
    other = new_key(f"{LOG}/promise", Kind.ED25519).public
    words = "# promise keys were replaced in May\n"
    policy = filed.file("handed", f"{told}# promise {other}\n{words}quorum none\n")
    assert checked(filed, "promise", policy=policy).json["event"] == filed.event
    Path(policy).write_bytes(Path(policy).read_text().encode("utf-16"))
    assert checked(filed, "promise", policy=policy).json["event"] == filed.event
    alone = filed.file("words", Path(filed.policy).read_text() + words)
    assert checked(filed, "promise", policy=alone).code == 2


def test_the_file_of_receipts_is_checked_whole(filed: Filed) -> None:
    """As `record --receipts` wrote it, with the proof beside it or in it."""
    key = ("--promise-key", filed.promise_key)
    alone = checked(filed, "receipts.jsonl", *key)
    assert (alone.code, alone.json["event"], alone.json["kept"]) == (0, filed.event, None)
    proof, text = filed.folder / "signal.tlog-proof", filed.file("text.txt", TEXT)
    both = checked(filed, "receipts.jsonl", *key, "--proof", str(proof), "--text", text)
    assert both.code == 0, both.err
    shown = ("event", "kept", "type", "text", "exact")
    whole = [filed.event, True, "hardship-signalled", True, True]
    assert [both.json[name] for name in shown] == whole
    line = json.dumps(filed.receipt | {"proof": proof.read_text()})
    for content in (
        line,
        f'{{"kind":"signal","id":"a","version":1,"events":[],"receipts":[{line}]}}',
    ):
        filed.file("held.jsonl", content)
        held = checked(filed, "held.jsonl", *key, "--text", text)
        assert [held.json[name] for name in shown] == whole
        assert held.json["promise_checked"] is True
    milder = filed.file("milder.txt", "Enkele huurders wonen elders.")
    refused = checked(filed, "held.jsonl", *key, "--text", milder)
    assert (refused.code, refused.json["code"]) == (3, "text-not-filed")


def test_a_proof_in_a_receipt_is_checked_without_the_key_of_promises_and_that_is_told(
    filed: Filed,
) -> None:
    proof = (filed.folder / "signal.tlog-proof").read_text()
    filed.file("keyless.jsonl", json.dumps(filed.receipt | {"proof": proof}))
    done = checked(filed, "keyless.jsonl", "--text", filed.file("text.txt", TEXT))
    assert (done.code, done.json["event"], done.json["text"]) == (0, filed.event, True)
    assert (done.json["promise_checked"], "kept" in done.json) == (False, False)
    assert "promise in this file was not checked" in done.err
    log = str(filed.folder / "store.db.ledger" / "public")
    assert checked(filed, "keyless.jsonl", "--log", log).code == 2
    assert checked(filed, "receipts.jsonl").code == 2
    promise = filed.receipt["promise"].replace(filed.event, UNKNOWN)
    other = {"event": UNKNOWN, "promise": promise, "proof": proof}
    filed.file("keyless.jsonl", json.dumps(other))
    refused = checked(filed, "keyless.jsonl")
    assert (refused.code, refused.json["code"]) == (1, "other-proof")


def test_of_one_event_the_first_promise_and_the_last_proof_count(filed: Filed) -> None:
    first, term = filed.receipt, filed.receipt["promise"].replace("\n60\n", "\n600\n")
    again = [{"event": filed.event, "promise": term, "proof": proof} for proof in ("a", "b", None)]
    found = receipt_in("\n".join(map(json.dumps, [first, *again])).encode(), "")
    assert (found.promise, found.proof) == (first["promise"], "b")
    assert [row.opening for row in found.openings] == [first["openings"][0]["opening"]]


def test_of_more_receipts_in_a_file_one_is_named(filed: Filed) -> None:
    promise = filed.receipt["promise"].replace(filed.event, UNKNOWN)
    other = json.dumps({"event": UNKNOWN, "promise": promise})
    filed.file("two.jsonl", f"{json.dumps(filed.receipt)}\n\n{other}\n")
    key = ("--promise-key", filed.promise_key)
    unchosen = checked(filed, "two.jsonl", *key)
    assert (unchosen.code, unchosen.json["code"]) == (1, "receipt-unchosen")
    assert filed.event in unchosen.json["detail"]
    assert checked(filed, "two.jsonl", *key, "--event", filed.event).json["event"] == filed.event
    forged = checked(filed, "two.jsonl", *key, "--event", UNKNOWN)
    assert (forged.code, forged.json["code"]) == (3, "signature-wrong")
    with pytest.raises(ReceiptUnchosenError):
        receipt_in(received(filed.folder / "two.jsonl"), "another")


def test_a_line_that_is_no_receipt_is_named(filed: Filed) -> None:
    first = json.dumps(filed.receipt)
    relabelled = json.dumps(filed.receipt | {"event": UNKNOWN})
    for line in ("{}", "}", "[]", relabelled, json.dumps(filed.receipt | {"promise": "no"})):
        with pytest.raises(ReceiptsMalformedError, match="line 2 "):
            receipt_in(f"{first}\n{line}\n".encode(), "")


def test_what_came_by_an_editor_or_a_mail_is_read_as_it_was_sent(
    filed: Filed, tmp_path: Path
) -> None:
    came = tmp_path / "came"
    for name in ("signal.tlog-proof", "promise"):
        sent = (filed.folder / name).read_bytes()
        text = sent.decode()
        windows = text.replace("\n", "\r\n")
        quoted = "".join(f"> {line}\n" for line in text.splitlines())
        answered = "".join(f">{line}\r\n" for line in quoted.splitlines())
        for data in (
            windows.encode(),
            windows.encode("utf-8-sig"),
            windows.encode("utf-16"),
            quoted.encode(),
            b"\n" + answered.encode(),
            text.rstrip("\n").encode(),
        ):
            came.write_bytes(data)
            assert received(came) == sent
    came.write_bytes((filed.folder / "signal.tlog-proof").read_bytes().replace(b"\n", b"\r\n"))
    assert checked(filed, str(came)).json["event"] == filed.event


def test_nothing_that_was_kept_is_replaced(filed: Filed) -> None:
    """Told before the store is looked at, so also where there is none."""
    kept = filed.folder / "signal.tlog-proof"
    before = kept.read_bytes()
    for command in (filed.command, filed.anywhere):
        done = command("receipt", filed.event, "-o", str(kept), "--json")
        assert (done.code, done.json["code"]) == (1, "receipt-exists")
    assert kept.read_bytes() == before
    nowhere = str(filed.folder / "no" / "proof")
    done = filed.command("receipt", filed.event, "-o", nowhere, "--json")
    assert (done.code, done.json["code"]) == (1, "file-unwritable")


def test_of_a_promise_alone_it_is_not_said_that_it_was_kept(filed: Filed) -> None:
    key = ("--promise-key", filed.promise_key)
    done = checked(filed, "promise", *key)
    assert (done.code, done.json["event"], done.json["kept"]) == (0, filed.event, None)
    given = ("receipt", "verify", str(filed.folder / "promise"), "--policy", filed.policy, *key)
    for lang, unchecked, whole in (
        ("en", "Whether the promise was kept was not checked", "This holds."),
        ("nl", "Of de belofte is nagekomen, is niet gecontroleerd", "Dit klopt."),
    ):
        said = filed.anywhere(*given, UITVOERING_LANG=lang).out
        assert unchecked in said
        assert whole not in said


def test_a_promise_of_a_log_that_is_not_in_the_policy_is_refused(filed: Filed) -> None:
    other = new_key("log.example.nl/other", Kind.ED25519).public
    policy = filed.file("elsewhere.txt", f"log {other}\nquorum none\n")
    done = checked(filed, "promise", "--promise-key", filed.promise_key, policy=policy)
    assert (done.code, done.json["code"]) == (1, "log-unnamed")


def test_an_older_log_says_nothing_beside_a_proof_and_alone_that_it_is_not_shown(
    filed: Filed,
) -> None:
    """Signed by the log before the end of the term, and cosigned long after it."""
    witness = new_key("ministry.nl", Kind.COSIGNATURE)
    keys = [file.read_text().strip() for file in sorted(filed.keys.glob("checkpoint-*.pub"))]
    named = [*(f"log {key}" for key in keys), f"witness ministry {witness.public}"]
    policy = filed.file("witnessed.txt", "\n".join([*named, "quorum ministry", ""]))
    proof = proof_of((filed.folder / "signal.tlog-proof").read_bytes())
    older = filed.folder / "older"
    older.mkdir()
    (older / "checkpoint").write_bytes(filed.before)
    checkpoint = checkpoint_of(parsed(filed.before).text)
    later = 4_000_000_000
    with (older / "checkpoint").open("ab") as file:
        file.write(witness.cosignature_line(checkpoint, later).encode())
    given = ("--promise-key", filed.promise_key, "--log", str(older))
    done = checked(filed, "promise", *given, policy=policy)
    assert (done.code, done.json["code"]) == (1, "keeping-unshown")
    line = witness.cosignature_line(proof.checkpoint, 1_795_000_000_000)
    late = filed.folder / "late.tlog-proof"
    late.write_bytes(bytes(replace(proof, note=proof.note + line.encode())))
    both = checked(filed, "promise", *given, "--proof", str(late), policy=policy)
    assert (both.code, both.json["kept"], both.json["in_time"]) == (0, True, False)
    since = checked(filed, "late.tlog-proof", policy=policy)
    assert (since.code, since.json["since"]) == (0, "1795000000000 s")
    assert since.json["unwitnessed"] is False


@pytest.mark.parametrize("odd", ["pipe", "loop", "folder"])
def test_no_file_that_is_given_is_waited_for(filed: Filed, tmp_path: Path, odd: str) -> None:
    given = tmp_path / "given"
    if odd == "pipe":
        os.mkfifo(given)
    elif odd == "loop":
        given.symlink_to(given.name)
    else:
        given.mkdir()
    for done in (
        checked(filed, str(given)),
        checked(filed, "signal.tlog-proof", policy=str(given)),
    ):
        assert (done.code, done.json["code"]) == (1, "file-unreadable")


def test_a_link_of_ones_own_is_followed(filed: Filed, tmp_path: Path) -> None:
    linked = tmp_path / "policy"
    linked.symlink_to(filed.policy)
    assert checked(filed, "signal.tlog-proof", policy=str(linked)).code == 0


def test_a_changed_receipt_is_refused(filed: Filed) -> None:
    proof = (filed.folder / "signal.tlog-proof").read_text()
    lines = proof.splitlines()
    lines[3] = lines[4]
    filed.file("changed", "\n".join(lines) + "\n")
    done = checked(filed, "changed")
    assert (done.code, done.json["code"]) == (3, "inclusion-wrong")
    filed.file("none", "hello\n")
    assert checked(filed, "none").json["code"] == "proof-malformed"
    promise = filed.receipt["promise"].replace("\n60\n", "\n600\n")
    filed.file("longer", promise)
    longer = checked(filed, "longer", "--promise-key", filed.promise_key)
    assert (longer.code, longer.json["code"]) == (3, "signature-wrong")


def test_a_receipt_of_a_log_that_is_not_in_the_policy_is_refused(filed: Filed) -> None:
    other = filed.file("other.txt", f"log {filed.promise_key}\nquorum none\n")
    done = checked(filed, "signal.tlog-proof", policy=other)
    assert (done.code, done.json["code"]) == (1, "log-unsigned")


def test_files_that_are_not_there_are_named(filed: Filed) -> None:
    assert checked(filed, "nowhere").json["code"] == "file-unknown"
    missing = checked(filed, "signal.tlog-proof", policy=str(filed.folder / "no-policy"))
    assert missing.json["code"] == "file-unknown"


def test_of_an_event_that_is_not_there_nothing_is_shown(filed: Filed) -> None:
    done = filed.command("receipt", UNKNOWN, "--json")
    assert (done.code, done.json["code"]) == (1, "event-unknown")


def test_a_store_without_a_log_says_how_to_begin_one(fresh: Command) -> None:
    done = fresh("receipt", UNKNOWN, "--json")
    assert (done.code, done.json["code"]) == (1, "log-missing")


def test_receipts_that_cannot_be_kept_stop_the_filing_before_it_begins(filed: Filed) -> None:
    body = json.dumps(SIGNAL | {"happened_on": "2026-01-07"})
    where = str(filed.folder / "no" / "such" / "folder")
    done = filed.command("record", "signal-hardship", body, "--receipts", where, "--json")
    assert (done.code, done.json["code"]) == (1, "file-unwritable")
    again = filed.command("record", "signal-hardship", body, "--json")
    assert again.json["landed"][0]["recorded"] == 1
    assert len(again.json["landed"][0]["receipts"]) == 1


def test_an_import_keeps_the_receipts_of_every_line(filed: Filed) -> None:
    rows = [
        {"id": f"n{n}", "command": "signal-hardship"} | SIGNAL | {"happened_on": f"2026-02-0{n}"}
        for n in (1, 2)
    ]
    lines = filed.file("lines.jsonl", "\n".join(map(json.dumps, rows)))
    kept = filed.folder / "imported.jsonl"
    done = filed.command("import", lines, "--receipts", str(kept))
    assert done.code == 0, done.err
    assert len(kept.read_text().splitlines()) == 2
    assert "2 receipts kept" in done.out
    assert "not kept" not in filed.command("import", lines).out


def test_who_keeps_no_receipts_is_told_that_openings_are_given_once(filed: Filed) -> None:
    body = json.dumps(SIGNAL | {"happened_on": "2026-01-08"})
    done = filed.command("record", "signal-hardship", body)
    assert "--receipts" in done.out


def test_what_would_not_be_checked_is_not_said_to_hold(filed: Filed) -> None:
    key = ("--promise-key", filed.promise_key)
    text = filed.file("any.txt", TEXT)
    assert checked(filed, "promise", *key, "--text", text, "--opening", "5f" * 32).code == 2
    assert checked(filed, "signal.tlog-proof", *key).code == 2
    assert checked(filed, "signal.tlog-proof", "--text", text).code == 2
    assert checked(filed, "signal.tlog-proof", "--event", filed.event).code == 2
    assert checked(filed, "receipts.jsonl", *key, "--text", text).code == 2
    nowhere = checked(filed, "promise", *key, "--log", str(filed.folder / "nowhere"))
    assert (nowhere.code, nowhere.json["code"]) == (1, "file-unknown")
