"""Which class does a stored topic mean? A closed list: a row can never name code to import."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.topics import FACTS


@cache
def recorded_type(kind: type[Fact]) -> type[Recorded[Any]]:
    """The whole envelope around one kind of fact; made once, because pydantic compiles it."""
    made: Any = Recorded.__class_getitem__(kind)
    of_kind: type[Recorded[Any]] = made
    return of_kind


class Topics:
    """The kinds of fact that may stand in a store, by permanent topic."""

    def __init__(self, kinds: Mapping[str, type[Fact]] = FACTS) -> None:
        self._kinds = dict(kinds)

    def kind(self, topic: str) -> type[Fact] | None:
        """None for a topic that is not ours: the row was not written by this product."""
        return self._kinds.get(topic)
