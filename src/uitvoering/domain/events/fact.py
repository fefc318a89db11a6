"""What every fact is: an immutable payload with a permanent topic, in a whole envelope."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Generic, TypeVar

from pydantic import Field

from uitvoering.domain.acts import Act
from uitvoering.domain.values import Id, Level, Value, Wording


class Fact(Value):
    """What happened, without who and when; a subclass gets its topic at birth and keeps it."""

    TOPIC: ClassVar[str]
    class_version: ClassVar[int] = 1


F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Seen(Value):
    """A checkpoint of the log: how many leaves, and which root (hex)."""

    root: str
    size: int


class Commitment(Value):
    """HMAC-SHA256 (hex) over one passage: fits no other text, and says nothing of this one."""

    at: str
    """JSON Pointer (RFC 6901) to the passage in the stored state."""
    hmac: str


class Proof(Value):
    """What a log needs of an event besides the fact (INTEGRITY 2 and 5); from a log's start on."""

    commits: tuple[Commitment, ...]
    """One for every passage of words, in the order of their places."""
    opening: Annotated[str, Wording()]
    """256 random bits (hex) that open the commitments; sealed with the words and gone with them."""
    schema_sha256: str
    """Of the catalogue of schemas that describes these bytes."""
    seen: Seen
    """The newest checkpoint its author could have been shown."""


class Recorded(Act, Generic[F_co]):
    """A fact as it is stored for ever: the act it came from, its place in a stream, two clocks."""

    event_id: Id
    originator_id: Id
    originator_version: int
    """1 for the first fact of a stream, without gaps."""
    timestamp: datetime
    """When it was recorded, UTC."""
    fact: F_co
    proof: Proof | None = Field(default=None, exclude=True)
    """Stored, and left out of every answer: only its author is given what opens his words."""


Saying = tuple[Fact, date, Level, str]


def saying(fact: Fact, act: Act) -> Saying:
    """What makes two requests the same: the same fact, of the same day, by one level and body."""
    return (fact, act.happened_on, act.level, act.organisation)
