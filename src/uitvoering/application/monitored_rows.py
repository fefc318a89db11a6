"""Every row of the events, also one that the driver cannot read: it was edited by hand."""

from bisect import bisect_left
from collections.abc import Iterator

from uitvoering.errors import UitvoeringError
from uitvoering.persistence.failures import is_failure
from uitvoering.persistence.store import PAGE, Store

Stored = tuple[int, str, bytes]
"""Position, topic and bytes."""


def every_row(store: Store, after: int, until: int, page: int = PAGE) -> Iterator[Stored]:
    """In order; of one that cannot be read the position, and neither topic nor bytes.

    `until` is the position of an event. UitvoeringError of a store that is away or damaged.
    """
    while after < until:
        try:
            for position, topic, state in store.rows(after, until, page):
                after = position
                yield position, str(topic), state
        except Exception as error:
            if not is_of_the_bytes(error):
                raise
        else:
            return
        if page > 1:
            page = 1  # one that cannot be read hides the others of its page
            continue
        after, page = _first_after(store, after, until), PAGE
        yield after, "", b""


def is_of_the_bytes(error: Exception) -> bool:
    """Whether it came of what a row holds, and not of the store as a whole."""
    return not (isinstance(error, UitvoeringError) or is_failure(error))


def _first_after(store: Store, after: int, until: int) -> int:
    """The position of the next event, whatever it holds."""

    def is_there(position: int) -> bool:
        try:
            return next(store.rows(after, position, 1), None) is not None
        except Exception as error:
            if not is_of_the_bytes(error):
                raise
            return True

    return after + 1 + bisect_left(range(after + 1, until), x=True, key=is_there)
