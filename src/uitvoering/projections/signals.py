"""What is on file about one signal, in the order in which it happened?

The fold only files facts; every judgement (state, terms, comparison, justification) is computed
when it is read, so that a late registration falls into its place and a better method needs no
rebuild.
"""

from typing import Annotated, Any, ClassVar, TypeGuard, cast, get_args

from pydantic import PlainSerializer, PlainValidator

from uitvoering.domain.acts import MustAsk
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.journey import SignalAttached
from uitvoering.domain.events.signal import (
    HardshipSignalled,
    ReceiptIssued,
    RegimeRaised,
    SignalFact,
    SignalMerged,
    SignalSplit,
)
from uitvoering.domain.events.topics import FACTS, AnyRecorded
from uitvoering.domain.values import Code, Id, Name, Reference, Regime
from uitvoering.projections.documents import Document, Documents
from uitvoering.projections.entries import Entry, entry_of

_RISING = (Regime.OPEN, Regime.INTERNAL, Regime.CONFIDENTIAL, Regime.WBK)
_NOBODY = "-"
_SIGNAL_FACTS: tuple[type[Fact], ...] = get_args(SignalFact)


def _read(value: object) -> AnyRecorded:
    """Read a fact back from a stored document, by its topic."""
    if isinstance(value, Recorded):
        return cast("AnyRecorded", value)
    if not isinstance(value, dict):
        raise ValueError("recorded_fact")  # noqa: TRY004 pydantic turns ValueError into a refusal
    stored = dict(cast("dict[str, Any]", value))
    fact = FACTS[stored.pop("topic")].model_validate(stored.pop("fact"))
    envelope = _Envelope.model_validate(stored)
    return Recorded[Fact].model_construct(
        **{name: getattr(envelope, name) for name in _Envelope.model_fields if name != "fact"},
        fact=fact,
    )


def _write(recorded: AnyRecorded) -> dict[str, Any]:
    """Write a fact under its topic: the declared type alone would drop what its kind adds."""
    return {
        **recorded.model_dump(mode="json", exclude={"fact"}),
        "topic": recorded.fact.TOPIC,
        "fact": recorded.fact.model_dump(mode="json"),
    }


class _Envelope(Recorded[Fact]):
    """Every field of a recorded fact but the fact."""

    fact: Fact = Fact()


Filed = Annotated[AnyRecorded, PlainValidator(_read), PlainSerializer(_write)]
"""A recorded fact inside a document, without the pseudonym of who acted."""


class SignalDossier(Document):
    """One matter and everything recorded about it."""

    VIEW: ClassVar[str] = "signals"

    signal: Id
    body: Code
    """The organisation where the matter arose."""
    reporter: Name
    """Pseudonym of who raised it: to find one's own signals by; in no row of a read model."""
    organisation: Code
    """The reporter's."""
    theme: Name | None = None
    proposal: Id | None = None
    journeys: tuple[Id, ...] = ()
    must_ask: tuple[MustAsk, ...] = ()
    regime: Regime
    receipt: Reference | None = None
    """SHA-256 of the origin's stored bytes."""
    merged_into: Id | None = None
    split_into: tuple[Id, ...] = ()
    origin_event: Id
    facts: tuple[Filed, ...]
    """By the day it happened; on one day own facts in order, then findings as recorded."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Read every fact in one shape; ask once and keep the answer."""
        return tuple(entry_of(event) for event in self.facts)

    @property
    def origin(self) -> Entry:
        """What was raised first, wherever late registrations put it."""
        return entry_of(next(e for e in self.facts if e.event_id == self.origin_event))

    @property
    def own_facts(self) -> tuple[AnyRecorded, ...]:
        """Leave out findings: they are facts of another stream."""
        return tuple(event for event in self.facts if event.originator_id == self.signal)


def fold(event: AnyRecorded, documents: Documents) -> None:
    """File one fact; a fact about anything but a signal changes nothing.

    A fact of a signal whose origin is not known at the moment asked for is not shown: there is
    nothing yet to compare it with.
    """
    fact = event.fact
    if isinstance(fact, SignalAttached):
        _attach(documents, fact.signal, event.originator_id)
    elif isinstance(fact, FindingIssued):
        if fact.about is not None:
            _file(documents, fact.about, event)
    elif isinstance(fact, HardshipSignalled):
        documents.put(event.originator_id, _opened(event, fact))
    elif _about_a_signal(fact):
        _file(documents, event.originator_id, event)


def _about_a_signal(fact: Fact) -> TypeGuard[SignalFact]:
    return isinstance(fact, _SIGNAL_FACTS)


def _filed(event: AnyRecorded) -> AnyRecorded:
    return event.model_copy(update={"actor_pseudonym": _NOBODY})


def _opened(event: AnyRecorded, fact: HardshipSignalled) -> SignalDossier:
    return SignalDossier(
        signal=event.originator_id,
        body=fact.body,
        reporter=event.actor_pseudonym,
        organisation=event.organisation,
        theme=fact.theme,
        proposal=fact.proposal,
        journeys=() if fact.journey is None else (fact.journey,),
        must_ask=fact.must_ask,
        regime=event.regime,
        origin_event=event.event_id,
        facts=(_filed(event),),
    )


def _attach(documents: Documents, signal: str, journey: str) -> None:
    dossier = documents.get(SignalDossier, signal)
    if dossier is not None and journey not in dossier.journeys:
        linked = (*dossier.journeys, journey)
        documents.put(signal, dossier.model_copy(update={"journeys": linked}))


def _file(documents: Documents, signal: str, event: AnyRecorded) -> None:
    dossier = documents.get(SignalDossier, signal)
    if dossier is None:
        return
    facts = sorted((*dossier.facts, _filed(event)), key=lambda row: _place(dossier.signal, row))
    changes: dict[str, object] = {
        "facts": tuple(facts),
        "regime": _raised(dossier.regime, event.regime),
    }
    match event.fact:
        case RegimeRaised(to=regime):
            changes["regime"] = _raised(dossier.regime, regime)
        case ReceiptIssued(of=of, sha256=sha256) if of == dossier.origin_event:
            changes["receipt"] = sha256
        case SignalMerged(into=other):
            changes["merged_into"] = other
        case SignalSplit(into=others):
            changes["split_into"] = others
        case _:
            pass
    documents.put(signal, dossier.model_copy(update=changes))


def _place(signal: str, row: AnyRecorded) -> tuple[object, ...]:
    """By day; own facts by version; a finding has a version of its own stream, so by its record."""
    if row.originator_id == signal:
        return (row.happened_on, 0, row.originator_version, row.event_id)
    return (row.happened_on, 1, row.timestamp, row.event_id)


def _raised(held: Regime, asked: Regime) -> Regime:
    """Only rise; what was filed without content stays so, and such an act lowers nothing."""
    if held not in _RISING or asked not in _RISING:
        return held
    return max(held, asked, key=_RISING.index)
