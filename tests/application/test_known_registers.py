"""Registers are kept in memory, and nothing stale decides: whoever changed them, and when."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.application.desk import (
    COUNTER,
    OMBUDSMAN,
    REGISTRAR,
    TEAM_LEAD,
    TODAY,
    WORDS,
    Clock,
    day,
    facts,
    handed_on,
    raised,
)
from tests.application.test_contention import Interfering, at_once, behind
from tests.persistence import processes
from uitvoering.application.known_registers import KnownRegisters
from uitvoering.application.reactions import owed_answer_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.audit import IssueFinding
from uitvoering.commands.registers import AdoptPolicy, RegisterOrganisation, SetRoute
from uitvoering.commands.signal import AcknowledgeSignal, Restate, SignalHardship
from uitvoering.domain.acts import Source
from uitvoering.domain.events.registers import Form, PolicyName, PolicyUnit
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.refusals_of_signals import LevelNotOnRouteError
from uitvoering.domain.values import Level
from uitvoering.errors import OrganisationUnknownError
from uitvoering.persistence import recorder
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.store import Store, open_store
from uitvoering.projections import registers
from uitvoering.projections.registers import OrganisationDocument

SOURCE = Source(title="Besluit")


@pytest.fixture
def elsewhere(seeded_url: str, clock: Clock) -> Iterator[Uitvoering]:
    """The same store behind another application: what a second process is to the first."""
    with closing(open_store(seeded_url)) as store:
        yield Uitvoering(store=store, clock=clock)


def body(code: str) -> RegisterOrganisation:
    return RegisterOrganisation.model_validate(
        {
            "happened_on": "2026-06-01",
            "organisation": code,
            "name": "Een nieuw orgaan",
            "form": Form.ZBO,
            "route": "zbo",
            "in_force_from": "2026-01-01",
            "source": SOURCE,
        }
    )


def response_in(months: int) -> AdoptPolicy:
    return AdoptPolicy.model_validate(
        {
            "happened_on": "2026-06-01",
            "name": PolicyName.RESPONSE_MONTHS,
            "value": months,
            "unit": PolicyUnit.MONTHS,
            "in_force_from": "2026-01-01",
            "source": SOURCE,
        }
    )


def without_team_lead() -> SetRoute:
    levels = (Level.FRONTLINE, Level.DEPARTMENT, Level.BOARD, Level.MINISTER, Level.PARLIAMENT)
    return SetRoute(
        happened_on=day("2026-06-01"),
        route="zbo",
        levels=levels,
        in_force_from=day("2026-01-01"),
        source=SOURCE,
    )


def register_body(url: str, code: str) -> None:
    """What the other process does."""
    with closing(open_store(url)) as store:
        Uitvoering(store=store, clock=lambda: TODAY).handle(body(code), REGISTRAR)


def response_due(app: Uitvoering) -> str:
    """The day an answer to a finding of today falls due."""
    found = IssueFinding(happened_on=day("2026-06-01"), statement=WORDS, about=raised(app))
    issued = app.handle(found, OMBUDSMAN)
    (finding,) = (
        event for event in app.store.facts(issued.id) if event.fact.TOPIC == "finding-issued"
    )
    (due,) = facts(app, owed_answer_id(finding.event_id), "response-fell-due")
    return str(due.due_on)


def test_a_body_registered_elsewhere_can_be_named_in_the_next_command(
    app: Uitvoering, elsewhere: Uitvoering
) -> None:
    with pytest.raises(OrganisationUnknownError):
        raised(app, body="nieuw")
    elsewhere.handle(body("nieuw"), REGISTRAR)
    assert app.version("signals", raised(app, body="nieuw")) == 2


def test_a_body_registered_by_another_process_can_be_named_at_once(
    app: Uitvoering, seeded_url: str
) -> None:
    raised(app)
    assert processes.finish([processes.start(register_body, seeded_url, "nieuw")]) == [0]
    raised(app, body="nieuw")


def test_a_term_adopted_here_or_elsewhere_is_counted_with_at_once(
    app: Uitvoering, elsewhere: Uitvoering
) -> None:
    before = response_due(app)
    app.handle(response_in(1), REGISTRAR)
    assert response_due(app) == "2026-07-01" != before
    elsewhere.handle(response_in(2), REGISTRAR)
    assert response_due(app) == "2026-08-01"


def test_a_decision_made_again_counts_with_the_route_adopted_meanwhile(
    app: Uitvoering, elsewhere: Uitvoering
) -> None:
    signal = raised(app)

    def someone_else() -> None:
        elsewhere.handle(without_team_lead(), REGISTRAR)
        done = AcknowledgeSignal(happened_on=day("2026-06-02"))
        elsewhere.handle(done, TEAM_LEAD, subject=signal)

    late = behind(app, Interfering(app, someone_else))
    restated = Restate(happened_on=day("2026-06-03"), to=Level.DEPARTMENT, statement=WORDS)
    with pytest.raises(LevelNotOnRouteError):
        late.handle(restated, TEAM_LEAD, subject=signal)


def test_eight_at_once_after_a_change_all_know_it(app: Uitvoering, elsewhere: Uitvoering) -> None:
    raised(app)
    elsewhere.handle(body("nieuw"), REGISTRAR)
    assert all(isinstance(signal, str) for signal in at_once(lambda _: raised(app, body="nieuw")))


class Hiding:
    """A store in which one fact becomes visible later than one recorded after it."""

    def __init__(self, store: Store, organisation: str) -> None:
        self._store = store
        self._hidden: str | None = organisation

    def reveal(self) -> None:
        self._hidden = None

    def facts_of(self, topics: frozenset[str], after: int = 0) -> list[tuple[int, AnyRecorded]]:
        found = self._store.facts_of(topics, after)
        return [row for row in found if getattr(row[1].fact, "organisation", "") != self._hidden]

    def count_of(self, topics: frozenset[str]) -> int:
        return len(self.facts_of(topics))


def test_a_writer_that_commits_after_a_later_position_is_not_overlooked(app: Uitvoering) -> None:
    app.handle(body("eerst"), REGISTRAR)
    app.handle(body("later"), REGISTRAR)
    hiding: Any = Hiding(app.store, "eerst")
    known = KnownRegisters(hiding)
    assert known.now().documents.get(OrganisationDocument, "eerst") is None
    assert known.now().documents.get(OrganisationDocument, "later") is not None
    hiding.reveal()
    documents = known.now().documents
    assert documents.get(OrganisationDocument, "eerst") is not None
    assert len(list(documents.all(OrganisationDocument))) == len(
        list(app.context().documents.all(OrganisationDocument))
    )


def test_a_row_is_folded_on_once_and_as_a_replay_would(app: Uitvoering) -> None:
    app.context()
    app.handle(body("nieuw"), REGISTRAR)
    app.handle(response_in(1), REGISTRAR)
    replayed = app.reading.replayed(app.reading.moment())
    for kind in (OrganisationDocument, registers.PolicyDocument, registers.RouteDocument):
        assert list(app.context().documents.all(kind)) == list(replayed.all(kind))
    assert app.context().terms == registers.terms(replayed)


def test_an_answer_already_given_is_not_changed_by_what_is_adopted_later(app: Uitvoering) -> None:
    before = app.context()
    app.handle(body("nieuw"), REGISTRAR)
    with pytest.raises(OrganisationUnknownError):
        before.organisation("nieuw")


def test_filing_a_signal_reads_no_stored_view_and_no_stream(
    app: Uitvoering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would be as slow as the slowest view, and slower the more there is in the store."""

    def read(*_: Any, **__: Any) -> Any:
        raise AssertionError("nothing of this is needed to file a signal")

    for name in ("views", "facts", "stream", "event", "position"):
        monkeypatch.setattr(Store, name, read)
    command = SignalHardship(happened_on=day("2026-06-01"), statement=WORDS, body="uwv")
    assert app.handle(command, COUNTER).version == 2


def test_passing_a_signal_on_waits_for_no_stored_view(
    app: Uitvoering, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal = raised(app)

    def read(*_: Any, **__: Any) -> Any:
        raise AssertionError("a line is known from the registers alone")

    monkeypatch.setattr(Store, "views", read)
    assert app.handle(handed_on(), TEAM_LEAD, subject=signal).version == 3


def test_whether_the_registers_changed_is_asked_of_an_index(seeded_url: str) -> None:
    """A topic the index does not know would cost a look at every event, for every command."""
    opened = open_recorder(seeded_url)
    topics = recorder._listed(registers.TOPICS)  # noqa: SLF001 the very text that is asked
    explain = "EXPLAIN QUERY PLAN " if seeded_url.startswith("sqlite") else "EXPLAIN "
    with closing(opened), opened.reading() as statements:
        if not seeded_url.startswith("sqlite"):
            statements.execute("SET LOCAL enable_seqscan = off")  # so few rows need no index
        for statement, values in ((recorder._COUNT, ()), (recorder._OF_TOPICS, (0,))):  # noqa: SLF001 as above
            rows = statements.all(explain + statement.format(topics=topics), values)
            assert "event_of_registers" in str(rows)
