"""How does a reader hear of new events? It looks again every twenty milliseconds."""

import time
from collections.abc import Sequence

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

_PAGE = 500
_PAUSE = 0.02
"""Seconds; a write in one process reaches a reader in another about this much later."""


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Yields every event once and in order, and waits at the end of the log for the next."""

    def __init__(
        self, recorder: ApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._page: list[Notification] = []

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._page:
                return self._page.pop(0)
            self._page = list(
                self._recorder.select_notifications(
                    self._last_notification_id or 0,
                    _PAGE,
                    None,
                    self._topics,
                    inclusive_of_start=False,
                )
            )
            if self._page:
                self._last_notification_id = self._page[-1].id
            else:
                time.sleep(_PAUSE)
        raise StopIteration
