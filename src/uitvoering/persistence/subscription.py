"""How does a reader follow the log? Page after page, and at its end until the bell rings."""

from collections import deque
from collections.abc import Sequence

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from uitvoering.persistence.waking import Bell

_PAGE = 500


class WokenSubscription(Subscription[ApplicationRecorder]):
    """Yields every event once and in order, and waits at the end of the log for the next."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        bell: Bell,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._bell = bell
        self._page: deque[Notification] = deque()

    def stop(self) -> None:
        super().stop()
        self._bell.ring()  # whoever waits in __next__ looks up and leaves

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            while self._page:
                notification = self._page.popleft()
                self._last_notification_id = notification.id
                if not self._topics or notification.topic in self._topics:
                    return notification
            self._turn_page()
        raise StopIteration

    def _turn_page(self) -> None:
        rung = self._bell.rung
        # Events of other topics are read as well: what was passed once is never searched again.
        self._page.extend(
            self._recorder.select_notifications(
                self._last_notification_id or 0, _PAGE, inclusive_of_start=False
            )
        )
        if not self._page:
            self._bell.wait(rung)
