"""What a history needs and no source tells: a route, a bill, a journey, a test, a matter.

All of it stands from the first day of the case on both clocks, so that an early moment shows the
facts that were known then and not the order in which the file tells them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from uitvoering.application.caller import Caller
from uitvoering.application.identity import derived_event_id, derived_id
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import Case, CaseFact
from uitvoering.cases.streams import TEST_KINDS, Streams
from uitvoering.cases.telling import code, implied, known_at
from uitvoering.commands.command import Command
from uitvoering.commands.implementation_test import RequestTest
from uitvoering.commands.journey import StartJourney
from uitvoering.commands.proposal import AddVersion, RegisterProposal
from uitvoering.commands.registers import RegisterOrganisation, SetRoute
from uitvoering.commands.signal import SignalHardship
from uitvoering.domain.acts import Source
from uitvoering.domain.events.implementation_test import TestKind
from uitvoering.domain.events.proposal import VersionKind
from uitvoering.domain.events.registers import Form
from uitvoering.domain.values import Level, Role, Statement, StatementField, Way

_ALL_BUT_ADMINISTRATOR = frozenset(Role) - {Role.ADMINISTRATOR}
_JOURNEY_KINDS = frozenset({"phase-entered", "evaluation-lapsed"})
VERSION = "1"
"""A case is about one version of one bill, decree or measure."""


@dataclass(frozen=True)
class Frame:
    """Set up before the first fact; a test or a matter only when a fact turns out to need it."""

    app: Uitvoering
    case: Case
    streams: Streams

    @property
    def proposal(self) -> str:
        return self.streams.stream_id("proposal", 0)

    @property
    def journey(self) -> str:
        return self.streams.stream_id("journey", 0)

    def set_up(self) -> None:
        first = self.case.told[0]
        kinds = {fact.kind for fact in self.case.told}
        bill = bool(kinds & {*TEST_KINDS, "entered-into-force"})
        self._register(implied(first, self.case)["happened_on"])
        told = implied(first, self.case)
        if bill:
            title = self.case.title_nl[:200]
            self._tell(RegisterProposal(title=title, **told), first, self.proposal)
            version = AddVersion(version=VERSION, kind=VersionKind.CONCEPT, **told)
            self._tell(version, first, self.proposal)
        if kinds & _JOURNEY_KINDS:
            proposal = self.proposal if bill else None
            start = StartJourney(title=self.case.title_nl[:200], proposal=proposal, **told)
            self._tell(start, first, self.journey)

    def _register(self, since: Any) -> None:
        source = Source(title=self.case.title_nl[:200])
        line = {entry.level for entry in self.case.levels if entry.level.way is Way.LINE}
        line = line or {Level.PARLIAMENT}  # every route ends there, also of a case beside the line
        body = code(self.case.case)
        commands: Iterable[Command] = (
            SetRoute(
                happened_on=since,
                route=body,
                levels=tuple(sorted(line, key=lambda level: level.rank or 0)),
                in_force_from=since,
                source=source,
            ),
            RegisterOrganisation(
                happened_on=since,
                organisation=body,
                name_of_organisation=self.case.organisation[:200],
                form=Form.DIENST,
                route=body,
                in_force_from=since,
                source=source,
            ),
        )
        for command in commands:
            registrar = self.caller(self.case.levels[0].id)
            at = known_at(self.case)
            first = derived_event_id(at, "case", self.case.case, command.name())
            self.app.handle(command, registrar, recorded_at=at, first_event=first)

    def matter(self, fact: CaseFact) -> str:
        """The matter of a case that tells no signal yet: its title, so that acts have a place."""
        stream = self.streams.stream_id("signal", 0)
        if self.streams.implied_signal is not None:
            return stream
        text = Statement(text=self.case.title_nl, coded=(StatementField.TEXT,))
        told = implied(fact, self.case)
        self._tell(SignalHardship(statement=text, body=code(self.case.case), **told), fact, stream)
        self.streams.implied_signal = stream
        self.streams.implied_origin = self.app.store.facts(stream, until=1)[0].event_id
        return stream

    def test(self, fact: CaseFact) -> str:
        """The request that a source need not tell: someone tested, so there was a test."""
        stream = self.streams.stream_id("test-by-" + fact.by, 0)
        told = implied(fact, self.case)
        self._tell(self.request(fact, fact.by).model_copy(update=told), fact, stream)
        self.streams.tests.append((stream, fact.by))
        return stream

    def request(self, fact: CaseFact, tester: str, **told: Any) -> RequestTest:
        return RequestTest(
            proposal=self.proposal,
            proposal_version=VERSION,
            kind=fact.test_kind or TestKind.UITVOERINGSTOETS,
            template="publieke-bron",
            tester=self.tester(tester),
            to=self.streams.level(tester),
            **(implied(fact, self.case) | told),
        )

    def tester_of(self, request: CaseFact) -> str:
        """Whom a test was requested of; where the file leaves it open, who tested after it."""
        later = [
            fact
            for fact in self.case.told
            if fact.kind in TEST_KINDS - {"test-requested"}
            and fact.counts_from >= request.counts_from
        ]
        named = [fact for fact in later if request.n in {fact.answers, fact.compares_with}]
        testers = [fact.by for fact in (*named, *later)]
        return request.to or next(iter(testers), request.by)

    def caller(self, level_id: str, tester: str | None = None) -> Caller:
        """Each level acts for the case's body, outside bodies for themselves; never a person."""
        outside = self.streams.outside(level_id)
        body = code(self.case.case, level_id) if outside else code(self.case.case)
        return Caller(
            organisation=self.tester(tester) if tester else body,
            level=self.case.level(level_id).level,
            roles=_ALL_BUT_ADMINISTRATOR,
            pseudonym=derived_id("case", self.case.case, level_id),
        )

    def tester(self, level_id: str) -> str:
        """A tester is a body of its own, so that it is never the requester's."""
        return code(self.case.case, "toets", level_id)

    def _tell(self, command: Command, fact: CaseFact, stream: str) -> None:
        at = known_at(self.case)
        first = derived_event_id(at, "case", stream, command.name())
        self.app.handle(
            command, self.caller(fact.by), subject=stream, recorded_at=at, first_event=first
        )
