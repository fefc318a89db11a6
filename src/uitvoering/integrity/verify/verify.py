"""Does an evidence pack prove what it says? Checked offline, with nothing of its maker."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.tree.tiles import tiles_of
from uitvoering.integrity.verify import files as verify_files
from uitvoering.integrity.verify.beside import beside_the_log, continued, stamps_checked
from uitvoering.integrity.verify.brought import brought, refuse_unkeepable
from uitvoering.integrity.verify.events import (
    Progress,
    Tally,
    events_checked,
    placed,
    unlogged,
    unwatched,
)
from uitvoering.integrity.verify.findings import Finding, Report, Standing, broken, holds, unchecked
from uitvoering.integrity.verify.history import Opened, history_of
from uitvoering.integrity.verify.kept import keep
from uitvoering.integrity.verify.pack import (
    CHECKPOINT,
    READ_MODELS,
    UNLOGGED,
    Asked,
    Manifest,
    PackMalformedError,
    manifest_in,
)
from uitvoering.integrity.verify.parts import asked_otherwise, left_out, wrong_bounds
from uitvoering.integrity.verify.reading import read_listed, taken
from uitvoering.integrity.verify.tree import LOG, LeafTree

Replay = Callable[[Path, Manifest, Progress], Iterable[Finding]]
"""Makes the read models from the events of a pack and compares them with those it brings."""


@dataclass(frozen=True)
class Asking:
    """What is verified, and against what."""

    folder: Path
    policy: bytes
    """The file of who verifies; what the pack brings is only compared with it."""
    now: int
    """Seconds since 1970."""
    given: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Checkpoints he brings, by the names of their files."""
    kept: Path | None = None
    """Where the checkpoints of earlier verifications are, and that of this one goes."""
    older: bool = False
    """He knows that the log went on after this pack: what he holds may be of more leaves."""
    asked: Asked = field(default_factory=Asked)
    """Which events he asked for; who names nothing asks for all of them."""
    jobs: int = 1
    stamp_roots: Sequence[bytes] = ()
    replay: Replay | None = None
    """Without it the read models are not checked."""
    own: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Of our own product, by their names in a pack: files that no log proves."""
    running_from: Path | None = None
    """The file this program is, where it is one file."""


def verify(asking: Asking, step: Progress = unwatched) -> Report:
    """Everything that can be checked; what is wrong is in the report and stops nothing else.

    PackUnknownError; PolicyMalformedError, CheckpointUnusableError, KeptNoFolderError: of what he
    brings himself, before anything is verified.
    """
    policy = policy_of(asking.policy)
    given = {file: brought(file, data, policy) for file, data in asking.given.items()}
    if asking.kept is not None:
        refuse_unkeepable(asking.kept)
    report = Report(str(asking.folder))
    try:
        manifest = manifest_in(asking.folder)
    except PackMalformedError as error:
        report.add(broken("manifest-wrong", cause=error.values["cause"]))
        return report
    report.origin, report.size = manifest.origin, manifest.size
    report.extend(verify_files.presence(asking.folder, manifest))
    if not verify_files.can_be_whole(manifest):
        report.add(broken("tiles-missing", size=manifest.size))
        return report
    report.extend(verify_files.beside(asking.folder, manifest))
    report.extend(verify_files.unknown(manifest))
    tree = LeafTree(asking.folder, manifest.size)
    before, said_before = continued(tree, policy, manifest.origin)
    tally = events_checked(
        verify_files.chunks(asking.folder, manifest),
        asking.jobs,
        tree,
        report,
        step,
        before,
    )
    wrong_tiles = list(_wrong_tiles(asking.folder, manifest, tree))
    report.extend(wrong_tiles)
    opened = Opened(
        asking.folder,
        manifest,
        policy,
        tree,
        tally,
        None if before is None else before.ended,
        tiles_agree=tally.tiles_agree and not wrong_tiles,
    )
    _events(asking, opened, report)
    history = history_of(opened, given, asking.kept, older=asking.older)
    if not report.is_broken:
        littered = any(found.code == "file-litter" for found in report.findings)
        code = "files-littered" if littered else "files"
        report.add(holds(code, count=len(manifest.files) + 1))
        report.extend(_counted(manifest, tally) if history.is_uncontradicted else ())
    report.extend(
        found
        for found in said_before
        if history.is_uncontradicted or found.standing is not Standing.HOLDS
    )
    if before is not None and tally.seen_before:
        report.add(before.seen(tally.seen_before))
    report.extend(history.findings)
    report.root = history.root
    report.extend(stamps_checked(asking.folder, manifest, tree, asking.stamp_roots, tally.newest))
    report.extend(
        beside_the_log(asking.folder, manifest, asking.policy, asking.own, asking.running_from)
    )
    _read_models(asking, manifest, report, step)
    report.add(unchecked("truth"))
    if asking.kept is not None and not report.is_broken:
        _keep(asking, asking.kept, report)
    return report


def _wrong_tiles(folder: Path, manifest: Manifest, tree: LeafTree) -> Iterator[Finding]:
    """Those above the leaf hashes, against what the leaves make."""
    if not tree.is_whole:
        yield broken("tree-unmade")
        return
    for tile in tiles_of(manifest.size):
        if tile.level > 0:
            name = f"{LOG}/{tile.path}"
            data = read_listed(folder, name, manifest.files.get(name))
            if isinstance(data, Finding):
                yield data
            elif data != tree.tile(tile):
                yield broken("tile-differs", file=name)


def _events(asking: Asking, opened: Opened, report: Report) -> None:
    """What is wrong with them, or cannot be checked."""
    manifest, tally = opened.manifest, opened.tally
    placed(report, opened.tree)
    found, count = unlogged(asking.folder, manifest.files.get(UNLOGGED))
    report.extend(found, {"event-unlogged": count})
    if tally.events != manifest.events:
        report.add(broken("count-differs", found=tally.events, listed=manifest.events))
    report.extend(verify_files.schemas(manifest, tally.schemas))
    report.extend(asked_otherwise(manifest, asking.asked))
    report.extend(left_out(manifest, tally))
    if not report.is_broken:
        report.extend(wrong_bounds(manifest, tally))
    if tally.unopened:
        report.add(unchecked("wordings-sealed", count=tally.unopened))


def _counted(manifest: Manifest, tally: Tally) -> Iterator[Finding]:
    """Of events in which nothing is wrong, and whose leaves are those of the log."""
    yield holds("events", count=tally.events)
    if manifest.asked.everything:
        yield holds("complete", size=manifest.size)
    elif tally.places is not None:
        if manifest.asked.stream is not None:
            yield holds("complete-stream", stream=manifest.asked.stream, size=manifest.size)
        else:
            yield holds("complete-part", first=tally.places[0], last=tally.places[1])
    if tally.commits:
        yield holds("wordings", count=tally.commits)
    if tally.seen:
        yield holds("seen", count=tally.seen)
    if tally.schemas:
        yield holds("schemas", count=len(tally.schemas))


def _read_models(asking: Asking, manifest: Manifest, report: Report, step: Progress) -> None:
    if asking.replay is None:
        report.add(unchecked("read-models-elsewhere"))
    elif not manifest.asked.everything:
        report.add(unchecked("read-models-part"))
    elif READ_MODELS not in manifest.files:
        report.add(unchecked("read-models-none"))
    elif report.is_broken:
        report.add(unchecked("read-models-broken"))
    else:
        report.extend(asking.replay(asking.folder, manifest, step))


def _keep(asking: Asking, folder: Path, report: Report) -> None:
    """The checkpoint of this pack: the next one must extend it."""
    try:
        keep(folder, taken(asking.folder / CHECKPOINT), asking.now)
    except OSError as error:
        report.add(unchecked("kept-unwritable", folder=str(folder), cause=error.strerror))
