"""How far behind is each stored view, and which of them stopped?"""

from uitvoering.application.reading import Reading
from uitvoering.domain.values import Code, Value


class ViewStanding(Value):
    """One stored view as an operator watches it."""

    name: Code
    version: int
    position: int
    """The last event it holds."""
    lag_events: int
    """Recorded since; counted up to 10,000."""
    lag_seconds: int
    """How long the first of those has been waiting; 0 when there are none."""
    stopped_at: int | None
    """The position of a fact it could not take in: it waits before that one."""
    stopped_by: str | None
    """Kind of error and place in the code."""


def standings(reading: Reading) -> tuple[ViewStanding, ...]:
    """Every stored view in order of name; one that nobody began to build stands at 0."""
    known = {standing.name: standing for standing in reading.views.standings()}
    now = reading.clock()
    found: list[ViewStanding] = []
    for projection in sorted(reading.projections, key=lambda each: each.name):
        standing = known.get(projection.name)
        position = standing.position if standing is not None else 0
        stop = standing.stop if standing is not None else None
        behind = reading.store.backlog(position)
        waited = 0.0 if behind.since is None else (now - behind.since).total_seconds()
        found.append(
            ViewStanding(
                name=projection.name,
                version=projection.version,
                position=position,
                lag_events=behind.events,
                lag_seconds=max(0, round(waited)),
                stopped_at=None if stop is None else stop.position,
                stopped_by=None if stop is None else stop.cause,
            )
        )
    return tuple(found)
