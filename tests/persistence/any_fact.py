"""Hypothesis strategies for every kind of fact, drawn from the types of its fields."""

import re
import types
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, Lt
from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import VISIBLE
from uitvoering.persistence.topics import recorded_type

Any_ = st.SearchStrategy[Any]
_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_DAYS = st.dates(date(1, 1, 2), date(9999, 12, 30))
_ZONES = st.just(UTC) | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
_MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=_ZONES)  # noqa: DTZ001 bounds have no zone
_EXACT = 2**53 - 1
_VISIBLE = 'aZ9é€"\\/\U0001f600'
_FORMS = (
    "0190163d-8694-7395-aa2a-d3c1e5b2a001",
    "7d0b9a52-1c11-4d0e-8a2b-0c54a1f6a3d4",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uwv",
    "2025",
    "2025-06-30",
    "1",
)
"""Texts of a fixed form hold nothing that needs care on the way to bytes: a few are enough."""


def any_fact(kind: type[Fact]) -> st.SearchStrategy[AnyRecorded]:
    """Everything a fact of this kind can say, in every envelope it can have."""
    model = recorded_type(kind)
    return _fields(model).map(_days_in_order).map(model.model_validate)


def _days_in_order(drawn: dict[str, Any]) -> dict[str, Any]:
    if drawn["happened_from"] is not None:
        days = sorted((drawn["happened_from"], drawn["happened_on"]))
        drawn |= {"happened_from": days[0], "happened_on": days[1]}
    return drawn


def _fields(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            name: _of_type(
                Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
            )
            for name, field in model.model_fields.items()
        }
    )


def _of_type(annotation: Any) -> Any_:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *metadata = arguments
        return _of_rules(inner, [r for m in metadata for r in getattr(m, "metadata", [m])])
    if origin in {Union, types.UnionType}:
        return st.one_of([_of_type(argument) for argument in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(_of_type(arguments[0]), max_size=3).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _fields(annotation)
    plain: dict[Any, Any_] = {
        str: _WORDS,
        int: st.integers(-_EXACT, _EXACT),
        bool: st.booleans(),
        date: _DAYS,
        datetime: _MOMENTS,
        type(None): st.none(),
    }
    return plain[annotation]


def _of_rules(inner: Any, rules: list[Any]) -> Any_:
    for rule in rules:
        if isinstance(rule, StringConstraints):
            return _text(str(rule.pattern))
    if inner is int:
        highest = min(_bound(rules, Le, "le", _EXACT), _bound(rules, Lt, "lt", _EXACT + 1) - 1)
        return st.integers(_bound(rules, Ge, "ge", -_EXACT), highest)
    return _of_type(inner)


def _bound(rules: list[Any], kind: type, name: str, otherwise: int) -> int:
    return next((getattr(rule, name) for rule in rules if isinstance(rule, kind)), otherwise)


def _text(pattern: str) -> Any_:
    if pattern == VISIBLE:
        return st.builds("{}{}{}".format, _WORDS, st.sampled_from(_VISIBLE), _WORDS)
    return st.sampled_from([text for text in _FORMS if re.search(pattern, text)])
