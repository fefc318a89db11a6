"""Who may see what? A confidential matter: its reporter's body, the levels it went to, auditors."""

from collections.abc import Iterator
from dataclasses import dataclass

from uitvoering.application.caller import Caller
from uitvoering.application.references import events_named, streams_named
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.command import Command
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import SignalAttached
from uitvoering.domain.events.signal import SignalMerged, SignalSplit
from uitvoering.domain.values import Regime, Role
from uitvoering.errors import EventUnknownError, SubjectUnknownError
from uitvoering.projections.challenged_verdicts import VerdictChallengeDocument
from uitvoering.projections.documents import D, Document, Documents, Moment
from uitvoering.projections.findings import FindingDocument
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.indicators import IndicatorDocument
from uitvoering.projections.journeys import JourneyDocument
from uitvoering.projections.signals import SignalDossier

CLOSED = frozenset({Regime.CONFIDENTIAL, Regime.WBK})


def sees(caller: Caller, dossier: SignalDossier) -> bool:
    """DOMAIN R11 and R12; an addressee in a named organisation is that organisation only."""
    return (
        dossier.regime not in CLOSED
        or Role.AUDITOR in caller.roles
        or caller.organisation == dossier.organisation
        or any(
            entry.to == caller.level and entry.to_organisation in {None, caller.organisation}
            for entry in dossier.entries
        )
    )


@dataclass(frozen=True)
class Visible:
    """Documents as one caller may see them: every projection over these is in scope by itself."""

    documents: Documents
    caller: Caller
    standing: Documents | None = None
    """By which access is judged, where `documents` are of another moment: as all stands now."""

    def get(self, model: type[D], key: str) -> D | None:
        found = self.documents.get(model, key)
        return self._told(found) if found is not None and self._shows(key, found) else None

    def put(self, key: str, document: Document) -> None:
        self.documents.put(key, document)

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        return (
            (key, self._told(document))
            for key, document in self.documents.all(model)
            if self._shows(key, document)
        )

    def shows(self, stream: str) -> bool:
        """Whether anything of a stream may be seen at all."""
        # As all stands now: on the day asked for it may not have been known what it is about.
        judged = self.documents if self.standing is None else self.standing
        answered = judged.get(FollowUpDocument, stream)
        found = judged.get(FindingDocument, stream)
        contested = judged.get(VerdictChallengeDocument, stream)
        return all(
            self._shows(stream, document)
            for document in (answered, found, contested)
            if document is not None
        ) and self._open(stream)

    def _shows(self, key: str, document: Document) -> bool:
        """By the signals a document is about: a document about none is open."""
        about: tuple[str | None, ...]
        match document:
            case SignalDossier(signal=signal):
                about = (signal,)
            case FindingDocument(findings=findings):
                about = tuple(finding.about for finding in findings)
            case FollowUpDocument(of_stream=stream):
                return self.shows(stream)
            case VerdictChallengeDocument(signal=signal):
                about = (signal,)
            case IndicatorDocument(stream=stream):
                about = (stream,)
            case _:
                about = (key,)
        return all(self._open(stream) for stream in about if stream is not None)

    def _told(self, document: D) -> D:
        """The same document without the ids of signals that are not for this caller."""
        match document:
            case SignalDossier(merged_into=str() as into) if not self._open(into):
                return document.model_copy(update={"merged_into": None})
            case SignalDossier(split_into=signals) if signals:
                return document.model_copy(update={"split_into": self.seen(signals)})
            case JourneyDocument(signals=signals) if signals:
                return document.model_copy(update={"signals": self.seen(signals)})
            case _:
                return document

    def fact(self, fact: Fact) -> Fact:
        """As `_told`: a reference to what is not for this caller is left out."""
        match fact:
            case SignalAttached(signal=named) | SignalMerged(into=named) if not self._open(named):
                return fact.model_copy(
                    update={"into" if fact.TOPIC == SignalMerged.TOPIC else "signal": None}
                )
            case SignalSplit(into=signals):
                return fact.model_copy(update={"into": self.seen(signals)})
            case _:
                return fact

    def seen(self, signals: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(signal for signal in signals if self._open(signal))

    def _open(self, stream: str) -> bool:
        judged = self.documents if self.standing is None else self.standing
        dossier = judged.get(SignalDossier, stream)
        return dossier is None or sees(self.caller, dossier)


def visible_at(app: Uitvoering, caller: Caller, moment: Moment) -> Visible:
    """The documents of that moment, as far as the caller may see them now.

    Who may see what is decided on everything recorded: a view that stopped may not know yet that
    a signal became confidential.
    """
    now = app.reading.decided_on()
    return Visible(app.reading.documents(moment), caller, standing=now)


def visible_version(app: Uitvoering, caller: Caller, kind: str, stream: str) -> int:
    """The present version; what may not be seen is as unknown as what does not exist."""
    version = app.version(kind, stream)
    if not Visible(app.reading.decided_on(), caller).shows(stream):
        raise SubjectUnknownError(kind=kind, id=stream)
    return version


def refuse_unseen(app: Uitvoering, caller: Caller, command: Command) -> None:
    """What a command refers to and the caller may not see is refused as if it was not there."""
    streams, events = tuple(streams_named(command)), tuple(events_named(command))
    if not streams and not events:
        return
    seen = Visible(app.reading.decided_on(), caller)
    for kind, stream in streams:
        app.version(kind, stream)
        if not seen.shows(stream):
            raise SubjectUnknownError(kind=kind, id=stream)
    for event in events:
        found = app.store.event(event)
        if found is None or not seen.shows(found[1].originator_id):
            raise EventUnknownError(event=event)
