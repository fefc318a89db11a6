"""Do the read models follow from the events of a pack? Made again, and their digests compared."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from uitvoering import __version__
from uitvoering.application.reading import AMSTERDAM, Reading, ReadModelDigest
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import SealingMissingError, UitvoeringError
from uitvoering.integrity.verify.files import event_files
from uitvoering.integrity.verify.findings import Finding, broken, holds, unchecked
from uitvoering.integrity.verify.pack import POLICY, READ_MODELS, Manifest, line_parts
from uitvoering.integrity.verify.reading import lines, taken
from uitvoering.persistence.scratch import ScratchDocuments
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.projections import adoptions, registers
from uitvoering.projections.documents import Moment
from uitvoering.projections.read_models import fold
from uitvoering.softening.method import METHOD_VERSION, digest

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = 500
_UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What events give that the log proves and that no product of ours has written."""


def read_models(
    events: Iterable[AnyRecorded], documents: ScratchDocuments, step: Callable[[int], None]
) -> list[ReadModelDigest]:
    """As `uitvoering replay` gives when these are all events: flat in memory at any number."""
    newest, newest_register = None, _LONG_AGO
    for done, event in enumerate(events):
        fold(event, documents)
        if event.fact.TOPIC in _REGISTERS:
            newest_register = max(newest_register, event.timestamp)
        else:
            newest = event.timestamp if newest is None else max(newest, event.timestamp)
        if done % _STEP == 0:
            step(done)
    return Reading.digests(documents, Moment(now=newest or newest_register))


_REGISTERS = registers.TOPICS | adoptions.TOPICS
"""When a store was made says nothing about what is in it: open terms count to the newest fact."""


def encoded(found: Sequence[ReadModelDigest], position: int) -> bytes:
    """What the pack states: by which product and method, after which event."""
    told = {
        "version": __version__,
        "method": _own_method(),
        "position": position,
        "read_models": [row.model_dump(mode="json", by_alias=False) for row in found],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def replayed(
    folder: Path, manifest: Manifest, step: Callable[[int, int], None]
) -> Iterator[Finding]:
    """The read models of the pack against those that its events give here."""
    try:
        told = _told(taken(folder / READ_MODELS))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        yield broken("read-models-unreadable", cause=type(error).__name__)
        return
    name = _twice(told)
    if name is not None:
        yield broken("read-model-twice", name=name)
        return
    documents, newest = ScratchDocuments(), _Newest()
    try:
        found = read_models(
            newest.of(_events(folder, manifest)),
            documents,
            lambda done: step(done, manifest.events),
        )
    except SealingMissingError:
        yield unchecked("read-models-sealed")
        return
    except (UitvoeringError, *_UNREADABLE) as error:
        yield broken("replay-refused", cause=str(error) or type(error).__name__)
        return
    yield from _unadopted(manifest, documents, told["method"], newest.day)
    if told["position"] != newest.position:
        yield broken("read-models-position", told=told["position"], last=newest.position)
    stated = {row["name"]: (row["rows"], row["sha256"]) for row in told["read_models"]}
    made = {row.name: (row.rows, row.sha256) for row in found}
    wrong = sorted(name for name in {*stated, *made} if stated.get(name) != made.get(name))
    if not wrong:
        yield holds("read-models", count=len(made))
    elif told["method"] != _own_method():
        yield unchecked(
            "read-models-version",
            made=told["version"],
            made_method=told["method"],
            own=__version__,
            own_method=_own_method(),
            count=len(wrong),
        )
    else:
        for name in wrong:
            told_rows, told_digest = stated.get(name, (0, "-"))
            rows, sha256 = made.get(name, (0, "-"))
            yield broken(
                "read-model-differs",
                name=name,
                rows=rows,
                sha256=sha256,
                told_rows=told_rows,
                told=told_digest,
                version=told["version"],
                own=__version__,
            )


def _own_method() -> str:
    """In full: of a few letters of a digest, others can be made that begin the same."""
    return f"{METHOD_VERSION}+{digest()}"


class _Newest:
    """The day of the newest event, which the log proves: the pack may say it was made on any."""

    day: date | None = None
    position: int = 0
    """Of the last event; 0 when there is none."""

    def of(self, events: Iterable[tuple[int, AnyRecorded]]) -> Iterator[AnyRecorded]:
        newest = _LONG_AGO
        for self.position, event in events:
            newest = max(newest, event.timestamp)
            yield event
        self.day = newest.astimezone(AMSTERDAM).date()


def _unadopted(
    manifest: Manifest, documents: ScratchDocuments, stated: str, day: date | None
) -> Iterator[Finding]:
    """Word lists, weights or the policy of the log, changed without the fact that adopts them."""
    methods = documents.get(adoptions.MethodDocument, adoptions.SOFTENING)
    if methods is not None:
        row = methods.on(day)
        if stated != f"{row.method}+{row.digest}":
            yield broken(
                "method-unadopted",
                stated=stated or "-",
                adopted=f"{row.method}+{row.digest}",
                since=row.in_force_from.isoformat(),
            )
    policies = documents.get(adoptions.CosigningPolicyDocument, adoptions.LEDGER)
    held = manifest.files.get(POLICY)
    if policies is not None:
        adopted = policies.on(day)
        if held is None or held.sha256 != adopted.sha256:
            yield broken(
                "policy-unadopted",
                stated="-" if held is None else held.sha256,
                adopted=adopted.sha256,
                since=adopted.in_force_from.isoformat(),
            )


def _told(data: bytes) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(data)
    for row in told["read_models"]:
        if not (isinstance(row["name"], str) and isinstance(row["rows"], int)):
            raise TypeError("no read model")
        if not isinstance(row["sha256"], str):
            raise TypeError("no digest")
    if not (isinstance(told["version"], str) and isinstance(told["method"], str)):
        raise TypeError("no version")
    if type(told["position"]) is not int:
        raise TypeError("no position")
    return told


def _twice(told: dict[str, Any]) -> str | None:
    """A read model that is stated again: who reads the first row would believe another."""
    names = Counter(row["name"] for row in told["read_models"])
    return next((name for name, count in names.items() if count > 1), None)


def _events(folder: Path, manifest: Manifest) -> Iterator[tuple[int, AnyRecorded]]:
    """By position, decoded one by one; each line was held against its leaf before."""
    decode = FactMapper().decode
    for name in event_files(manifest):
        for line in lines(folder, name, manifest.files[name]):
            parts = line_parts(line)
            if parts is None:
                raise AssertionError("a line that was verified is an event")
            _, position, topic, state = parts
            held = orjson.loads(state)
            version, event_id = held["originator_version"], held["event_id"]
            yield position, decode(held["originator_id"], version, topic, state, event_id)
