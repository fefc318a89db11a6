"""Do the stored views say what the events say? Each held against a replay up to its position."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from uitvoering.application.monitor_report import Difference, Findings, Unchecked, ViewLook
from uitvoering.application.monitored_rows import every_row, is_of_the_bytes
from uitvoering.application.reading import Progress, Reading, digest_of
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence.failures import is_failure
from uitvoering.persistence.scratch import ScratchDocuments
from uitvoering.persistence.store import Store
from uitvoering.persistence.view_folding import cause
from uitvoering.projections.documents import Documents, Moment, Projection
from uitvoering.projections.read_models import READ_MODELS

Text = tuple[str, str, str]
"""Kind, key and document."""


@dataclass
class _Held:
    """The stored views at one moment, copied, so that nobody who writes waits for the monitor."""

    positions: dict[str, int] = field(default_factory=dict[str, int])
    documents: ScratchDocuments = field(default_factory=ScratchDocuments)
    strangers: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Documents that stand in a view that keeps no such kind."""
    unreadable: set[str] = field(default_factory=set[str])
    """Views that could not be copied to their end."""


def look_at_views(reading: Reading, findings: Findings, progress: Progress) -> tuple[ViewLook, ...]:
    """A difference names the view and the first documents; whose answers it touches follows."""
    held = _held(reading, findings)
    if len(held.positions) + len(held.unreadable) < len(reading.projections):
        findings.unchecked.append(Unchecked.VIEWS_UNBUILT)
    newest = reading.store.last_recorded()
    for name, position in held.positions.items():
        if position > newest:
            findings.alarm(Difference.VIEW_AHEAD, view=name, position=position, last=newest)
    replayed, whole = _replayed(reading, held.positions, findings, progress)
    looks = _compared(reading, held, replayed, whole, findings)
    differ = any(look.stored_sha256 != look.replayed_sha256 for look in looks)
    if differ and whole == held.positions.keys() and not held.unreadable:
        _name_read_models(reading, held.documents, replayed, findings)
    return looks


def _held(reading: Reading, findings: Findings) -> _Held:
    held = _Held()
    for view in reading.projections:
        held.documents.hold(_held_in(view, reading, held, findings))
    return held


def _held_in(view: Projection, reading: Reading, held: _Held, findings: Findings) -> Iterator[Text]:
    try:
        for position, kind, key, text in reading.views.held(view.name):
            held.positions[view.name] = position
            if kind is not None and kind in view.kinds:
                yield kind, key, text
            elif kind is not None:
                held.strangers.append((view.name, kind, key))
    except Exception as error:
        if not is_of_the_bytes(error):
            raise
        held.positions.pop(view.name, None)
        held.unreadable.add(view.name)
        findings.alarm(Difference.VIEW_UNREADABLE, view=view.name, cause=cause(error))


def _replayed(
    reading: Reading, positions: Mapping[str, int], findings: Findings, progress: Progress
) -> tuple[ScratchDocuments, frozenset[str]]:
    """The documents by the events alone, and the views that could be followed to their position."""
    documents = reading.store.scratch()
    going = [view for view in reading.projections if view.name in positions]
    last, at = max(positions.values(), default=0), 0
    try:
        for at, event in _stream(reading.store, last):
            for view in [view for view in going if at <= positions[view.name]]:
                if not _folded(view, at, event, documents, findings):
                    going.remove(view)
            progress(at, last)
    except Exception as error:
        if is_failure(error):
            raise  # a store that is away says nothing of the event
        _tell_stop(reading.store, at, last, error, findings)
        going = [view for view in going if positions[view.name] <= at]
    if len(going) < len(positions):
        findings.unchecked.append(Unchecked.VIEWS_CUT_OFF)
    return documents, frozenset(view.name for view in going)


def _stream(store: Store, last: int) -> Iterator[tuple[int, AnyRecorded]]:
    """One by one where a page cannot be read, up to the event that is why."""
    at = 0
    try:
        for at, event in store.stream(0, last):
            yield at, event
    except Exception as error:
        if not is_of_the_bytes(error):
            raise
        yield from store.stream(at, last, page=1)


def _folded(
    view: Projection, at: int, event: AnyRecorded, documents: Documents, findings: Findings
) -> bool:
    try:
        view.fold(event, documents)
    except Exception as error:
        if is_failure(error):
            raise
        # As the stored view would, this one stops, and is told.
        why = cause(error)
        findings.alarm(Difference.REPLAY_STOPPED, view=view.name, position=at, cause=why)
        return False
    return True


def _tell_stop(store: Store, at: int, last: int, error: Exception, findings: Findings) -> None:
    """Where the event stands that could not be read: the first one after the last that could."""
    position, *_ = next(every_row(store, at, last, page=1), (at,))
    findings.alarm(Difference.REPLAY_STOPPED, view="*", position=position, cause=cause(error))


class _Look:
    """The digests of one view so far."""

    def __init__(self) -> None:
        self.documents = 0
        self.stored = hashlib.sha256()
        self.replayed = hashlib.sha256()


def _compared(
    reading: Reading,
    held: _Held,
    replayed: ScratchDocuments,
    whole: frozenset[str],
    findings: Findings,
) -> tuple[ViewLook, ...]:
    """Both in the order of kind and key; of a view that was cut off nothing is said."""
    view_of = {kind: view.name for view in reading.projections for kind in view.kinds}
    looks = {name: _Look() for name in held.positions if name in whole}
    for kind, key, stored, found in _side_by_side(held.documents.texts(), replayed.texts()):
        view = view_of[kind]
        if view not in looks:
            continue
        look, place = looks[view], f"{kind}\0{key}\0".encode()
        ours, theirs = _canonical(stored), _canonical(found)
        if ours is not None:
            look.documents += 1
            look.stored.update(place + ours + b"\0")
        if theirs is not None:
            look.replayed.update(place + theirs + b"\0")
        if ours != theirs:
            _tell_document(view, kind, key, ours, theirs, findings)
    for view, kind, key in held.strangers:
        findings.alarm(Difference.DOCUMENT_UNFOUNDED, view=view, kind=kind, document=key)
    return tuple(
        ViewLook(
            name=name,
            position=held.positions[name],
            documents=look.documents,
            stored_sha256=look.stored.hexdigest(),
            replayed_sha256=look.replayed.hexdigest(),
        )
        for name, look in sorted(looks.items())
    )


def _side_by_side(
    stored: Iterator[Text], found: Iterator[Text]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Kind and key with the document of either, None where one has none."""
    left, right = next(stored, None), next(found, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[:2] < right[:2]):
            kind, key, text = left or ("", "", "")
            yield kind, key, text, None
            left = next(stored, None)
        elif left is None or right[:2] < left[:2]:
            yield right[0], right[1], None, right[2]
            right = next(found, None)
        else:
            yield left[0], left[1], left[2], right[2]
            left, right = next(stored, None), next(found, None)


def _canonical(text: str | None) -> bytes | None:
    """What it says, however it is spelled; of what is no JSON, the bytes."""
    if text is None:
        return None
    try:
        return orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        return text.encode(errors="replace")


def _tell_document(
    view: str, kind: str, key: str, stored: bytes | None, found: bytes | None, findings: Findings
) -> None:
    place: dict[str, str | int] = {"view": view, "kind": kind, "document": key}
    if stored is None:
        findings.alarm(Difference.DOCUMENT_GONE, **place)
    elif found is None:
        findings.alarm(Difference.DOCUMENT_UNFOUNDED, **place)
    else:
        fields = ", ".join(_fields_that_differ(stored, found)) or "*"
        findings.alarm(Difference.DOCUMENT_DIFFERS, fields=fields, **place)


def _fields_that_differ(stored: bytes, found: bytes) -> list[str]:
    """Names only: what is in them may be someone's words."""
    try:
        ours, theirs = orjson.loads(stored), orjson.loads(found)
    except orjson.JSONDecodeError:
        return []
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return []
    left, right = cast("dict[str, Any]", ours), cast("dict[str, Any]", theirs)
    return sorted(name for name in right if left.get(name) != right[name])


def _name_read_models(
    reading: Reading, stored: Documents, replayed: Documents, findings: Findings
) -> None:
    """Which answers the difference reaches: each read model from both, digest by digest."""
    moment = reading.settled(reading.moment())
    for name in sorted(READ_MODELS):
        told = _digest(name, stored, moment)
        right = _digest(name, replayed, moment)
        if told != right:
            values = {"read_model": name, "stored": told, "replayed": right}
            findings.alarm(Difference.READ_MODEL_DIFFERS, **values)


def _digest(name: str, documents: Documents, moment: Moment) -> str:
    try:
        return digest_of(name, documents, moment).sha256
    except Exception as error:
        if is_failure(error):
            raise
        return cause(error)  # of documents edited by hand anything may come
