"""Which stored fields are someone's words or lead to a person, and the one seam to seal them.

Nothing is sealed by default; with a `Sealing` the mapper seals on write and opens on read
(INTEGRITY 8). A state says itself which of its fields are sealed, so that it can still be opened
after a class has moved a field.
"""

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from uitvoering.domain.values import Personal, Wording

_ANY_ITEM = "*"
Mark = Wording | Personal
Json = Union[dict[str, "Json"], list["Json"], str, int, bool, None]  # noqa: UP007 it names itself


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands: what a cipher authenticates, so that it opens nowhere else."""

    event_id: str
    stream: str
    pointer: str
    """JSON Pointer (RFC 6901) into the stored state, such as `/fact/statement/text`."""


@dataclass(frozen=True)
class Sealing:
    """A pair of functions between plain and sealed text; a sealed text carries its own key id."""

    seal: Callable[[Place, Mark, str | None, str], str]
    """Gets the place, the mark, whose it is (for `Personal`) and the plain text."""
    open: Callable[[Place, str], str]
    """Gets the place and the sealed text."""


@dataclass(frozen=True)
class MarkedField:
    path: tuple[str, ...]
    mark: Mark


@cache
def marked_fields(model: type[BaseModel]) -> tuple[MarkedField, ...]:
    """Every field marked `Wording` or `Personal`, also in nested values, lists and unions.

    Refuses a mark on anything but text.
    """
    return tuple(dict.fromkeys(_in_model(model, (), ())))


def seal(state: dict[str, Any], model: type[BaseModel], place: Place, sealing: Sealing) -> None:
    """Seals the marked fields in the state and lists them in it under `sealed`."""
    plain = dict(state)
    pointers: list[str] = []
    for field in marked_fields(model):
        subject = plain.get(field.mark.subject) if isinstance(field.mark, Personal) else None
        for pointer, _ in list(_texts(state, field.path)):
            here = Place(place.event_id, place.stream, pointer)
            _replace(state, pointer, partial(sealing.seal, here, field.mark, subject))
            pointers.append(pointer)
    if pointers:
        state["sealed"] = sorted(pointers)


def open_sealed(state: dict[str, Any], place: Place, sealing: Sealing) -> None:
    """Opens what the state lists under `sealed`, before any upcast."""
    for pointer in state.pop("sealed", ()):
        here = Place(place.event_id, place.stream, pointer)
        _replace(state, pointer, partial(sealing.open, here))


def passages(state: dict[str, Any], model: type[BaseModel]) -> dict[str, str]:
    """Everything in a plain state that is someone's words, by where it stands."""
    found = (text for path in _wordings(model) for text in _texts(state, path))
    return dict(sorted(found))


@cache
def _wordings(model: type[BaseModel]) -> tuple[tuple[str, ...], ...]:
    paths = (field.path for field in marked_fields(model) if isinstance(field.mark, Wording))
    return tuple(path for path in paths if path[0] != "proof")  # what opens the words is none


def _in_model(
    model: type[BaseModel], path: tuple[str, ...], within: tuple[type[BaseModel], ...]
) -> list[MarkedField]:
    if model in within:
        raise TypeError(f"{model.__name__} holds itself: its marked fields have no end")
    found: list[MarkedField] = []
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        if field.metadata:
            annotation = Annotated[annotation, *field.metadata]
        found += _in_annotation(annotation, (*path, name), (*within, model))
    return found


def _in_annotation(
    annotation: Any, path: tuple[str, ...], within: tuple[type[BaseModel], ...]
) -> list[MarkedField]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        marks = [mark for mark in metadata if isinstance(mark, Mark)]
        if marks and not _is_text(inner):
            raise TypeError(f"{'.'.join(path)}: only text can be marked, not {inner}")
        return [MarkedField(path, mark) for mark in marks] or _in_annotation(inner, path, within)
    if origin in {Union, types.UnionType}:
        return [
            field for inner in get_args(annotation) for field in _in_annotation(inner, path, within)
        ]
    if origin is Literal or isinstance(annotation, TypeVar):
        return []
    if origin is not None:
        return [
            field
            for inner in get_args(annotation)
            if inner is not Ellipsis
            for field in _in_annotation(inner, (*path, _ANY_ITEM), within)
        ]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _in_model(annotation, path, within)
    return []


def _is_text(annotation: Any) -> bool:
    if get_origin(annotation) in {Union, types.UnionType}:
        return all(inner is type(None) or _is_text(inner) for inner in get_args(annotation))
    if get_origin(annotation) is Annotated:
        return _is_text(get_args(annotation)[0])
    return annotation is str


def _texts(state: Json, path: tuple[str, ...], here: str = "") -> Iterator[tuple[str, str]]:
    """The places in this state that a path means, and what stands there: each item its own."""
    if not path:
        if isinstance(state, str):
            yield here, state
        return
    first, rest = path[0], path[1:]
    if first == _ANY_ITEM:
        for step, part in _parts(state).items():
            yield from _texts(part, rest, f"{here}/{step}")
    elif isinstance(state, dict) and first in state:
        yield from _texts(state[first], rest, f"{here}/{first}")


def _parts(state: Json) -> dict[str, Json]:
    """What stands directly in a list or an object, by the step of a pointer that leads there."""
    if isinstance(state, list):
        return {str(n): item for n, item in enumerate(state)}
    return state if isinstance(state, dict) else {}


def _replace(state: Json, pointer: str, change: Callable[[str], str]) -> None:
    *way, last = pointer.removeprefix("/").split("/")
    for step in way:
        state = _parts(state)[step]
    plain = _parts(state)[last]
    if not isinstance(plain, str):
        raise TypeError(f"{pointer} is no text")
    if isinstance(state, list):
        state[int(last)] = change(plain)
    elif isinstance(state, dict):
        state[last] = change(plain)
