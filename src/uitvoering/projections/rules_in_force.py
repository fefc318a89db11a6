"""Which terms run and which way is up, read once for a whole answer?"""

from datetime import date

from uitvoering.domain.routes import Route
from uitvoering.domain.signal_terms import OpenTerm, terms_of
from uitvoering.projections import registers
from uitvoering.projections.documents import Documents
from uitvoering.projections.registers import OrganisationDocument, RouteDocument
from uitvoering.projections.signals import SignalDossier


class RulesInForce:
    """The registers with their dates in force, read once."""

    def __init__(self, documents: Documents) -> None:
        self.terms = registers.terms(documents)
        self._bodies = dict(documents.all(OrganisationDocument))
        self._lines = dict(documents.all(RouteDocument))

    def route(self, organisation: str, on: date) -> Route:
        """The line on that day; without levels for a body unknown or outside the line."""
        found = registers.line_of(self._bodies.get(organisation), self._lines.get, on)
        return found or Route(organisation, ())

    def terms_of(self, dossier: SignalDossier) -> tuple[OpenTerm, ...]:
        """Every term of one signal, open or met, by the line of the day it was raised."""
        levels = self.route(dossier.body, dossier.origin.happened_on).levels
        return terms_of(dossier.own_facts, self.terms, levels[-1] if levels else None)
