"""For another body a confidential matter is nowhere: no row, no id, no refusal of its own."""

from typing import Any

import pytest

from tests.api.conftest import STATEMENT, Caller, Running
from uitvoering.api.reads import READS
from uitvoering.domain.values import Level, Role

HIDDEN_WORDS = "Alleen voor ons eigen huis."
ABSENT = "00000000-0000-4000-8000-00000000dead"
DAY = {"happenedOn": "2026-01-06"}


def act(caller: Caller, path: str, what: str, body: dict[str, Any]) -> Any:
    tag = caller.get(path).headers["ETag"]
    return caller.post(f"{path}/{what}", DAY | body, **{"If-Match": tag})


@pytest.mark.parametrize("regime", ["confidential", "wbk"])
def test_no_list_feed_or_history_tells_another_body(running: Running, regime: str) -> None:
    roles = (Role.REPORTER, Role.LINE, Role.JOURNEY_TEAM, Role.REQUESTER)
    own = running.caller("uwv", Level.FRONTLINE, *roles)
    stranger = running.caller("svb", Level.DIRECTORATE, *roles)
    since = running.app.store.position()
    hidden = own.signal(
        regime=regime, theme=HIDDEN_WORDS, statement=STATEMENT | {"text": HIDDEN_WORDS}
    )
    subject = hidden.rpartition("/")[2]
    merged, divided = own.signal(), own.signal()
    other = own.signal().rpartition("/")[2]
    journey = own.post("/api/v1/policy-journeys", DAY | {"title": "Schulden"})
    assert journey.status_code == 201, journey.text
    places = [merged, divided, journey.headers["Location"]]
    for path, what, body in (
        (merged, "mergers", {"into": subject}),
        (divided, "splits", {"into": [subject, other]}),
        (places[2], "signals", {"signal": subject}),
    ):
        assert act(own, path, what, body).status_code == 201
    auditor = running.caller("ar", Level.AUDITOR, Role.AUDITOR)
    finding = auditor.post(
        "/api/v1/findings",
        DAY
        | {"mandate": "own-mandate", "about": subject, "to": "minister"}
        | {"theme": HIDDEN_WORDS, "statement": STATEMENT | {"text": HIDDEN_WORDS}},
    )
    assert finding.status_code == 201, finding.text
    reads = [f"/api/v1{read.path}" for read in READS if "{id}" not in read.path]
    reads += [f"/api/v1/{kind}" for kind in ("signals", "findings", "follow-ups")]
    reads += [f"{path}{rest}" for path in places for rest in ("", "/history")]
    reads += ["/api/v1/policy-journeys", f"{merged}/mergers", f"{divided}/splits"]
    reads += [f"/api/v1/events?after={since}", f"{places[2]}/signals"]
    for read in reads:
        answer = stranger.get(f"{read}{'&' if '?' in read else '?'}pageSize=200")
        if answer.status_code == 400:  # one thing has no pages
            answer = stranger.get(read)
        assert answer.status_code == 200, answer.text
        assert subject not in answer.text, read
        assert HIDDEN_WORDS not in answer.text, read
    assert subject in own.get(merged).text


def test_a_reference_to_what_is_hidden_is_refused_as_to_what_is_not_there(
    running: Running, floor: Caller
) -> None:
    hidden = floor.signal(regime="confidential").rpartition("/")[2]
    stranger = running.caller("svb", Level.FRONTLINE, Role.REPORTER, Role.LINE)
    own = stranger.signal(body="svb")
    for what, named in (("mergers", "{}"), ("splits", ["{}", own.rpartition("/")[2]])):
        answers = []
        for subject in (hidden, ABSENT):
            into = (
                named.format(subject)
                if isinstance(named, str)
                else [part.format(subject) for part in named]
            )
            refused = act(stranger, own, what, {"into": into})
            answers.append((refused.status_code, refused.json()["code"]))
        assert answers == [(404, "subject-unknown")] * 2
