"""What did a stored view hold at one moment, and how far was it?"""

from collections.abc import Iterator
from typing import NamedTuple

from uitvoering.persistence.transactions import Statements

# One statement, as it is one moment on both stores: between two, a view may have moved on.
_HELD = (
    "SELECT g.position, d.kind, d.key, d.document FROM view_generation AS g"
    " LEFT JOIN view_document AS d ON d.generation = g.generation WHERE g.live = 1"
    " AND g.name = ? AND g.version = ?"
)


class HeldDocument(NamedTuple):
    position: int
    """The last event the view holds."""
    kind: str | None
    """None for a view without any document; then the two that follow say nothing."""
    key: str
    text: str


def held_documents(statements: Statements, name: str, version: int) -> Iterator[HeldDocument]:
    for position, *document in statements.each(_HELD, (name, version)):
        # A column of SQLite holds whatever was put there by hand.
        if document[0] is not None and not all(isinstance(text, str) for text in document):
            raise TypeError("a view holds what is no text")
        yield HeldDocument(int(position), *document)
