"""What a decision may know beyond its own stream: terms, registers, and who else is concerned."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from uitvoering.domain.routes import Route
from uitvoering.domain.terms import Terms
from uitvoering.errors import (
    OrganisationUnknownError,
    ProposalVersionUnknownError,
    RouteUnknownError,
    TemplateUnknownError,
)
from uitvoering.projections import registers
from uitvoering.projections.documents import Documents
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.projections.proposals import ProposalDocument
from uitvoering.projections.registers import (
    OrganisationDocument,
    RouteDocument,
    TemplateDocument,
)


@dataclass(frozen=True)
class Context:
    """Read-only; folded from the same facts as everything else."""

    documents: Documents
    terms: Terms

    def organisation(self, code: str) -> OrganisationDocument:
        found = self.documents.get(OrganisationDocument, code)
        if found is None:
            raise OrganisationUnknownError(organisation=code)
        return found

    def route_of(self, organisation: str, on: date | None = None) -> Route:
        """The line of that body on that day, or the newest; a body outside the line has none."""
        self.organisation(organisation)
        return registers.route_of(self.documents, organisation, on) or Route(organisation, ())

    def route(self, code: str) -> RouteDocument:
        found = self.documents.get(RouteDocument, code)
        if found is None:
            raise RouteUnknownError(route=code)
        return found

    def template(self, code: str) -> TemplateDocument:
        found = self.documents.get(TemplateDocument, code)
        if found is None:
            known = tuple(key for key, _ in self.documents.all(TemplateDocument))
            raise TemplateUnknownError(template=code, known=known)
        return found

    def proposal_version_known(self, proposal: str, version: str) -> None:
        found = self.documents.get(ProposalDocument, proposal)
        known = tuple(v.version for v in found.versions) if found else ()
        if version not in known:
            raise ProposalVersionUnknownError(proposal=proposal, version=version, known=known)

    def tests_of(self, proposal: str) -> tuple[TestDocument, ...]:
        return tuple(
            test for _, test in self.documents.all(TestDocument) if test.proposal == proposal
        )

    def has_concluded_test(self, proposal: str, by: date) -> bool:
        """On or before that day: an amendment told late is judged by its own day."""
        days = (test.concluded_on for test in self.tests_of(proposal))
        return any(day is not None and day <= by for day in days)

    @cached_property
    def follow_ups(self) -> tuple[tuple[str, FollowUpDocument], ...]:
        return tuple(self.documents.all(FollowUpDocument))
