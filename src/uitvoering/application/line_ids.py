"""Which event and which stream does a line of an import stand for? The same each time it lands.

Ids stand in the log for all to read. Made from a line's own id alone, they would let anyone test a
guess at it, and `record` takes that id from the words: so a store with a log mixes in a secret.
"""

from dataclasses import dataclass

from uitvoering.application.identity import derived_id


@dataclass(frozen=True)
class LineIds:
    secret: str = ""
    """Of this store; none where there is no log to read ids in."""

    def event(self, line: str) -> str:
        """The first event of a line."""
        return self._derived("event", line)

    def stream(self, kind: str, line: str) -> str:
        """The stream that a line begins."""
        return self._derived(kind, line)

    def _derived(self, *parts: str) -> str:
        secret = (self.secret,) if self.secret else ()
        return derived_id("import", *parts, *secret)


PLAIN = LineIds()
"""As lines landed before there was a log; they are still found."""
