"""An evidence pack of a store and its log: all of it or nothing, and flat in memory."""

import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from uitvoering.application import evidence_log as log
from uitvoering.application.evidence_files import own_files
from uitvoering.application.evidence_replay import encoded, read_models
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import FileUnwritableError, NotFoundError, RefusedError
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.log.ledger import Ledger, Published, readable
from uitvoering.integrity.notes.checkpoint import LARGEST
from uitvoering.integrity.tree.tiles import tiles_of
from uitvoering.integrity.verify.pack import (
    CHECKPOINT,
    POLICY,
    READ_MODELS,
    UNLOGGED,
    Asked,
    Manifest,
    PackWriter,
    Sink,
    checkpoint_path,
    event_line,
    events_path,
    schema_path,
    stamp_path,
)
from uitvoering.persistence.backup_errors import StreamUnknownError
from uitvoering.persistence.event_schemas import catalogues

Progress = Callable[[int, int], None]
"""Called with how many leaves, or events, were done and how many there are."""
_STEP = 500
"""Leaves between two looks at the progress bar."""


class PackExistsError(RefusedError):
    code = "pack-exists"
    message = "{folder} is there already and an export replaces nothing; name another folder"


class PartEmptyError(NotFoundError):
    code = "part-empty"
    message = (
        "between those positions stands no event of the {size} leaves in the log; a pack without"
        " events would prove nothing: ask for others"
    )


@dataclass(frozen=True)
class Evidence:
    """What a pack is made of."""

    app: Uitvoering
    ledger: Ledger
    key_notes: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """By their path in the pack: how keys of the log were replaced and ended."""
    with_read_models: bool = True


@dataclass(frozen=True)
class Exported:
    manifest: Manifest
    waiting: int
    """Leaves that are signed and not in the pack, as their quorum has not cosigned them yet."""


def export(evidence: Evidence, folder: Path, asked: Asked, step: Progress) -> Exported:
    """Everything under the newest checkpoint that has its quorum; without a policy, the newest.

    PackExistsError, FileUnwritableError, StreamUnknownError, PartEmptyError; LedgerAwayError and
    LedgerUnreadableError of a log that is out of reach; a TamperedError of the tiles. What a pack
    holds is not judged here: what was tampered with is handed over as it stands.
    """
    ledger = evidence.ledger
    with readable(ledger):
        published = ledger.published()
        under = ledger.cosigned() or published
    made_at = evidence.app.clock().isoformat().replace("+00:00", "Z")
    with _whole(folder) as part:
        pack = PackWriter(part)
        size = under.checkpoint.size
        events = _events(evidence, pack, size, asked, step)
        if asked.stream is not None and not events.count:
            raise StreamUnknownError(stream=asked.stream)
        if not asked.everything and not events.count:
            raise PartEmptyError(size=size)
        _log(ledger, under, pack)
        _beside(evidence, pack)
        if asked.everything and evidence.with_read_models:
            _read_models(evidence, pack, events.last_position, step)
        manifest = Manifest(
            ledger.origin,
            size,
            made_at,
            events.count,
            events.first,
            events.last,
            asked,
            pack.files,
        )
        pack.finish(manifest)
    return Exported(manifest, published.checkpoint.size - size)


@dataclass
class _Written:
    """Of the events in the pack."""

    count: int = 0
    first: int | None = None
    last: int | None = None
    last_position: int = 0


@contextmanager
def _whole(folder: Path) -> Generator[Path]:
    """A folder beside it to write to, which takes its name at the end, or is gone."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise PackExistsError(folder=folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent)
    except OSError as error:
        raise FileUnwritableError(file=folder, cause=error.strerror) from error
    part = Path(made)
    try:
        yield part
        part.replace(folder)  # over an empty folder, never over another
    except OSError as error:
        raise FileUnwritableError(file=error.filename or folder, cause=error.strerror) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _events(
    evidence: Evidence, pack: PackWriter, size: int, asked: Asked, step: Progress
) -> _Written:
    done = _Written()
    with ExitStack() as unlogged:
        rows = _events_of_leaves(evidence, pack, size, asked, step, unlogged)
        for path, group in groupby(rows, key=lambda row: events_path(row[0])):
            with pack.file(path) as output:
                for index, position, line in group:
                    output.write(line)
                    done.count += 1
                    done.first = index if done.first is None else done.first
                    done.last, done.last_position = index, position
    return done


def _events_of_leaves(
    evidence: Evidence,
    pack: PackWriter,
    size: int,
    asked: Asked,
    step: Progress,
    unlogged: ExitStack,
) -> Iterator[tuple[int, int, bytes]]:
    """Leaf, position and line; what stands among them in the store without a leaf goes apart."""
    wanted = _wanted(asked.stream)
    first, last = asked.first or 1, asked.last or LARGEST
    rows = _Rows(evidence.app.store.rows(first - 1, asked.last))
    strange: Sink | None = None
    for index, position in enumerate(log.positions(evidence.ledger, size)):
        if index % _STEP == 0:
            step(index, size)
        if not first <= position <= last:  # 0 is of no event
            continue
        for row in rows.up_to(position):
            if not wanted(row[2]):
                continue
            if row[0] == position:
                yield index, position, event_line(index, *row)
            else:
                strange = strange or unlogged.enter_context(pack.file(UNLOGGED))
                strange.write(event_line(None, *row))


class _Rows:
    """The store in its order, taken up to one position after the other."""

    def __init__(self, rows: Iterator[tuple[int, str, bytes]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def up_to(self, position: int) -> Iterator[tuple[int, str, bytes]]:
        while self._next is not None and self._next[0] <= position:
            yield self._next
            self._next = next(self._rows, None)


def _wanted(stream: str | None) -> Callable[[bytes], bool]:
    if stream is None:
        return lambda _: True

    def of_stream(state: bytes) -> bool:
        if stream.encode() not in state:
            return False
        try:
            return bool(loads(state)["originator_id"] == stream)
        except (ValueError, LookupError, TypeError):
            return False  # the log says that it was: a verifier tells that it is missing

    return of_stream


def _log(ledger: Ledger, under: Published, pack: PackWriter) -> None:
    size = under.checkpoint.size
    pack.add(CHECKPOINT, under.note)
    for tile in tiles_of(size):
        pack.add(f"log/{tile.path}", log.tile(ledger, tile))
    for signed in log.checkpoints(ledger, size):
        pack.add(checkpoint_path(signed.checkpoint.size), signed.note)
    for stamped, response in log.stamps(ledger, size):
        pack.add(stamp_path(stamped), response)


def _beside(evidence: Evidence, pack: PackWriter) -> None:
    policy = log.policy(evidence.ledger)
    if policy is not None:
        pack.add(POLICY, policy)
    for sha256, schema in catalogues().items():
        pack.add(schema_path(sha256), schema)
    for name, data in {**evidence.key_notes, **own_files()}.items():
        pack.add(name, data)


def _read_models(evidence: Evidence, pack: PackWriter, until: int, step: Progress) -> None:
    store = evidence.app.store
    events = (event for _, event in store.stream(until=until)) if until else iter(())
    try:
        found = read_models(events, store.scratch(), lambda done: step(done, until))
    except NotFoundError:
        return  # before the registers are in the log no read model can be made of it
    pack.add(READ_MODELS, encoded(found, until))
