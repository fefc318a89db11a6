"""One full example of every kind of fact, the same on every machine, for the golden lines."""

import re
import types
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge
from pydantic import BaseModel, StringConstraints

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.topics import recorded_type

_STREAM = "00000000-0000-4000-8000-000000000001"
_TEXTS = (
    "Eén fout kost “alles”: € 1.000 terug",
    "toeslagen",
    "2025-06-30",
    "0190163d-8694-7395-aa2a-d3c1e5b2a001",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)


def example(kind: type[Fact]) -> AnyRecorded:
    """Every optional field is filled, so that a stored name cannot change unseen."""
    model = recorded_type(kind)
    given = _fields(model)
    given |= {
        "happened_on": "2026-01-05",
        "happened_from": "2026-01-02",
        "originator_id": _STREAM,
        "originator_version": 1,
        "timestamp": datetime(2026, 1, 6, 9, 30, 0, 250_000, tzinfo=UTC),
        "fact": _fields(kind),
    }
    return model.model_validate(given)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {
        name: _value(
            Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        )
        for name, field in model.model_fields.items()
        if name != "fact"
    }


def _value(annotation: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *metadata = arguments
        return _constrained(inner, metadata)
    if origin in {Union, types.UnionType}:
        return _value(arguments[0])
    if origin is Literal:
        return arguments[0]
    if origin is tuple:
        return (_value(arguments[0]),)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _fields(annotation)
    plain = {str: _TEXTS[0], int: 7, bool: True, date: date(2026, 1, 5)}
    return plain[annotation] if annotation in plain else _TEXTS[1]


def _constrained(inner: Any, metadata: list[Any]) -> Any:
    for rule in metadata:
        if isinstance(rule, StringConstraints) and rule.pattern is not None:
            return next(text for text in _TEXTS if re.search(rule.pattern, text))
        for bound in getattr(rule, "metadata", [rule]):
            if isinstance(bound, Ge) and isinstance(bound.ge, int):
                return bound.ge + 1
    return _value(inner)
