"""How do the stored views follow the events? A page at a time, each event exactly once.

A generation is one build of one view by one version of its fold. Its documents and its position
are written in one transaction that changes nothing when the position is no longer what it was
when the page was read: a crash, a second process or a lost lease never folds an event twice. The
lease only keeps runners out of each other's way.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from uuid import uuid4

from uitvoering.errors import UitvoeringError, ViewBehindError, ViewStoppedError
from uitvoering.persistence import view_standings
from uitvoering.persistence.recorder import Recorder
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.view_documents import StoredDocuments
from uitvoering.persistence.view_folding import Folded, View, folded
from uitvoering.persistence.view_snapshot import HeldDocument, held_documents
from uitvoering.persistence.view_standings import BUILDING, LIVE, Standing, Stop
from uitvoering.persistence.waking import LONGEST_WAIT

PAGE = 500
"""Events folded in one transaction."""
PATIENCE = 5.0
"""Seconds a reader waits for another runner to take in what was recorded before it asked."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the last position there was at the start."""


class Views:
    """The stored views of one store as one process knows them."""

    def __init__(self, recorder: Recorder, mapper: FactMapper, views: Sequence[View]) -> None:
        self._recorder = recorder
        self._mapper = mapper
        self._views = {view.name: view for view in views}
        self._holder = {kind: view for view in views for kind in view.kinds}
        self._runner = uuid4().hex
        self._begun = False
        self._turn = threading.Lock()
        """One thread of a process folds at a time: two would do the same work."""
        self._tried: set[tuple[int, int]] = set()
        """Generations and the positions they stopped at, that this process tried itself, once."""
        self._followed = 0

    def standings(self) -> list[Standing]:
        with self._recorder.reading() as statements:
            return view_standings.standings(statements, self._places(self._views.values()))

    def held(self, name: str) -> Generator[HeldDocument]:
        """Every live document of a view and how far it was, all of one moment, in no order.

        Whatever the driver or TypeError says of one that is no text.
        """
        with self._recorder.reading() as statements:
            yield from held_documents(statements, name, self._views[name].version)

    def documents(self, until: int = 0, *, whole: bool = False) -> StoredDocuments:
        """The live documents, each kind waited for until it holds the event at `until`.

        With `whole`, a view that stopped before it is ViewStoppedError: nothing is decided on
        half of what is known. Without, its documents are given as far as they go.
        """

        def reached(kind: str) -> int:
            return self.reach(self._holder[kind].name, until, whole=whole).generation

        return StoredDocuments(self._recorder, reached)

    def reach(self, name: str, position: int, *, whole: bool = False) -> Standing:
        """Return once the view holds that event; ViewBehindError when others take too long."""
        view, until = self._views[name], time.monotonic() + PATIENCE
        while True:
            rung = self._recorder.bell.rung
            with self._recorder.reading() as statements:
                found = view_standings.standing(statements, name, view.version)
            if found is None:
                # Not begun by this process yet, or retired by the rebuild of a newer version.
                self._begun = False
            elif found.position >= position:
                return found
            if found is not None and found.stop is not None and self._is_final(found):
                if whole:
                    raise _stopped(found, found.stop)
                return found
            if not self._followed and self.catch_up():
                continue
            if time.monotonic() > until:
                raise ViewBehindError(view=name, position=position)
            self._recorder.listen()
            self._recorder.bell.wait(rung, LONGEST_WAIT / 4)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Fold what is new into every view no other runner holds; the events folded by this call.

        A fact that cannot be folded stops that view alone: the others go on.
        """
        self._begin(LIVE, list(self._views.values()))
        return self._fold_all(list(self._views.values()), LIVE, progress)

    def rebuild(self, names: Sequence[str] = (), progress: Progress | None = None) -> int:
        """Build views anew beside the live ones; the events folded by this call.

        Readers keep the live documents until the switch. A rebuild that was killed is resumed, and
        two at once do not get in each other's way. Folds that have changed have a new version, so
        a build is never resumed by other folds than began it.
        """
        chosen = [self._views[name] for name in names or self._views]
        self._begin(BUILDING, chosen)
        events = 0
        stopped: list[ViewStoppedError] = []
        while chosen:
            events += self._fold_all(chosen, BUILDING, progress)
            chosen = [view for view in chosen if not self._switched(view, stopped)]
        more = True
        while more:
            with self._recorder.writing() as statements:
                more = view_standings.sweep(statements)
        if stopped:
            raise stopped[0]
        return events

    @contextmanager
    def following(self, failed: Callable[[Exception], None]) -> Generator[None]:
        """Keep the views caught up in the background until left; told of what goes wrong."""
        ended = threading.Event()

        def follow() -> None:
            try:
                self._recorder.listen()
                while not ended.is_set():
                    rung = self._recorder.bell.rung
                    try:
                        self.catch_up()
                    except Exception as error:  # noqa: BLE001 told, and tried again at the next ring
                        with suppress(Exception):
                            failed(error)
                    self._recorder.bell.wait(rung)
            finally:
                self._followed -= 1  # from here readers fold themselves

        thread = threading.Thread(target=follow, name="views", daemon=True)
        self._followed += 1
        thread.start()
        try:
            yield
        finally:
            ended.set()
            self._recorder.bell.ring()
            thread.join(timeout=PATIENCE)
            with suppress(UitvoeringError), self._recorder.writing() as statements:
                view_standings.release(statements, self._runner)

    def _places(self, views: Iterable[View]) -> list[tuple[str, int]]:
        return [(view.name, view.version) for view in views]

    def _begin(self, live: int, views: Sequence[View]) -> None:
        if live == LIVE and self._begun:
            return
        places = self._places(views)
        with self._recorder.reading() as statements:
            known = {
                (s.name, s.version) for s in view_standings.standings(statements, places, live)
            }
        missing = [place for place in places if place not in known]
        if missing:
            with self._recorder.writing() as statements:
                view_standings.begin(statements, missing, live)
        self._begun = self._begun or live == LIVE

    def _fold_all(self, views: Sequence[View], live: int, progress: Progress | None) -> int:
        last = self._recorder.max_notification_id() or 0 if progress is not None else 0
        events = 0
        while True:
            with self._turn:
                page = self._folded_page(views, live)
                if page is None:
                    return events
                events += self._write(page, live)
            if progress is not None:
                progress(min(view.position for view in page), last)

    def _folded_page(self, views: Sequence[View], live: int) -> list[Folded] | None:
        """Fold the next page into every view that stands before it; None when there is none."""
        by_name = {view.name: view for view in views}
        with self._recorder.reading() as statements:
            found = view_standings.standings(statements, self._places(views), live)
            free = [s for s in found if self._is_free(s, live)]
            if not free:
                return None
            start = min(s.position for s in free)
            ahead = min((s.position for s in free if s.position > start), default=None)
            rows = self._recorder.rows(statements, start, ahead, PAGE)
            if not rows:
                return None
            turn = [(by_name[s.name], s) for s in free if s.position == start]
            page = folded(turn, rows, self._mapper, statements)
            stopped = [(f.was.generation, f.stop.position) for f in page if f.stop is not None]
            self._tried.update(stopped)
            return page

    def _is_free(self, standing: Standing, live: int) -> bool:
        if standing.stop is not None and self._was_tried(standing.generation, standing.stop):
            return False
        return live == BUILDING or not standing.is_leased_to_another(self._runner)

    def _is_final(self, stopped: Standing) -> bool:
        """Not before this process tried it too: another version of the fold may get past it."""
        tried = stopped.stop is not None and self._was_tried(stopped.generation, stopped.stop)
        return tried or stopped.is_leased_to_another(self._runner)

    def _was_tried(self, generation: int, stop: Stop) -> bool:
        return (generation, stop.position) in self._tried

    def _write(self, page: Sequence[Folded], live: int) -> int:
        """Documents and position of each view together; the most events any of them took in."""
        events = 0
        with self._recorder.writing() as statements:
            for view in page:
                # A reader that folded the last page goes: the next must not wait for its lease.
                stays = self._followed or view.events == PAGE
                runner = self._runner if stays else None
                if view_standings.move(
                    statements, view.was, view.position, view.stop, runner, live
                ):
                    view.documents.write(statements)
                    events = max(events, view.events)
        return events

    def _switched(self, view: View, stopped: list[ViewStoppedError]) -> bool:
        """Whether the view is done with; not while the live one holds more than the build.

        A build that met a fact it cannot take in before the live one did is told among the
        stopped: the live one stays, and the other views go on.
        """
        with self._recorder.writing() as statements:
            live = view_standings.locked(statements, view.name, view.version, LIVE)
            built = view_standings.locked(statements, view.name, view.version, BUILDING)
            if built is None:
                return True  # the other rebuild of the two has switched
            if live is not None and live.position > built.position:
                if built.stop is not None:
                    stopped.append(_stopped(built, built.stop))
                return built.stop is not None
            view_standings.switch(statements, built)
        return True


def _stopped(view: Standing, stop: Stop) -> ViewStoppedError:
    return ViewStoppedError(view=view.name, position=stop.position, cause=stop.cause)
