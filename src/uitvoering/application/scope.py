"""Who may see what? A confidential matter: its reporter's body, the levels it went to, auditors."""

from collections.abc import Iterator
from dataclasses import dataclass

from uitvoering.application.caller import Caller
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.values import Regime, Role
from uitvoering.errors import SubjectUnknownError
from uitvoering.projections.documents import D, Document, Documents
from uitvoering.projections.findings import FindingDocument
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.indicators import IndicatorDocument
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

    def get(self, model: type[D], key: str) -> D | None:
        found = self.documents.get(model, key)
        return found if found is not None and self._shows(key, found) else None

    def put(self, key: str, document: Document) -> None:
        self.documents.put(key, document)

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        return (row for row in self.documents.all(model) if self._shows(*row))

    def shows(self, stream: str) -> bool:
        """Whether anything of a stream may be seen at all."""
        answered = self.documents.get(FollowUpDocument, stream)
        found = self.documents.get(FindingDocument, stream)
        return all(
            self._shows(stream, document) for document in (answered, found) if document is not None
        ) and self._open(stream)

    def _shows(self, key: str, document: Document) -> bool:
        """By the signals a document is about: a document about none is open."""
        about: tuple[str | None, ...]
        match document:
            case SignalDossier():
                return sees(self.caller, document)
            case FindingDocument(findings=findings):
                about = tuple(finding.about for finding in findings)
            case FollowUpDocument(of_stream=stream) | IndicatorDocument(stream=stream):
                about = (stream,)
            case _:
                about = (key,)
        return all(self._open(stream) for stream in about if stream is not None)

    def _open(self, stream: str) -> bool:
        dossier = self.documents.get(SignalDossier, stream)
        return dossier is None or sees(self.caller, dossier)


def visible_version(app: Uitvoering, caller: Caller, kind: str, stream: str) -> int:
    """The present version; what may not be seen is as unknown as what does not exist."""
    version = app.version(kind, stream)
    if not Visible(app.reading.documents(app.reading.moment()), caller).shows(stream):
        raise SubjectUnknownError(kind=kind, id=stream)
    return version
