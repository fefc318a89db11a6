"""Which stream is a fact of a case in? That of what it answers or weighs, else of who holds it."""

from dataclasses import dataclass, field

from uitvoering.application.identity import derived_id
from uitvoering.application.reactions import owed_answer_id
from uitvoering.cases.answers import follows
from uitvoering.cases.case import Case, CaseFact
from uitvoering.domain.values import Level, Way

SIGNAL_KINDS = frozenset(
    {
        "signalled",
        "handed-on",
        "restated",
        "held-back",
        "hand-on-lapsed",
        "cited",
        "citation-dropped",
        "withheld-passages",
        "measure-decided",
        "measure-in-effect",
        "advice-asked",
        "advice-given",
        "disclosed",
        "contradiction-filed",
    }
)
TEST_KINDS = frozenset(
    {"test-requested", "verdict-given", "condition-stated", "recommendation-made"}
)
_KEEPS = frozenset({"held-back", "hand-on-lapsed"})
"""Whoever it was meant for did not get it."""


@dataclass
class Streams:
    """Filled fact by fact while a case is loaded; ids follow from the case and the number."""

    case: Case
    prefix: str
    """Sets loads apart: the same file in the same store gives the same ids."""
    of: dict[int, str] = field(default_factory=dict[int, str])
    """Fact number to the stream it was recorded in."""
    event_of: dict[int, str] = field(default_factory=dict[int, str])
    """Fact number to the event that says it."""
    signals: list[str] = field(default_factory=list[str])
    """Those the case tells; the one it only implies is `implied_signal`."""
    implied_signal: str | None = None
    implied_origin: str = ""
    """The event that raised it; empty as long as there is none."""
    tests: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Stream and the level id that tests."""
    holders: dict[str, str] = field(default_factory=dict[str, str])
    """Level id to the signal it last raised or received."""

    def stream_id(self, what: str, n: int) -> str:
        return derived_id("case", self.prefix, self.case.case, what, str(n))

    def answer_stream(self, event_id: str) -> str:
        """Where the answers to an event are recorded."""
        return owed_answer_id(event_id)

    def referred(self, fact: CaseFact) -> int | None:
        """The fact this one answers or weighs, if it names one that was loaded."""
        n = follows(fact, self.case)
        return n if n in self.of else None

    def is_signal(self, stream: str) -> bool:
        return stream in self.signals or stream == self.implied_signal

    def signal_for(self, fact: CaseFact) -> str | None:
        """The signal a fact belongs to; None when the case has none yet."""
        n = self.referred(fact)
        seen: set[int] = set()
        while n is not None and n not in seen:
            seen.add(n)
            if self.is_signal(self.of[n]):
                return self.of[n]
            n = self.referred(self.fact(n))
        if fact.by in self.holders:
            return self.holders[fact.by]
        return self.signals[0] if self.signals else self.implied_signal

    def signal_named(self, fact: CaseFact) -> str | None:
        """The signal a finding says it is about: only if it refers to a fact of one."""
        n = self.referred(fact)
        return self.of[n] if n is not None and self.is_signal(self.of[n]) else None

    def test_for(self, fact: CaseFact) -> str | None:
        """The test of this tester that a verdict, condition or recommendation belongs to."""
        n = self.referred(fact)
        mine = [stream for stream, tester in self.tests if tester == fact.by]
        if n is not None and self.of[n] in mine:
            return self.of[n]
        return mine[-1] if mine else None

    def holds(self, fact: CaseFact, stream: str) -> None:
        """Who raised or received this fact has the signal from here."""
        self.holders[fact.by] = stream
        if fact.to is not None and fact.kind not in _KEEPS:
            self.holders[fact.to] = stream

    def fact(self, n: int) -> CaseFact:
        return self.case.fact(n)

    def previous_event(self, fact: CaseFact, stream: str, *, anywhere: bool = False) -> str | None:
        """The event whose statement this fact follows, if the file names one."""
        n = self.referred(fact)
        if n is None or (self.of[n] != stream and not anywhere):
            return None
        return self.event_of[n]

    def contradicted(self, fact: CaseFact) -> int | None:
        """What a contradiction is against: what it names, else the last words of its addressee."""
        n = self.referred(fact)
        if n is not None:
            return n
        said = [m for m in self.of if fact.to is not None and self.fact(m).by == fact.to]
        return max(said, key=lambda m: (self.fact(m).counts_from, m), default=None)

    def outside(self, level: str) -> bool:
        return self.case.level(level).level.way is Way.EXTERNAL

    def level(self, identifier: str | None) -> Level | None:
        return None if identifier is None else self.case.level(identifier).level
