"""Who is next on the way up? The line levels of a body in order (ManagementChain)."""

from dataclasses import dataclass

from uitvoering.domain.values import Level, Way


@dataclass(frozen=True)
class Route:
    """The line levels of one body, lowest first."""

    code: str
    levels: tuple[Level, ...]

    def may_restate(self, level: Level) -> bool:
        """Tell whether the level is on the route, or beside or outside the line."""
        return level in self.levels or level.way is not Way.LINE

    def above(self, level: Level) -> tuple[Level, ...]:
        rank = level.rank
        return (
            self.levels
            if rank is None
            else tuple(
                other for other in self.levels if other.rank is not None and other.rank > rank
            )
        )

    def skipped(self, sender: Level, to: Level) -> tuple[Level, ...]:
        """Levels on the route between sender and addressee: shown, not refused."""
        if sender.rank is None or to.rank is None:
            return ()
        low, high = sorted((sender.rank, to.rank))
        return tuple(
            level for level in self.levels if level.rank is not None and low < level.rank < high
        )
