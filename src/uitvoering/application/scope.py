"""Who may see what? A confidential matter: its reporter's body, the levels it went to, auditors."""

from collections.abc import Iterator
from dataclasses import dataclass

from uitvoering.application.caller import Caller
from uitvoering.application.uitvoering import SubjectUnknownError, Uitvoering
from uitvoering.domain.values import Regime, Role
from uitvoering.projections.documents import D, Document, Documents
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.signals import FindingDocument, SignalDossier

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
        return found if found is not None and self._shows(found) else None

    def put(self, key: str, document: Document) -> None:
        self.documents.put(key, document)

    def all(self, model: type[D]) -> Iterator[tuple[str, D]]:
        return (row for row in self.documents.all(model) if self._shows(row[1]))

    def stream(self, stream: str) -> bool:
        """Whether a stream, or what it answers, may be seen at all."""
        answered = self.documents.get(FollowUpDocument, stream)
        return self._signal(stream) and (answered is None or self._shows(answered))

    def _shows(self, document: Document) -> bool:
        match document:
            case SignalDossier():
                return sees(self.caller, document)
            case FindingDocument():
                return document.about is None or self._signal(document.about)
            case FollowUpDocument():
                return self._signal(document.of_stream)
            case _:
                return True

    def _signal(self, stream: str) -> bool:
        dossier = self.documents.get(SignalDossier, stream)
        return dossier is None or sees(self.caller, dossier)


def visible_version(app: Uitvoering, caller: Caller, kind: str, stream: str) -> int:
    """The present version; what may not be seen is as unknown as what does not exist."""
    version = app.version(kind, stream)
    documents = app.reading.documents(app.reading.moment())
    if not Visible(documents, caller).stream(stream):
        raise SubjectUnknownError(kind=kind, id=stream)
    return version
