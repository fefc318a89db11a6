"""Whatever writers do to each other, who follows the log sees every committed event once, in order.

Three who follow: a reader that goes on from its last position, the subscription, a stored view.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from enum import Enum
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.promises import kept, until
from tests.persistence.facts import stream
from tests.persistence.folding import CountingView, fold
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.persistence import views
from uitvoering.persistence.migrations import open_recorder
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.store import Store, migrate
from uitvoering.persistence.transactions import Statements
from uitvoering.persistence.view_documents import PageDocuments


class Does(Enum):
    APPEND = "appends two events in a transaction that stays open"
    COMMIT = "one of those that stayed open is committed"
    CANCEL = "one of those is rolled back"
    SAVE = "saves one event at once"
    READ = "everybody who follows looks"


class Order(Enum):
    """What keeps writers apart."""

    SQLITE = "the file is theirs from the beginning of a transaction to its end"
    SERIAL = "one appends at a time"
    PARALLEL = "nothing"


_WRITERS = 3
_OFTEN = [*Does, Does.APPEND, Does.SAVE, Does.READ]
STEPS = st.lists(
    st.tuples(st.sampled_from(_OFTEN), st.integers(0, _WRITERS - 1)), min_size=12, max_size=30
)


class Cancelled(Exception):  # noqa: N818 no error: a writer that thinks better of it
    pass


class Writer:
    """One connection that may keep a transaction open while others go on."""

    def __init__(self, recorder: Recorder, new_events: Callable[[int], list[AnyRecorded]]) -> None:
        self.recorder = recorder
        self.store = Store(recorder)
        self.new_events = new_events
        self.events: list[AnyRecorded] = []
        self._statements: Statements | None = None
        self._open: AbstractContextManager[Statements] | None = None

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def append(self) -> None:
        if self._open is None or self._statements is None:
            self._open = self.recorder.writing()
            self._statements = self._open.__enter__()
        events = self.new_events(2)
        stored = [self.store._mapper.to_stored_event(event) for event in events]  # noqa: SLF001 in a transaction kept open
        self.recorder.insert_within(self._statements, stored)
        self.events += events

    def end(self, *, commit: bool) -> list[str]:
        """The ids of what is in the log now."""
        events, self.events = self.events, []
        ending, self._open = self._open, None
        assert ending is not None
        if commit:
            ending.__exit__(None, None, None)
            return [event.event_id for event in events]
        assert not ending.__exit__(Cancelled, Cancelled(), None)
        return []


class Followers:
    """What each of them saw, from a position on."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.store = Store(recorder)
        self.folded: list[str] = []
        self.view = self.store.views([CountingView(self._fold)])
        self.tailed: list[str] = []
        self.at = 0

    def _fold(self, event: AnyRecorded, documents: PageDocuments) -> None:
        self.folded.append(event.event_id)
        fold(event, documents)

    def look(self, *, fold: bool) -> None:
        for position, event in self.store.stream(self.at, page=3):
            assert position > self.at
            self.at = position
            self.tailed.append(event.event_id)
        if fold:
            self.view.catch_up()


@contextmanager
def subscribed(recorder: Recorder, after: int) -> Iterator[list[int]]:
    """The positions a subscription gave, growing in the background."""
    seen: list[int] = []
    with recorder.subscribe(gt=after) as subscription:
        thread = Thread(target=lambda: seen.extend(event.id for event in subscription))
        thread.start()
        try:
            yield seen
        finally:
            subscription.stop()
            thread.join()


class Story:
    """One schedule of steps, told to writers and followers of one store."""

    def __init__(self, order: Order, writers: list[Writer], followers: Followers) -> None:
        self.order = order
        self.writers = writers
        self.followers = followers
        self.committed: set[str] = set()

    def step(self, does: Does, n: int) -> None:
        opened = [writer for writer in self.writers if writer.is_open]
        writer = self.writers[n]
        # It would wait for the other: it does nothing now.
        waits = self.order is not Order.PARALLEL and bool(opened) and opened != [writer]
        match does:
            case Does.READ:
                # In SQLite a view cannot be written while a writer holds the file: later, then.
                self.followers.look(fold=self.order is not Order.SQLITE or not opened)
            case Does.APPEND if not waits:
                writer.append()
            case Does.SAVE if not waits and not writer.is_open:
                (event,) = writer.new_events(1)
                writer.store.append([event])
                self.committed.add(event.event_id)
            case Does.COMMIT | Does.CANCEL if opened:
                ending = opened[n % len(opened)]
                self.committed.update(ending.end(commit=does is Does.COMMIT))
            case _:
                pass

    def tell(self, steps: list[tuple[Does, int]]) -> None:
        followers = self.followers
        start = followers.at
        followers.tailed.clear()
        followers.folded.clear()
        with subscribed(followers.recorder, start) as given_out:
            try:
                for does, n in steps:
                    self.step(does, n)
            finally:
                for writer in self.writers:
                    if writer.is_open:
                        self.committed.update(writer.end(commit=True))
            followers.look(fold=True)
            log = list(followers.store.stream(start))
            assert [event.event_id for _, event in log] == followers.tailed == followers.folded
            until(lambda: len(given_out) >= len(log))
        assert [position for position, _ in log] == given_out
        assert len(log) == len(self.committed)
        assert {event.event_id for _, event in log} == self.committed


@pytest.fixture(params=list(Order))
def order(request: pytest.FixtureRequest) -> Order:
    found: Order = request.param
    return found


@pytest.fixture
def url(order: Order, request: pytest.FixtureRequest) -> str:
    kind = "sqlite_url" if order is Order.SQLITE else "postgres_url"
    url: str = request.getfixturevalue(kind)
    migrate(url, writers=Writers.PARALLEL if order is Order.PARALLEL else None)
    return url


def test_who_follows_the_log_sees_every_committed_event_once_and_in_one_order(
    order: Order, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 3)
    streams = iter(range(1_000_000))

    def new_events(count: int) -> list[AnyRecorded]:
        return stream(next(streams), count)

    with ExitStack() as stack:
        writers = [
            Writer(stack.enter_context(closing(open_recorder(url, 2))), new_events)
            for _ in range(_WRITERS)
        ]
        followers = Followers(stack.enter_context(closing(open_recorder(url, 4))))

        @settings(max_examples=40)
        @given(STEPS)
        def whatever_the_interleaving(steps: list[tuple[Does, int]]) -> None:
            Story(order, writers, followers).tell(steps)

        whatever_the_interleaving()
        kept(followers.store)
