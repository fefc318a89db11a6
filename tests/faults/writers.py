"""What the other processes do: write, fold, migrate, or run into a full disk."""

import os
import random
import resource
import sys
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

from tests.faults.killing import mortal
from tests.persistence.facts import Tally, remembered, stream, stream_id
from tests.persistence.folding import COUNTS, CountingView, fold, fold_reading_first
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import BusyError, StoreLockedError
from uitvoering.persistence import view_standings, views
from uitvoering.persistence.store import ConflictError, Store, migrate, open_store
from uitvoering.persistence.view_documents import PageDocuments


def migrate_once(url: str) -> None:
    migrate(url)


def migrate_until_dead(url: str, steps: int) -> None:
    life = mortal()
    life.spend(steps)
    migrate(url)


def append_in_contention(url: str, streams: int, each: int, seed: int) -> None:
    """Adds `each` events, on streams others write to as well; decides again after a conflict."""
    chance = random.Random(seed)  # noqa: S311 which stream comes next is no secret
    with closing(open_store(url)) as store:
        for _ in range(each):
            while True:
                n = chance.randrange(streams)
                version = len(store.facts(stream_id(n)))
                try:
                    store.append(stream(n, 1, after=version))
                except (ConflictError, StoreLockedError):
                    continue
                break


def append(url: str, number: int) -> None:
    with closing(open_store(url)) as store:
        store.append(stream(number, 1))


def catch_up(url: str) -> None:
    with closing(open_store(url)) as store:
        store.views(COUNTS).catch_up()
        last = store.position()
        assert store.views(COUNTS).documents(last).get(Tally, stream_id(0)) is not None


def rebuild(url: str) -> None:
    with closing(open_store(url)) as store:
        store.views(COUNTS).rebuild()


def append_on_a_full_disk(url: str, said: str) -> None:
    """The disk takes no more than half a megabyte from here; then it is refused, and it says so."""
    limit = 512 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with closing(open_store(url)) as store:
        for n in range(100):
            try:
                store.append(stream(n, 50))
            except BusyError as refused:
                Path(said).write_text(f"{n} {refused.code}")
                break
        else:
            sys.exit("the disk never filled")


def fold_on_a_full_disk(url: str, doing: str, said: str) -> None:
    """`catch_up` or `rebuild` with room for a page of the view and not for all of them."""
    limit = 192 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with closing(open_store(url)) as store:
        try:
            getattr(store.views(COUNTS), doing)()
        except BusyError as refused:
            Path(said).write_text(refused.code)


def begin_and_work(url: str, number: int, each: int) -> None:
    """All that a process does when it starts on what may be an empty database."""
    migrate(url)
    with closing(open_store(url)) as store, store.views(COUNTS).following(_end):
        for n in range(each):
            events = save(number, n)
            while not _appended(store, events, f"{number}-{n}"):
                pass
        documents = store.views(COUNTS).documents(store.position(), whole=True)
        assert documents.get(Tally, stream_id(2 * number)) is not None


def _appended(store: Store, events: list[AnyRecorded], key: str) -> bool:
    """Not where others held the store all the while one waits for it: a slow disk is no fault."""
    try:
        store.append(events, idempotency=remembered(key))
    except StoreLockedError:
        return False
    return True


def save(number: int, n: int) -> list[AnyRecorded]:
    """The nth save of a writer: two events of its first stream and one of its second."""
    return [*stream(2 * number, 2, after=2 * n), *stream(2 * number + 1, 1, after=n)]


def append_until_dead(url: str, numbers: list[int], steps: int, acknowledged: str) -> None:
    """A thread for each number, all in one process that dies after so many steps."""
    life = mortal()
    notes = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(store: Store, number: int) -> None:
        for n in range(1_000_000):
            events = save(number, n)
            store.append(events, idempotency=remembered(f"{number}-{n}"))
            os.write(notes, " ".join([*(event.event_id for event in events), "\n"]).encode())

    with closing(open_store(url)) as store:
        threads = [Thread(target=write, args=(store, number)) for number in numbers]
        life.spend(steps)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def fold_until_dead(url: str, doing: str, steps: int, page: int) -> None:
    """`catch_up` or `rebuild`; dies after so many steps or comes to its end; leaves no lease."""
    life = mortal()
    views.PAGE = page
    view_standings.LEASE_MS = 0
    with closing(open_store(url)) as store:
        life.spend(steps)
        getattr(store.views(COUNTS), doing)()


def follow_reading_first(url: str, events: int, page: int) -> None:
    """Ends when it has seen so many events."""
    views.PAGE = page
    view_standings.LEASE_MS = 0
    with closing(open_store(url)) as store:
        view = store.views([CountingView(fold_reading_first)])
        while sum(tally.count for _, tally in view.documents().all(Tally)) < events:
            view.catch_up()


def follow(url: str, lease: int, folded: str, ready: str) -> None:
    """Follows until killed, and notes every event it folds; says when it has begun."""
    view_standings.LEASE_MS = lease
    notes = os.open(folded, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def noting(event: AnyRecorded, documents: PageDocuments) -> None:
        os.write(notes, f"{event.event_id}\n".encode())
        fold(event, documents)

    with closing(open_store(url)) as store, store.views([CountingView(noting)]).following(_end):
        with Path(ready).open("a") as told:
            told.write("+")
        Event().wait()


def _end(error: Exception) -> None:
    """A follower that is told of anything here has failed its test, but that it must wait."""
    if isinstance(error, StoreLockedError):
        return
    os.write(2, f"{error!r}\n".encode())
    os._exit(3)
