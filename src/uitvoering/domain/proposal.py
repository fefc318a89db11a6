"""Which versions does a bill, decree or measure have, and is a retest due (voorstel, versie)?"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded, Saying, saying
from uitvoering.domain.events.proposal import (
    EnteredIntoForce,
    EntryIntoForceSet,
    ProposalAmended,
    ProposalFact,
    ProposalRegistered,
    RetestFellDue,
    RetestLapsed,
    VersionAdded,
    VersionKind,
    VersionWithdrawn,
)
from uitvoering.domain.refusals_of_policies import (
    AmendmentAfterEntryError,
    ProposalAlreadyRegisteredError,
    ProposalInForceError,
    ProposalVersionTakenError,
    ProposalVersionWithdrawnError,
)
from uitvoering.domain.values import Level, Statement
from uitvoering.errors import (
    ProposalVersionUnknownError,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    id: str
    version: int = 0
    said: frozenset[Saying] = frozenset()
    title: str = ""
    versions: tuple[str, ...] = ()
    """Names in the order they were added; a withdrawn version keeps its name."""
    withdrawn: frozenset[str] = frozenset()
    amended: tuple[tuple[date, str], ...] = ()
    """Material amendments: the day, and the version it led to."""
    retests_due: tuple[str, ...] = ()
    """Versions that are to be tested again, in the order the retests fell due."""
    retests_lapsed: frozenset[str] = frozenset()
    entry_on: date | None = None
    """The day of entry last set; only `entered_on` says that it came."""
    entered_on: date | None = None

    def add_version(
        self, act: Act, *, version: str, kind: VersionKind, locator: str | None
    ) -> tuple[Fact, ...]:
        fact = VersionAdded(version=version, kind=kind, locator=locator)
        if saying(fact, act) in self.said:
            return ()
        if version in self.versions:
            raise ProposalVersionTakenError(version=version, known=self.versions)
        return (fact,)

    def withdraw_version(self, act: Act, *, version: str, reason: str | None) -> tuple[Fact, ...]:
        fact = VersionWithdrawn(version=version, reason=reason)
        if saying(fact, act) in self.said:
            return ()
        self._refuse_unless_standing(version)
        return (fact,)

    def amend(
        self, act: Act, *, version: str, material: bool, summary: str, tested: bool
    ) -> tuple[Fact, ...]:
        """Lead to a version; `tested`: a test was concluded, so a material change needs another."""
        fact = ProposalAmended(version=version, material=material, summary=summary)
        if saying(fact, act) in self.said:
            return ()
        if self.entered_on is not None:
            raise AmendmentAfterEntryError(entered_on=self.entered_on)
        self._refuse_unless_standing(version)
        if material and tested and version not in self.retests_due:
            return (fact, RetestFellDue(version=version))
        return (fact,)

    def set_entry_into_force(self, act: Act, *, entry_on: date) -> tuple[Fact, ...]:
        """Set the day foreseen; the last one set counts."""
        fact = EntryIntoForceSet(entry_on=entry_on)
        return () if saying(fact, act) in self.said else (fact,)

    def enter_into_force(
        self, act: Act, *, statement: Statement | None, to: Level | None
    ) -> tuple[Fact, ...]:
        """Enter whatever is open: advice is never a gate (DOMAIN, principle 3)."""
        fact = EnteredIntoForce(statement=statement, to=to)
        if saying(fact, act) in self.said:
            return ()
        # A public source may tell of parts that entered into force on other days.
        if self.entered_on is not None and act.source is None:
            raise ProposalInForceError(entered_on=self.entered_on)
        return (fact,)

    def retests_overlooked(self, concluded: tuple[date, ...]) -> tuple[tuple[date, Fact], ...]:
        """Retests that fell due on a conclusion not yet known when the amendment was recorded."""
        return tuple(
            (on, RetestFellDue(version=version))
            for on, version in self.amended
            if version not in self.retests_due and any(day <= on for day in concluded)
        )

    def retest_lapses(self, retested: frozenset[str]) -> tuple[Fact, ...]:
        """Return, once in force, each due retest of a version not in `retested`; each once."""
        if self.entered_on is None:
            return ()
        return tuple(
            RetestLapsed(version=version, entered_on=self.entered_on)
            for version in self.retests_due
            if version not in retested | self.retests_lapsed
        )

    def _refuse_unless_standing(self, version: str) -> None:
        if version not in self.versions:
            raise ProposalVersionUnknownError(
                proposal=self.id, version=version, known=self.versions
            )
        if version in self.withdrawn:
            raise ProposalVersionWithdrawnError(version=version)


def register(
    state: Proposal | None, act: Act, *, title: str, locator: str | None
) -> tuple[Fact, ...]:
    fact = ProposalRegistered(title=title, locator=locator)
    if state is None:
        return (fact,)
    if saying(fact, act) in state.said:
        return ()
    raise ProposalAlreadyRegisteredError(title=state.title)


def evolve(state: Proposal | None, event: Recorded[Any]) -> Proposal:
    fact: ProposalFact = event.fact
    before = state or Proposal(id=event.originator_id)
    after = replace(
        before, version=event.originator_version, said=before.said | {saying(fact, event)}
    )
    match fact:
        case ProposalRegistered():
            return replace(after, title=fact.title)
        case VersionAdded():
            return replace(after, versions=(*after.versions, fact.version))
        case VersionWithdrawn():
            return replace(after, withdrawn=after.withdrawn | {fact.version})
        case ProposalAmended():
            changed = ((event.happened_on, fact.version),) if fact.material else ()
            return replace(after, amended=(*after.amended, *changed))
        case RetestFellDue():
            return replace(after, retests_due=(*after.retests_due, fact.version))
        case RetestLapsed():
            return replace(after, retests_lapsed=after.retests_lapsed | {fact.version})
        case EntryIntoForceSet():
            return replace(after, entry_on=fact.entry_on)
        case EnteredIntoForce():
            first = min(after.entered_on or event.happened_on, event.happened_on)
            return replace(after, entered_on=first)
        case _:
            assert_never(fact)
