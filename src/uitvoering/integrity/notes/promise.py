"""A promise: this event was taken in and will be in the log before a term; signed at once.

One that was not kept is proof of misbehaviour, in the hands of who filed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from uitvoering.integrity.notes.checkpoint import hash_of
from uitvoering.integrity.notes.note import NoteMalformedError, base64_of

VERSION = "uitvoering-promise/v1"
PROMISE_SUFFIX = "/promise"
"""Behind the origin of the log: the name of the key. It never signs a checkpoint."""
_LINES = 6
_EVENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_TERM = re.compile(r"[1-9]\d{0,6}")


@dataclass(frozen=True)
class Promise:
    origin: str
    leaf_hash: bytes
    event_id: str
    at: datetime
    """UTC."""
    term_seconds: int

    @property
    def due(self) -> datetime:
        return self.at + timedelta(seconds=self.term_seconds)

    @property
    def text(self) -> str:
        """What is signed. Its second line is no number: it never passes for a checkpoint."""
        lines = (
            VERSION,
            self.origin,
            base64_of(self.leaf_hash),
            self.event_id,
            self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            str(self.term_seconds),
        )
        return "\n".join(lines) + "\n"


def promise_of(text: str) -> Promise:
    """Of a note's text. NoteMalformedError."""
    lines = text.split("\n")
    if len(lines) != _LINES + 1 or lines[0] != VERSION or lines[-1]:
        raise NoteMalformedError(cause=f"it is no {VERSION}")
    _, origin, hashed, event_id, at, term, _ = lines
    if not (_EVENT.fullmatch(event_id) and _TIME.fullmatch(at) and _TERM.fullmatch(term)):
        raise NoteMalformedError(cause="event, time or term of the promise is not in its form")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise NoteMalformedError(cause="the time of the promise is none") from error
    if moment > datetime.max.replace(tzinfo=UTC) - timedelta(seconds=int(term)):
        raise NoteMalformedError(cause="the promise ends after the last day that can be written")
    return Promise(origin, hash_of(hashed), event_id, moment, int(term))
