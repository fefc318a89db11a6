"""All leaves and events of a pack, some thousands at a time, in as many processes as were asked."""

import re
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

from uitvoering.integrity.verify.beside import Before
from uitvoering.integrity.verify.chunk import Checked, Chunk, leaves_checked
from uitvoering.integrity.verify.diagnosis import mapping_of, text_in
from uitvoering.integrity.verify.findings import MOST_TOLD, Finding, Report, Standing, broken
from uitvoering.integrity.verify.lines import lines_checked, missing
from uitvoering.integrity.verify.moments import newest_recorded
from uitvoering.integrity.verify.pack import UNLOGGED, Listed, events_path
from uitvoering.integrity.verify.reading import lines, wrong_file
from uitvoering.integrity.verify.tree import LeafTree

Progress = Callable[[int, int], None]
"""Called with how many leaves, or events, were done and how many there are."""


def unwatched(_: int, __: int) -> None:
    """For whom nobody waits."""


_FORK = "fork"
_AHEAD = 2
"""Chunks per process that are sent out before the oldest answer is taken."""
_EVENT_ID = re.compile(rb'"eventId":"([^"\\]*)"')


@dataclass
class Tally:
    """What was right in all chunks together."""

    events: int = 0
    commits: int = 0
    unopened: int = 0
    seen: int = 0
    seen_before: int = 0
    """States that authors saw, and that may be of the log before this one."""
    schemas: set[str] = field(default_factory=set[str])
    positions: tuple[int, int] | None = None
    """Of the first and the last event found."""
    places: tuple[int, int] | None = None
    """Their leaves."""
    newest: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    """As `Newest`, for the sizes that were asked for."""
    tiles_agree: bool = True
    """Whether all bundles and the tiles over them are right; those above are not among them."""


def events_checked(
    chunks: Iterable[Chunk],
    jobs: int,
    tree: LeafTree,
    report: Report,
    step: Progress,
    before: Before | None = None,
) -> Tally:
    """Fills the tree and the report; in memory are a few chunks at most."""
    tally, last, newest = Tally(), 0, (-1, 0)
    for chunk, done in _in_processes(chunks, jobs):
        tree.take(done.hashes)
        tally.tiles_agree = tally.tiles_agree and done.tiles_agree
        report.extend(done.found, done.counts)
        tally.events += done.events
        tally.commits += done.commits
        tally.unopened += done.unopened
        tally.schemas |= done.schemas
        for found in done.recorded:
            newest = max(newest, (found.seconds, found.leaf))
            tally.newest[found.size] = newest
        if done.positions is not None and done.places is not None:
            if done.positions[0] <= last:
                report.add(
                    broken(
                        "event-out-of-order",
                        chunk.leaves.start,
                        position=done.positions[0],
                        event="?",
                    )
                )
            last = done.positions[1]
            tally.positions = ((tally.positions or done.positions)[0], last)
            tally.places = ((tally.places or done.places)[0], done.places[1])
        for (size, root), (index, event) in done.seen.items():
            wrong = _wrongly_seen(tree, size, root, index, event)
            if wrong is None:
                tally.seen += 1
            elif before is not None and before.may_have_been(size, root):
                tally.seen_before += 1
            else:
                report.add(wrong)
        step(chunk.leaves.stop, tree.size)
    return tally


def placed(report: Report, tree: LeafTree) -> None:
    """Of every event that stands where another should: does the log have it elsewhere?"""
    strange = [found for found in report.findings if found.code == "event-other"]
    if not strange:
        return
    looked_for = {str(found.values["found"]).encode(errors="replace") for found in strange}
    places: dict[str, int] = {}
    for index, leaf in tree.leaves():
        named = _EVENT_ID.search(leaf)
        if named is not None and named[1] in looked_for:
            places[named[1].decode()] = index
    for found in strange:
        belongs = places.get(str(found.values["found"]))
        values = {**found.values, "belongs": belongs}
        code = "event-inserted" if belongs is None else "event-moved"
        report.replace(found, Finding(Standing.BROKEN, code, values, found.index))


def unlogged(folder: Path, listed: Listed | None) -> tuple[list[Finding], int]:
    """Events the store held among those of the log, and that the log does not have."""
    found: list[Finding] = []
    count = 0
    for line in lines(folder, UNLOGGED, listed):
        count += 1
        if count <= MOST_TOLD:
            read = mapping_of(line) or {}
            position, event = text_in(read, "position"), text_in(read.get("event"), "event_id")
            found.append(broken("event-unlogged", position=position, event=event))
    return found, count


def _wrongly_seen(tree: LeafTree, size: int, root: str, index: int, event: str) -> Finding | None:
    """The checkpoint an author had before him is older than his event, and of this log."""
    if size < 0 or size > index:
        return broken("seen-later", index, event=event, size=size)
    if tree.is_whole and tree.root(size).hex() != root:
        return broken("seen-differs", index, event=event, size=size)
    return None


def checked(chunk: Chunk) -> Checked:
    """In any process: what it is given and gives back is small."""
    done = Checked()
    leaves = leaves_checked(chunk, done)
    done.recorded += newest_recorded(leaves, chunk.leaves.start, chunk.sizes)
    name = events_path(chunk.leaves.start)
    listed = chunk.files.get(name)
    if listed is None:
        missing(chunk, leaves, chunk.leaves, done)
        return done
    wrong = wrong_file(chunk.folder, name, listed)
    if wrong is not None:
        done.add(wrong)
    lines_checked(chunk, name, leaves, done)
    return done


def _in_processes(chunks: Iterable[Chunk], jobs: int) -> Iterator[tuple[Chunk, Checked]]:
    """In the order given; by this process alone where no other can be forked."""
    if jobs < 2 or _FORK not in get_all_start_methods():  # noqa: PLR2004 one other is none more
        yield from ((chunk, checked(chunk)) for chunk in chunks)
        return
    waiting: deque[tuple[Chunk, Future[Checked] | None]] = deque()
    with ProcessPoolExecutor(jobs, get_context(_FORK), _deaf_to_interrupts) as pool:
        for chunk in chunks:
            waiting.append((chunk, _sent(pool, chunk)))
            if len(waiting) > _AHEAD * jobs:
                yield _answered(*waiting.popleft())
        while waiting:
            yield _answered(*waiting.popleft())


def _sent(pool: ProcessPoolExecutor, chunk: Chunk) -> Future[Checked] | None:
    try:
        return pool.submit(checked, chunk)
    except BrokenProcessPool:
        return None


def _answered(chunk: Chunk, sent: Future[Checked] | None) -> tuple[Chunk, Checked]:
    """A process that was killed, for want of memory perhaps, is done without."""
    try:
        return chunk, checked(chunk) if sent is None else sent.result()
    except BrokenProcessPool:
        return chunk, checked(chunk)


def _deaf_to_interrupts() -> None:
    """Ctrl-C is for the one who asked; the others end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
