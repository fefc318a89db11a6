"""What the other processes do: write, fold, migrate, or run into a full disk."""

import random
import resource
import sys
from contextlib import closing
from pathlib import Path

from tests.persistence.facts import Tally, stream, stream_id
from tests.persistence.folding import fold
from uitvoering.errors import BusyError
from uitvoering.persistence.store import ConflictError, migrate, open_store


def migrate_once(url: str) -> None:
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
                except ConflictError:
                    continue
                break


def append_and_acknowledge(url: str, number: int, acknowledged: str) -> None:
    """Writes until killed; notes every version after its save was confirmed."""
    with closing(open_store(url)) as store, Path(acknowledged).open("a") as notes:
        for version in range(1_000_000):
            store.append(stream(number, 1, after=version))
            notes.write(f"{version + 1}\n")
            notes.flush()


def catch_up(url: str, version: int) -> None:
    with closing(open_store(url)) as store:
        store.views().catch_up(fold, version)
        assert store.views().documents(version).get(Tally, stream_id(0)) is not None


def rebuild(url: str, version: int) -> None:
    with closing(open_store(url)) as store:
        store.views().rebuild(fold, version)


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
