"""Which terms run and which way is up, read once for a whole answer?"""

from uitvoering.domain.routes import Route
from uitvoering.domain.signal_terms import OpenTerm, terms_of
from uitvoering.projections import registers
from uitvoering.projections.documents import Documents
from uitvoering.projections.signals import SignalDossier


class RulesInForce:
    """The registers as they stand; a body's route is looked up once."""

    def __init__(self, documents: Documents) -> None:
        self.terms = registers.terms(documents)
        self._documents = documents
        self._routes: dict[str, Route] = {}

    def route(self, organisation: str) -> Route:
        """The line of that body; without levels for a body unknown or outside the line."""
        if organisation not in self._routes:
            found = registers.route_of(self._documents, organisation)
            self._routes[organisation] = found or Route(organisation, ())
        return self._routes[organisation]

    def terms_of(self, dossier: SignalDossier) -> tuple[OpenTerm, ...]:
        """Every term of one signal, open or met."""
        levels = self.route(dossier.body).levels
        return terms_of(dossier.own_facts, self.terms, levels[-1] if levels else None)
