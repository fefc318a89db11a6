"""Whoever files holds a promise at once, a proof when it is kept, and what opens his own words."""

import dataclasses
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.application.desk import COUNTER, WORDS, Clock, day, handed_on, raised
from tests.application.logs import ORIGIN, LogOfTest
from uitvoering.application.caller import IdempotencyKey, Outcome
from uitvoering.application.importing import LineOutcome, land_all, land_none_or_all
from uitvoering.application.line_ids import PLAIN
from uitvoering.application.promises import Promises
from uitvoering.application.receipts import (
    LogMissingError,
    NotInTheLogYetError,
    promise_again,
    proof_for,
    with_proofs,
)
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.signal import SignalHardship
from uitvoering.domain.values import Level
from uitvoering.errors import EventUnknownError
from uitvoering.integrity.keys.errors import KeysExposedError
from uitvoering.integrity.log.errors import LedgerDamagedError
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.notes.policy import QuorumMissingError
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.tree.leaf import leaf_of
from uitvoering.integrity.tree.merkle import leaf_hash
from uitvoering.integrity.verify.receipts import (
    check_promise,
    check_proof,
    check_text,
    refuse_unkept,
)
from uitvoering.persistence.sealing import Mark, Place, Sealing
from uitvoering.persistence.store import open_store


@pytest.fixture
def log(tmp_path: Path) -> LogOfTest:
    return LogOfTest.begun(tmp_path / "log")


@pytest.fixture
def logged(app: Uitvoering, log: LogOfTest) -> Uitvoering:
    return dataclasses.replace(app, promises=log.promises())


SIGNAL = SignalHardship(
    happened_on=day("2026-06-01"), statement=WORDS, body="uwv", to=Level.TEAM_LEAD
)


def line_of_import(identifier: str, on: str = "2026-06-01") -> str:
    asked = SIGNAL.model_copy(update={"happened_on": day(on)})
    told = orjson.loads(asked.model_dump_json(exclude_unset=True))
    return orjson.dumps(told | {"id": identifier, "command": "signal-hardship"}).decode()


def filed(app: Uitvoering, idempotency: IdempotencyKey | None = None) -> Outcome:
    return app.handle(SIGNAL, COUNTER, idempotency=idempotency)


def test_every_event_of_a_filing_comes_with_a_promise_of_its_very_leaf(
    logged: Uitvoering, log: LogOfTest, clock: Clock
) -> None:
    outcome = filed(logged)
    assert [receipt.event for receipt in outcome.receipts] == list(outcome.events)
    for receipt in outcome.receipts:
        promise = check_promise(receipt.promise.encode(), log.promise_key.public)
        stored = logged.store.stored(receipt.event)
        assert stored is not None
        assert promise.event_id == receipt.event
        assert promise.leaf_hash == leaf_hash(leaf_of(ORIGIN, stored.topic, stored.state))
        assert promise.at == clock.now


def test_a_term_begins_at_what_the_log_has_stated_where_its_clock_is_ahead(
    logged: Uitvoering, log: LogOfTest, clock: Clock
) -> None:
    """Else any copy of the log from before a filing would show its promise broken."""
    ahead = clock.now + timedelta(minutes=5)
    too_far = int((clock.now + timedelta(hours=2)).timestamp())
    for seconds, begins in (
        (int(ahead.timestamp()), ahead),
        (2**63 - 1, ahead),
        (too_far, clock.now),
    ):
        checkpoint = log.ledger.published().checkpoint
        line = new_key(ORIGIN, Kind.MLDSA44).cosignature_line(checkpoint, seconds)
        log.ledger.checkpoint_file.unlink()
        log.ledger.checkpoint_file.write_bytes(formatted(checkpoint.text, [line]))
        for receipt in filed(logged).receipts:
            promise = check_promise(receipt.promise.encode(), log.promise_key.public)
            assert promise.at == begins


def test_the_promise_is_kept_by_the_proof_and_the_words_open(
    logged: Uitvoering, log: LogOfTest
) -> None:
    outcome = filed(logged)
    (event,) = outcome.events
    assert proof_for(logged, event) is None
    assert with_proofs(logged, outcome) == outcome
    log.carry_on(logged)
    (receipt,) = with_proofs(logged, outcome).receipts
    assert receipt.proof is not None
    assert receipt.proof == proof_for(logged, event)
    promise = check_promise(receipt.promise.encode(), log.promise_key.public)
    refuse_unkept(promise, receipt.proof.encode(), log.policy)
    proved = check_proof(receipt.proof.encode(), log.policy)
    assert proved.leaf["eventId"] == event
    openings = {opening.at: opening.opening for opening in receipt.openings}
    check_text(proved.leaf, WORDS.text or "", openings["/fact/statement/text"])


def test_an_event_names_the_checkpoint_that_its_author_could_have_seen(
    logged: Uitvoering, log: LogOfTest
) -> None:
    raised(logged)
    log.carry_on(logged)
    size, root = log.tiles.size, log.ledger.published().checkpoint.root
    (event,) = filed(logged).events
    found = logged.store.event(event)
    assert found is not None
    assert found[1].proof is not None
    assert (found[1].proof.seen.size, found[1].proof.seen.root) == (size, root.hex())


def test_a_retry_is_answered_with_the_same_receipts(logged: Uitvoering) -> None:
    key = IdempotencyKey("key-1", "fingerprint")
    assert filed(logged, key) == filed(logged, key)


def test_what_follows_from_a_fact_and_what_a_clock_finds_is_provable_too(
    logged: Uitvoering, clock: Clock
) -> None:
    signal = raised(logged)
    logged.handle(handed_on(), COUNTER, subject=signal)
    assert all(event.proof is not None for event in logged.store.facts(signal))


def test_what_opens_the_words_stands_in_no_answer(logged: Uitvoering) -> None:
    signal = raised(logged)
    for event in logged.store.facts(signal):
        assert "proof" not in event.model_dump()
        assert "opening" not in event.model_dump_json()


def test_lines_that_land_all_or_none_are_provable_as_well(logged: Uitvoering) -> None:
    (landed,) = land_none_or_all(logged, [line_of_import("a")], COUNTER, 100_000)
    assert isinstance(landed, LineOutcome), landed
    (receipt,) = landed.receipts
    stored = logged.store.stored(receipt.event)
    assert stored is not None
    assert b'"proof"' in stored.state


def test_without_its_key_events_are_provable_and_nothing_is_promised(
    app: Uitvoering, log: LogOfTest
) -> None:
    logged = dataclasses.replace(app, promises=log.promises(key=False))
    outcome = filed(logged)
    assert outcome.receipts == ()
    with pytest.raises(NotInTheLogYetError):
        promise_again(logged, outcome.events[0])
    log.carry_on(logged)
    assert proof_for(logged, outcome.events[0]) is not None


def test_while_it_waits_an_event_is_promised_again_to_whoever_asks(
    logged: Uitvoering, log: LogOfTest
) -> None:
    outcome = filed(logged)
    key = log.promise_key.public
    promise = check_promise(promise_again(logged, outcome.events[0]).encode(), key)
    first = check_promise(outcome.receipts[0].promise.encode(), key)
    assert promise.leaf_hash == first.leaf_hash


def test_a_store_without_a_log_promises_nothing_and_says_so(app: Uitvoering) -> None:
    outcome = filed(app)
    assert outcome.receipts == ()
    assert with_proofs(app, outcome) == outcome
    with pytest.raises(LogMissingError):
        proof_for(app, outcome.events[0])
    stored = app.store.stored(outcome.events[0])
    assert stored is not None
    assert b'"proof"' not in stored.state


def test_of_an_event_that_is_not_there_nothing_is_proved(logged: Uitvoering) -> None:
    with pytest.raises(EventUnknownError):
        proof_for(logged, "00000000-0000-4000-8000-00000000dead")


def test_a_log_that_is_out_of_reach_stops_no_filing(logged: Uitvoering, log: LogOfTest) -> None:
    log.ledger.checkpoint_file.unlink()
    assert filed(logged).receipts != ()
    log.ledger.checkpoint_file.write_bytes(b"half a checkp")
    assert filed(logged).events != ()


@pytest.mark.parametrize("land", [land_all, land_none_or_all])
def test_no_line_lands_while_its_id_cannot_be_made(land: Any, app: Uitvoering) -> None:
    """A line that landed before would land a second time, under another id."""
    cause = KeysExposedError(path="keys/lines.secret", mode="644", wanted="600")
    blind = dataclasses.replace(app, line_secret=cause)
    (found,) = land(blind, [line_of_import("a")], COUNTER, 100_000)
    assert found.error is cause
    assert filed(blind).events, "who does not choose the id files as ever"


def test_ids_in_the_log_do_not_follow_from_the_words(app: Uitvoering, log: LogOfTest) -> None:
    secret = "5f" * 32
    promises = Promises.of(log.ledger, log.promise_key)
    logged = dataclasses.replace(app, promises=promises, line_secret=secret)
    (before,) = land_all(app, [line_of_import("a")], COUNTER, 100_000)
    (again,) = land_all(logged, [line_of_import("a")], COUNTER, 100_000)
    assert isinstance(before, LineOutcome)
    assert isinstance(again, LineOutcome)
    assert (again.recorded, again.subject) == (0, before.subject), "it landed before the log"
    (first,) = land_all(logged, [line_of_import("b", on="2026-06-02")], COUNTER, 100_000)
    (second,) = land_all(logged, [line_of_import("b", on="2026-06-02")], COUNTER, 100_000)
    assert isinstance(first, LineOutcome)
    assert isinstance(second, LineOutcome)
    assert (first.recorded, second.recorded, second.subject) == (1, 0, first.subject)
    guessed = {PLAIN.event("b"), PLAIN.stream("signals", "b")}
    (event,) = (receipt.event for receipt in first.receipts)
    assert not guessed & {event, first.subject}


def test_a_later_line_finds_what_an_earlier_one_began(app: Uitvoering, log: LogOfTest) -> None:
    promises = Promises.of(log.ledger, log.promise_key)
    logged = dataclasses.replace(app, promises=promises, line_secret="5f" * 32)
    on = '{"id":"c","command":"hand-on","subject":"a","happened_on":"2026-06-03","to":"department"}'
    (began,) = land_all(app, [line_of_import("a")], COUNTER, 100_000)
    (found,) = land_all(logged, [on], COUNTER, 100_000)
    assert isinstance(began, LineOutcome)
    assert isinstance(found, LineOutcome), found
    assert found.subject == began.subject


def test_a_proof_that_is_waited_for_has_the_cosignatures_that_the_policy_asks_for(
    logged: Uitvoering, log: LogOfTest
) -> None:
    witness = new_key("ministry.nl", Kind.COSIGNATURE)
    text = f"log {log.key.public}\nwitness ministry {witness.public}\nquorum ministry\n"
    log.ledger.policy.write_text(text)
    (event,) = filed(logged).events
    log.carry_on(logged)
    early = proof_for(logged, event)
    assert early is not None
    with pytest.raises(QuorumMissingError):
        check_proof(early.encode(), policy_of(text.encode()))
    assert proof_for(logged, event, final=True) is None
    published = log.ledger.published()
    line = witness.cosignature_line(published.checkpoint, 1)
    log.ledger.cosigned_file.write_bytes(published.note + line.encode())
    proof = proof_for(logged, event, final=True)
    assert proof is not None
    assert check_proof(proof.encode(), policy_of(text.encode())).leaf["eventId"] == event
    assert proof_for(logged, event) == proof


def test_the_promises_of_an_import_begin_when_it_is_recorded(
    logged: Uitvoering, log: LogOfTest, clock: Clock
) -> None:
    def slow() -> Iterator[str]:
        for name in ("a", "b"):
            clock.now += timedelta(minutes=2)
            yield line_of_import(name)

    for row in land_none_or_all(logged, slow(), COUNTER, 100_000):
        assert isinstance(row, LineOutcome)
        for receipt in row.receipts:
            promise = check_promise(receipt.promise.encode(), log.promise_key.public)
            assert promise.at == clock.now


def test_where_positions_point_at_another_event_nothing_is_proved(
    logged: Uitvoering, log: LogOfTest
) -> None:
    (event,) = filed(logged).events
    filed_later = raised(logged)
    log.carry_on(logged)
    file = log.ledger.directory / "positions"
    numbers = file.read_bytes()
    file.write_bytes(bytes(8) + numbers[:-8])
    assert filed_later
    with pytest.raises(LedgerDamagedError):
        proof_for(logged, event)


def test_a_promise_is_made_over_the_bytes_as_they_are_sealed(
    seeded_url: str, log: LogOfTest, clock: Clock
) -> None:
    def seal(_: Place, __: Mark, ___: str | None, text: str) -> str:
        return secrets.token_hex(8) + text[::-1]

    def unseal(_: Place, text: str) -> str:
        return text[16:][::-1]

    with closing(open_store(seeded_url, Sealing(seal, unseal))) as store:
        # What was recorded before is open: only what is filed here is sealed.
        app = Uitvoering(store=store, clock=clock, promises=log.promises())
        (receipt,) = filed(app).receipts
        stored = store.stored(receipt.event)
        assert stored is not None
        assert (WORDS.text or "").encode() not in stored.state
        leaf = leaf_of(ORIGIN, stored.topic, stored.state)
        promise = check_promise(receipt.promise.encode(), log.promise_key.public)
        assert promise.leaf_hash == leaf_hash(leaf)
        openings = {opening.at: opening.opening for opening in receipt.openings}
        check_text(orjson.loads(leaf), WORDS.text or "", openings["/fact/statement/text"])
