"""What did each step of a matter lose or gain, against the step before it and the origin?

Computed at read, not in the fold: the comparison, the lexicon and the terms may improve, a late
registration changes what came before what, and none of that should ask for a rebuild. A pair of
statements is compared once and remembered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    AcknowledgementLapsed,
    CitationDropped,
    ContradictionFiled,
    ContradictionWithdrawn,
    FeedbackLapsed,
    HandOnLapsed,
    PassagesWithheld,
    ReassessmentAccepted,
    SignalDeclined,
    SignalHeldBack,
)
from uitvoering.domain.signal_terms import OpenTerm, TermKind, terms_of
from uitvoering.domain.terms import Terms
from uitvoering.domain.values import Statement
from uitvoering.projections import registers
from uitvoering.projections.documents import Documents, Moment
from uitvoering.projections.entries import Entry
from uitvoering.projections.findings import FindingDocument
from uitvoering.projections.signals import SignalDossier
from uitvoering.softening.compare import Comparison, compare, method
from uitvoering.softening.facets import Dimension, DimensionResult, Result
from uitvoering.softening.justification import Justification, Speaker, justify
from uitvoering.softening.verdict import Label, Overall, labels, overall

GAPS = frozenset(
    kind.TOPIC
    for kind in (
        HandOnLapsed,
        AcknowledgementLapsed,
        FeedbackLapsed,
        SignalHeldBack,
        SignalDeclined,
        PassagesWithheld,
        CitationDropped,
    )
)
"""What was due or had been there, and is not."""
_NEVER_PREVIOUS = frozenset({ContradictionFiled.TOPIC, SignalHeldBack.TOPIC})
"""An objection is no next wording, and words held back were given to nobody."""
_WORST_FIRST = (
    Justification.CONTESTED,
    Justification.NONE,
    Justification.CLAIMED,
    Justification.EVIDENCED,
    Justification.ACCEPTED,
)


@dataclass(frozen=True)
class Step:
    """One entry of the trail with what can be computed about it."""

    entry: Entry
    before: Statement | None
    """The statement the hop is measured from."""
    previous: str | None
    """The event that statement stands in."""
    hop: Comparison | None
    drift: Comparison | None
    justification: Justification | None
    """Of what the hop lost; null when it lost nothing."""
    overall: Overall | None
    drift_overall: Overall | None
    """`reassessed` only when every loss on the way was."""
    labels: tuple[Label, ...]
    window_ends_on: date | None
    """Last day of the contradiction window of a weaker statement."""

    @property
    def is_gap(self) -> bool:
        return self.entry.topic in GAPS

    @property
    def is_contradiction(self) -> bool:
        return self.entry.topic == ContradictionFiled.TOPIC


def steps_of(dossier: SignalDossier, documents: Documents, moment: Moment) -> tuple[Step, ...]:
    """Take every statement and every gap, in the order in which it happened."""
    return tuple(_Walk(dossier, documents, moment).steps())


@lru_cache(maxsize=20_000)
def compared(before: Statement, after: Statement) -> Comparison:
    """Compare once: statements are frozen and the method of a running process does not change."""
    return compare(before, after)


class _Walk:
    """Follows one dossier from its first entry to its last."""

    def __init__(self, dossier: SignalDossier, documents: Documents, moment: Moment) -> None:
        self._documents, self._moment = documents, moment
        self._entries = dossier.entries
        self._origin = dossier.origin
        self._terms = registers.terms(documents)
        self._late = frozenset(_acts_after_their_term(dossier, documents, self._terms))
        withdrawn = {e.of for e in self._entries if e.topic == ContradictionWithdrawn.TOPIC}
        self._contested = {
            e.of
            for e in self._entries
            if e.topic == ContradictionFiled.TOPIC and e.event_id not in withdrawn
        }
        self._accepted = {e.of for e in self._entries if e.topic == ReassessmentAccepted.TOPIC}
        self._worst: dict[str, Justification] = {}
        """Per event: the weakest justification among the losses on the way to it."""

    def steps(self) -> Iterator[Step]:
        last: Entry | None = None
        begun = False
        for entry in self._entries:
            begun = begun or entry.event_id == self._origin.event_id
            if entry.statement is None and entry.topic not in GAPS:
                if entry.to is not None:
                    yield self._step(entry, None, None, begun=begun)
                continue
            before, previous = self._before(entry, last)
            yield self._step(entry, before, previous, begun=begun)
            if entry.statement is not None and entry.topic not in _NEVER_PREVIOUS:
                last = entry

    def _before(self, entry: Entry, last: Entry | None) -> tuple[Statement | None, str | None]:
        """Take the statement it names, in this matter or in a finding, else the last before it."""
        named = entry.of if entry.topic == ContradictionFiled.TOPIC else entry.previous
        if named is not None:
            known = next((e for e in self._entries if e.event_id == named), None)
            if known is not None and known.statement is not None:
                return known.statement, named
            for _, engagement in self._documents.all(FindingDocument) if known is None else ():
                for finding in engagement.findings:
                    if finding.event == named and finding.statement is not None:
                        return finding.statement, named
        return (last.statement, last.event_id) if last is not None else (None, None)

    def _step(
        self, entry: Entry, before: Statement | None, previous: str | None, *, begun: bool
    ) -> Step:
        hop = _hop(entry, before)
        justification = self._justification(entry, before, hop)
        outcome = overall(hop, justification or Justification.NONE) if hop else None
        drift = drift_overall = None
        if begun and entry.statement is not None and entry.event_id != self._origin.event_id:
            origin = self._origin.statement
            drift = compared(origin, entry.statement) if origin is not None else None
        worst = self._worst_on_the_way(entry, previous, justification)
        if drift is not None:
            drift_overall = overall(drift, worst)
        weaker = hop is not None and bool(hop.softened) and entry.statement is not None
        return Step(
            entry=entry,
            before=before,
            previous=previous if hop is not None and before is not None else None,
            hop=hop,
            drift=drift,
            justification=justification,
            overall=outcome,
            drift_overall=drift_overall,
            labels=self._labels(entry, before, hop, outcome),
            window_ends_on=self._window(entry) if weaker else None,
        )

    def _justification(
        self, entry: Entry, before: Statement | None, hop: Comparison | None
    ) -> Justification | None:
        if hop is None or not hop.softened:
            return None
        return justify(
            reason_code=entry.reason_code,
            signalled_on=self._origin.happened_on,
            earlier_evidence=before.evidence if before else (),
            evidence=entry.statement.evidence if entry.statement else (),
            speaker=Speaker(entry.level, entry.role, entry.organisation),
            contradicted=entry.event_id in self._contested,
            accepted=entry.event_id in self._accepted,
            window_ended=self._moment.today > self._window(entry),
        )

    def _window(self, entry: Entry) -> date:
        """Run from the day it was stated, as every term; a later contradiction still contests."""
        return self._terms.working_days(
            PolicyName.CONTRADICTION_WINDOW_WORKING_DAYS, entry.happened_on
        )

    def _worst_on_the_way(
        self, entry: Entry, previous: str | None, own: Justification | None
    ) -> Justification:
        """Find the weakest justification on the way; with no loss at all, none is claimed."""
        on_the_way = [j for j in (own, self._worst.get(previous or "")) if j is not None]
        if not on_the_way:
            return Justification.NONE
        worst = min(on_the_way, key=_WORST_FIRST.index)
        self._worst[entry.event_id] = worst
        return worst

    def _labels(
        self,
        entry: Entry,
        before: Statement | None,
        hop: Comparison | None,
        outcome: Overall | None,
    ) -> tuple[Label, ...]:
        held: set[Label] = set()
        if hop is not None and outcome is not None and before is not None and entry.statement:
            held.update(labels(hop, before, entry.statement, outcome))
        if entry.topic == CitationDropped.TOPIC:
            held.add(Label.REFERENCE_DROPPED)
        if entry.topic == HandOnLapsed.TOPIC:
            held.add(Label.NOT_HANDED_ON)
        if entry.event_id in self._late:
            held.add(Label.DELAYED)
        if entry.topic in {PassagesWithheld.TOPIC, SignalHeldBack.TOPIC}:
            held.add(Label.WITHHELD)
        return tuple(label for label in Label if label in held)


def _hop(entry: Entry, before: Statement | None) -> Comparison | None:
    if entry.topic == HandOnLapsed.TOPIC:
        return _only(Dimension.OMISSION, Result.MISSING, 3, "statement-never-came")
    words = compared(before, entry.statement) if before and entry.statement else None
    if entry.topic == CitationDropped.TOPIC:
        if words is None:
            return _only(Dimension.EVIDENCE, Result.SOFTENED, 1, "citation-dropped")
        if not words.of(Dimension.EVIDENCE).result.is_loss:
            # The fact itself says that the reference is gone, whatever the fields show.
            return _with(words, _CITATION_GONE)
    return words


_CITATION_GONE = DimensionResult(
    dimension=Dimension.EVIDENCE, result=Result.SOFTENED, strength=1, rule="citation-dropped"
)


def _only(dimension: Dimension, result: Result, strength: int, rule: str) -> Comparison:
    """Nothing was stated, so nothing is compared but the one thing that is not there."""
    nothing = Comparison(
        dimensions=tuple(DimensionResult(dimension=d) for d in Dimension), method=method()
    )
    row = DimensionResult.model_validate(
        {"dimension": dimension, "result": result, "strength": strength, "rule": rule}
    )
    return _with(nothing, row)


def _with(comparison: Comparison, row: DimensionResult) -> Comparison:
    dimensions = tuple(
        row if known.dimension is row.dimension else known for known in comparison.dimensions
    )
    return comparison.model_copy(update={"dimensions": dimensions})


def _acts_after_their_term(
    dossier: SignalDossier, documents: Documents, known: Terms
) -> Iterator[str]:
    """Find the acts by which a hand-on term was met after its last day."""
    line = registers.route_of(documents, dossier.body)
    top = line.levels[-1] if line and line.levels else None
    for term in terms_of(dossier.own_facts, known, top):
        if term.kind is TermKind.HAND_ON and term.met_on and term.met_on > term.due_on:
            acts = (e.event_id for e in dossier.entries if _met(term, e))
            yield from list(acts)[:1]


def _met(term: OpenTerm, entry: Entry) -> bool:
    if entry.happened_on != term.met_on or entry.event_id == term.of:
        return False
    return entry.to == term.party if term.party else entry.level == term.level
