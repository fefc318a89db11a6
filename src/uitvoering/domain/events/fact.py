"""What every fact is: an immutable payload with a permanent topic, in a whole envelope."""

from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar

from uitvoering.domain.acts import Act
from uitvoering.domain.values import Id, Level, Value


class Fact(Value):
    """What happened, without who and when; a subclass gets its topic at birth and keeps it."""

    TOPIC: ClassVar[str]
    class_version: ClassVar[int] = 1


F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Recorded(Act, Generic[F_co]):
    """A fact as it is stored for ever: the act it came from, its place in a stream, two clocks."""

    event_id: Id
    originator_id: Id
    originator_version: int
    """1 for the first fact of a stream, without gaps."""
    timestamp: datetime
    """When it was recorded, UTC."""
    fact: F_co


Saying = tuple[Fact, date, Level, str]


def saying(fact: Fact, act: Act) -> Saying:
    """What makes two requests the same: the same fact, of the same day, by one level and body."""
    return (fact, act.happened_on, act.level, act.organisation)
