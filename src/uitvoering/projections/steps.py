"""What did each step of a matter lose or gain, against the step before it and the origin?

Computed at read, not in the fold: the comparison, the lexicon and the terms may improve, a late
registration changes what came before what, and none of that should ask for a rebuild.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.events.signal import (
    AcknowledgementLapsed,
    AdviceAsked,
    AdviceGiven,
    CitationDropped,
    ContradictionFiled,
    ContradictionWithdrawn,
    FeedbackLapsed,
    HandOnLapsed,
    HardshipSignalled,
    PassagesWithheld,
    ReassessmentAccepted,
    SignalCited,
    SignalDisclosed,
    SignalHandedOn,
    SignalHeldBack,
    SignalRestated,
)
from uitvoering.domain.events.signal_outcome import (
    MeasureDecided,
    MeasureProposed,
    MeasureTookEffect,
    ResolutionClaimed,
    SignalDeclined,
)
from uitvoering.domain.signal_terms import OpenTerm, TermKind
from uitvoering.domain.values import Statement
from uitvoering.projections.documents import Documents, Moment
from uitvoering.projections.entries import Entry
from uitvoering.projections.findings import FindingDocument
from uitvoering.projections.hops import compared, hop_of
from uitvoering.projections.rules_in_force import RulesInForce
from uitvoering.projections.signals import SignalDossier
from uitvoering.softening.compare import Comparison
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
_STEPS = GAPS | frozenset(
    kind.TOPIC
    for kind in (
        HardshipSignalled,
        SignalHandedOn,
        SignalRestated,
        AdviceAsked,
        AdviceGiven,
        SignalCited,
        SignalDisclosed,
        ContradictionFiled,
        MeasureProposed,
        MeasureDecided,
        MeasureTookEffect,
        ResolutionClaimed,
        FindingIssued,
    )
)
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


def steps_of(
    dossier: SignalDossier, documents: Documents, rules: RulesInForce, moment: Moment
) -> tuple[Step, ...]:
    """Take every statement and every gap, in the order in which it happened."""
    return tuple(_Walk(dossier, documents, rules, moment).steps())


def latest_statement(entries: Sequence[Entry]) -> Entry | None:
    """Find how the matter was last put; an objection or words held back are not the wording."""
    return next(
        (e for e in reversed(entries) if e.statement and e.topic not in _NEVER_PREVIOUS), None
    )


class _Walk:
    """Follows one dossier from its first entry to its last."""

    def __init__(
        self, dossier: SignalDossier, documents: Documents, rules: RulesInForce, moment: Moment
    ) -> None:
        self._documents, self._terms, self._moment = documents, rules.terms, moment
        self._entries = dossier.entries
        self._origin = dossier.origin
        self._late = frozenset(_acts_after_their_term(self._entries, rules.terms_of(dossier)))
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
            if entry.topic not in _STEPS:
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
        hop = hop_of(entry, before)
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


def _acts_after_their_term(entries: Sequence[Entry], terms: Sequence[OpenTerm]) -> Iterator[str]:
    """Find the acts by which a hand-on term was met after its last day."""
    for term in terms:
        if term.kind is TermKind.HAND_ON and term.met_on and term.met_on > term.due_on:
            acts = (e.event_id for e in entries if _met(term, e))
            yield from list(acts)[:1]


def _met(term: OpenTerm, entry: Entry) -> bool:
    if entry.happened_on != term.met_on or entry.event_id == term.of:
        return False
    return entry.to == term.party if term.party else entry.level == term.level
