"""Who acts, when, on whose behalf and by which source: the envelope a caller gives to a fact."""

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from uitvoering.domain.values import (
    CalendarDate,
    Code,
    Id,
    Level,
    Name,
    Personal,
    Reference,
    Regime,
    Role,
    Text,
    Value,
)


class MustAsk(Value):
    """A lateral or external party that had to be asked, and by which rule."""

    level: Level
    basis: Name


class Reply(Value):
    """What the level concerned says about a fact; always shown with it (hoor en wederhoor)."""

    by: Level
    text: Text
    source: Reference | None = None


class Source(Value):
    """Where a fact, a term or a register row can be read."""

    title: Name
    publisher: Name | None = None
    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    locator: Reference | None = None


class Act(Value):
    """Who acts, in which capacity, and when it happened: the caller's half of the envelope."""

    happened_on: CalendarDate
    """The day the fact took place; with `happened_from`, its last possible day."""
    happened_from: CalendarDate | None = None
    """First possible day, when only a range is known."""
    actor_role: Role
    actor_pseudonym: Annotated[Name, Personal(subject="actor_pseudonym")]
    organisation: Code
    level: Level
    on_behalf_of: Name | None = None
    regime: Regime = Regime.INTERNAL
    causation_id: Id | None = None
    correlation_id: Id
    source: Source | None = None
    """The public document that carries the fact, for histories told from sources."""
    reply: Reply | None = None
    """What the level concerned says about this fact, where a source gives it."""

    @model_validator(mode="after")
    def _range_in_order(self) -> Self:
        if self.happened_from is not None and self.happened_from > self.happened_on:
            raise ValueError("range_order")
        return self
