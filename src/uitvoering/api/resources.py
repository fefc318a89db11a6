"""The things themselves: lists, one thing with its version, its history and the acts on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Query, Response
from pydantic import create_model

from uitvoering.api.answers import Asked, Asking, Part, json, page_of
from uitvoering.api.endpoints import add_get, snake
from uitvoering.api.preconditions import IfNoneMatch, etag, is_current
from uitvoering.domain.signal_state import SignalState
from uitvoering.domain.values import Code, Level, Name, Statement, Value
from uitvoering.errors import SubjectUnknownError
from uitvoering.projections.challenged_verdicts import VerdictChallengeDocument
from uitvoering.projections.documents import Document
from uitvoering.projections.findings import FindingDocument
from uitvoering.projections.follow_ups import FollowUpDocument
from uitvoering.projections.implementation_test_parts import TestState
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.projections.journeys import JourneyDocument
from uitvoering.projections.proposals import ProposalDocument
from uitvoering.projections.signals import SignalDossier
from uitvoering.projections.standing import standing_of


class Versioned(Value):
    """Anything with a version: that of its ETag."""

    version: int


class Located(Versioned):
    """Which thing, and at which version."""

    id: str


@dataclass(frozen=True)
class Resource:
    """One kind of thing: where it lives, and the document that tells about it."""

    kind: str
    one: str
    """How one of them is named in the schemas."""
    document: type[Document]
    hidden: frozenset[str] = frozenset()
    """What leads to a person, and what moves without moving the version."""
    told: Mapping[str, tuple[Any, Callable[[Any], Any]]] = field(
        default_factory=dict[str, tuple[Any, Callable[[Any], Any]]]
    )
    """What is computed from the document: the type and how."""
    listed: bool = True
    """False: a read model lists them, with selections of its own."""

    @cached_property
    def model(self) -> type[Located]:
        fields: dict[str, Any] = {
            name: (info.annotation, info)
            for name, info in self.document.model_fields.items()
            if name not in self.hidden
        }
        fields |= {name: (kind, ...) for name, (kind, _) in self.told.items()}
        model: type[Located] = create_model(
            self.one, __base__=Located, __doc__=self.document.__doc__, **fields
        )
        return model

    def says(self, document: Document, name: str) -> Any:
        """What a document says under a name; nothing where it has no such name."""
        if name in self.told:
            return self.told[name][1](document)
        return getattr(document, name, None)

    def found(self, asked: Asked, key: str) -> Located:
        document = asked.documents.get(self.document, key)
        if document is None:
            raise SubjectUnknownError(kind=self.kind, id=key)
        return self.shown(asked, key, document)

    def shown(self, asked: Asked, key: str, document: Document) -> Located:
        told = {name: value for name, value in document if name not in self.hidden}
        told |= {name: tell(document) for name, (_, tell) in self.told.items()}
        version = asked.history(self.kind, key)[-1].originator_version
        return self.model.model_construct(id=key, version=version, **told)


RESOURCES = (
    Resource(
        "signals",
        "Signal",
        SignalDossier,
        frozenset({"reporter", "signal", "facts", "journeys"}),
        {
            "state": (SignalState, lambda dossier: standing_of(dossier).state),
            "progress": (SignalState, lambda dossier: standing_of(dossier).progress),
            "level": (Level, lambda dossier: dossier.origin.level),
            "raised_on": (date, lambda dossier: dossier.origin.happened_on),
            "statement": (Statement | None, lambda dossier: dossier.origin.statement),
        },
    ),
    Resource(
        "implementation-tests",
        "ImplementationTest",
        TestDocument,
        told={"state": (TestState, lambda test: test.state)},
    ),
    Resource("proposals", "Proposal", ProposalDocument),
    Resource("follow-ups", "FollowUp", FollowUpDocument),
    Resource("policy-journeys", "PolicyJourney", JourneyDocument),
    Resource("findings", "Finding", FindingDocument),
    Resource("verdict-challenges", "VerdictChallenge", VerdictChallengeDocument, listed=False),
)


@dataclass(frozen=True)
class Filter:
    """Equality on what a document says of itself; a key a kind does not have selects nothing."""

    asked: Mapping[str, str]

    def selects(self, resource: Resource, document: Document) -> bool:
        return all(resource.says(document, name) == value for name, value in self.asked.items())


async def _chosen(
    organisation: Annotated[Code | None, Query()] = None,
    level: Annotated[Level | None, Query()] = None,
    state: Annotated[Code | None, Query()] = None,
    theme: Annotated[Name | None, Query()] = None,
) -> Filter:
    asked = {"organisation": organisation, "level": level, "state": state, "theme": theme}
    return Filter({name: value for name, value in asked.items() if value is not None})


Chosen = Annotated[Filter, Depends(_chosen)]


def add_resources(api: FastAPI) -> None:
    for resource in RESOURCES:
        nouns = resource.kind.replace("-", "_")
        path, one = f"/{resource.kind}", f"get_{snake(resource.one)}"
        page = page_of(resource.model)
        if resource.listed:
            add_get(api, path, f"list_{nouns}", _listed(resource), page, about="list")
        add_get(api, f"{path}/{{id}}", one, _one(resource), resource.model, about="one")


def _listed(resource: Resource) -> Callable[..., Response]:
    model = page_of(resource.model)

    def listed(asked: Asking, part: Part, chosen: Chosen) -> Response:
        rows = [
            row
            for row in asked.documents.all(resource.document)
            if chosen.selects(resource, row[1])
        ]
        return asked.page(model, rows, part, itemgetter(0), lambda row: resource.shown(asked, *row))

    return listed


def _one(resource: Resource) -> Callable[..., Response]:
    def one(
        id: UUID,  # noqa: A002 the name of the path parameter
        asked: Asking,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        return unless_known(resource.found(asked, str(id)), if_none_match)

    return one


def unless_known(found: Versioned, if_none_match: str | None) -> Response:
    """The thing with its ETag, or 304 when the caller has this version already."""
    headers = {"ETag": etag(found.version)}
    if is_current(if_none_match, found.version):
        return Response(status_code=304, headers=headers)
    return json(found, **headers)
