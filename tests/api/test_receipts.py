"""Whoever files gets a receipt: at once a promise, and without an account the proof."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import LOG, SIGNAL, STATEMENT, Caller, Running, serving
from tests.faults.promises import until
from uitvoering import wiring
from uitvoering.domain.values import Level, Role
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.notes.policy import Policy, unwitnessed_policy
from uitvoering.integrity.verify.receipts import (
    check_promise,
    check_proof,
    check_text,
    refuse_unkept,
)

UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def logged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("logged")
    if request.param == "sqlite":
        with serving(f"sqlite:///{folder / 'store.db'}", folder) as found:
            yield found
    else:
        server = request.getfixturevalue("postgres_server")
        with server.database() as url, serving(url, folder) as found:
            yield found


@contextmanager
def followed(running: Running) -> Iterator[None]:
    """By a sequencer, as `ledger follow` does in a process of its own."""
    stopped = threading.Event()
    again: list[UitvoeringError] = []
    with wiring.sequencing(running.settings, again.append) as work:
        thread = threading.Thread(target=work.follow, args=(stopped, lambda _: None))
        thread.start()
        try:
            store, ledger = running.app.store, work.ledger
            until(lambda: ledger.published().checkpoint.size == store.count(2**53))
            yield
        finally:
            stopped.set()
            thread.join()
    assert again == []


def caught_up(running: Running) -> None:
    with wiring.sequencing(running.settings, lambda _: None) as work:
        work.once()


@pytest.fixture
def reporter(logged: Running) -> Caller:
    return logged.caller("uwv", Level.FRONTLINE, Role.REPORTER, Role.LINE)


def policy(running: Running) -> Policy:
    keys = key_files.signing_keys(Path(running.settings.keys), LOG)
    return unwitnessed_policy([key.public for key in keys])


def filed(reporter: Caller, query: str = "?receipt=promise") -> dict[str, Any]:
    answer = reporter.post(f"/api/v1/signals{query}", SIGNAL)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_filing_is_answered_with_a_signed_promise(logged: Running, reporter: Caller) -> None:
    (receipt,) = filed(reporter)["receipts"]
    key = key_files.promise_key(Path(logged.settings.keys), LOG)
    assert key is not None
    promise = check_promise(receipt["promise"].encode(), key.public)
    assert promise.event_id == receipt["event"]
    assert receipt["proof"] is None


def test_until_it_is_in_the_log_the_answer_is_a_promise_and_then_the_proof(
    logged: Running, reporter: Caller
) -> None:
    (receipt,) = filed(reporter)["receipts"]
    path = f"/api/v1/receipts/{receipt['event']}"
    nobody = Caller(logged.client)
    early = nobody.get(path)
    assert early.status_code == 202
    assert early.text.startswith("uitvoering-promise/v1\n")
    caught_up(logged)
    proof = nobody.get(path)
    assert (proof.status_code, proof.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    proved = check_proof(proof.content, policy(logged))
    assert proved.leaf["eventId"] == receipt["event"]
    key = key_files.promise_key(Path(logged.settings.keys), LOG)
    assert key is not None
    refuse_unkept(
        check_promise(receipt["promise"].encode(), key.public), proof.content, policy(logged)
    )
    opening = next(o for o in receipt["openings"] if o["at"] == "/fact/statement/text")
    check_text(proved.leaf, str(STATEMENT["text"]), opening["opening"])


def test_a_reporter_waits_for_the_proof_unless_told_otherwise(
    logged: Running, reporter: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uitvoering.api.receipts._UNASKED_SECONDS", 30.0)
    with followed(logged):
        (receipt,) = filed(reporter, "")["receipts"]
        assert check_proof(receipt["proof"].encode(), policy(logged)).leaf["eventId"]
        (asked,) = filed(reporter, "?receipt=wait")["receipts"]
        assert asked["proof"] is not None


def test_a_sequencer_that_stands_still_holds_up_no_filing(
    logged: Running, reporter: Caller
) -> None:
    begun = time.monotonic()
    answer = filed(reporter, "")
    assert answer["receipts"][0]["proof"] is None
    assert time.monotonic() - begun < 20


def test_an_act_on_a_signal_is_promised_too_and_waits_only_when_asked(
    logged: Running, reporter: Caller
) -> None:
    with followed(logged):
        signal = filed(reporter)["id"]
        act = {"happenedOn": "2026-01-06"}
        lead = logged.caller("uwv", Level.TEAM_LEAD, Role.LINE)
        path = f"/api/v1/signals/{signal}/acknowledgements"
        version = lead.get(f"/api/v1/signals/{signal}").headers["etag"]
        answer = lead.post(f"{path}?receipt=wait", act, **{"If-Match": version})
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"]
        assert answer.json()["receipts"][0]["proof"] is not None


def test_what_opens_the_words_is_in_no_other_answer(logged: Running, reporter: Caller) -> None:
    found = filed(reporter)
    secret = found["receipts"][0]["openings"][0]["opening"]
    for path in (f"/signals/{found['id']}/history", "/events", f"/signals/{found['id']}"):
        answer = reporter.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        assert secret not in answer.text
        assert "commits" not in answer.text
    assert secret not in Caller(logged.client).get(f"/api/v1/receipts/{found['events'][0]}").text


def test_of_an_unknown_event_there_is_no_receipt(logged: Running) -> None:
    answer = Caller(logged.client).get(f"/api/v1/receipts/{UNKNOWN}")
    assert (answer.status_code, answer.json()["code"]) == (404, "event-unknown")


def test_without_a_log_nobody_is_promised_anything(running: Running, floor: Caller) -> None:
    answer = floor.post("/api/v1/signals", SIGNAL)
    assert answer.json()["receipts"] == []
    refused = floor.post("/api/v1/signals?receipt=wait", SIGNAL)
    assert (refused.status_code, refused.json()["code"]) == (404, "log-missing")
    event = answer.json()["events"][0]
    none = Caller(running.client).get(f"/api/v1/receipts/{event}")
    assert (none.status_code, none.json()["code"]) == (404, "log-missing")


@pytest.mark.parametrize("asked", ["maybe", "", "wait&receipt=wait"])
def test_a_receipt_is_asked_for_in_two_ways_only(reporter: Caller, asked: str) -> None:
    answer = reporter.post(f"/api/v1/signals?receipt={asked}", SIGNAL)
    assert answer.status_code == 400


@pytest.mark.parametrize("part", ["positions", "public/checkpoint"])
def test_a_damaged_log_turns_no_filing_into_a_failure(
    logged: Running, reporter: Caller, part: str
) -> None:
    file = Path(logged.settings.ledger) / part
    whole = file.read_bytes()
    file.unlink()
    try:
        (receipt,) = filed(reporter, "?receipt=promise")["receipts"]
        (waited,) = filed(reporter, "")["receipts"]
    finally:
        file.write_bytes(whole)
    assert receipt["promise"]
    assert (bool(waited["promise"]), waited["proof"]) == (True, None)
