"""What did all stored views hold at one moment, and how far was each of them?"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from uitvoering.persistence.transactions import Statements

# One statement, as it is one moment on both stores: between two, a view may have moved on.
_HELD = (
    "SELECT g.name, g.version, g.position, d.kind, d.key, d.document FROM view_generation AS g"
    " LEFT JOIN view_document AS d ON d.generation = g.generation WHERE g.live = 1"
)


class HeldDocument(NamedTuple):
    view: str
    position: int
    """The last event its view holds."""
    kind: str | None
    """None for a view without any document; then the two that follow say nothing."""
    key: str
    text: str


def held_documents(
    statements: Statements, places: Iterable[tuple[str, int]]
) -> Iterator[HeldDocument]:
    wanted = set(places)
    for name, version, *rest in statements.each(_HELD):
        if (name, version) in wanted:
            yield HeldDocument(name, *rest)
