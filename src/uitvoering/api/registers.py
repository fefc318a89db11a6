"""One row of a register by its code or its id: all that was adopted under it, by date in force.

The list of a register tells what holds today; this one changes with its version alone, so that the
ETag keeps its promise on the day a row comes into force.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import FastAPI, Path, Response
from pydantic import StringConstraints, create_model

from uitvoering.api.answers import Asked, Asking
from uitvoering.api.endpoints import add_get, snake
from uitvoering.api.preconditions import IfNoneMatch
from uitvoering.api.resources import Located, unless_known
from uitvoering.application.identity import derived_id
from uitvoering.errors import SubjectUnknownError
from uitvoering.projections.adoptions import CosigningPolicyDocument, MethodDocument
from uitvoering.projections.documents import Document
from uitvoering.projections.registers import (
    HolidaysDocument,
    OrganisationDocument,
    PolicyDocument,
    RouteDocument,
    TemplateDocument,
)

RowKey = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")], Path()
]


@dataclass(frozen=True)
class Register:
    """One register: where it lives, and the document that holds a row with its history."""

    kind: str
    one: str
    """How one of them is named in the schemas."""
    document: type[Document]

    @cached_property
    def model(self) -> type[Located]:
        fields: dict[str, Any] = {
            name: (info.annotation, info) for name, info in self.document.model_fields.items()
        }
        model: type[Located] = create_model(
            self.one, __base__=Located, __doc__=self.document.__doc__, **fields
        )
        return model

    def found(self, asked: Asked, key: str) -> Located:
        for code, document in asked.documents.all(self.document):
            subject = derived_id(self.kind, code)
            if key in {code, subject}:
                version = asked.history(self.kind, subject)[-1].originator_version
                return self.model.model_construct(id=subject, version=version, **dict(document))
        raise SubjectUnknownError(kind=self.kind, id=key)


REGISTERS = (
    Register("organisations", "Organisation", OrganisationDocument),
    Register("routes", "Route", RouteDocument),
    Register("templates", "Template", TemplateDocument),
    Register("policies", "Policy", PolicyDocument),
    Register("holidays", "Holidays", HolidaysDocument),
    Register("methods", "Method", MethodDocument),
    Register("cosigning-policies", "CosigningPolicy", CosigningPolicyDocument),
)


def add_registers(api: FastAPI) -> None:
    for register in REGISTERS:
        path, name = f"/{register.kind}/{{id}}", f"get_{snake(register.one)}"
        add_get(api, path, name, _one(register), register.model, about="one")


def _one(register: Register) -> Callable[..., Response]:
    def one(
        id: RowKey,  # noqa: A002 the name of the path parameter
        asked: Asking,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        return unless_known(register.found(asked, id), if_none_match)

    return one
