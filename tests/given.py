"""given(facts).when(decision).then(facts): a domain test is a sentence."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.values import Level, Role
from uitvoering.errors import UitvoeringError

S = TypeVar("S")
STREAM = "00000000-0000-4000-8000-000000000001"


def event_id(n: int) -> str:
    """The id of the n-th fact given, from 1."""
    return str(UUID(int=n + (7 << 76) + (2 << 62)))


def act(
    level: Level = Level.FRONTLINE,
    happened_on: str = "2026-01-05",
    role: Role = Role.LINE,
    organisation: str = "uwv",
    **more: Any,
) -> Act:
    return Act(
        happened_on=date.fromisoformat(happened_on),
        actor_role=role,
        actor_pseudonym=more.pop("pseudonym", "p-1"),
        organisation=organisation,
        level=level,
        correlation_id=event_id(999),
        **more,
    )


@dataclass(frozen=True)
class By:
    """A fact together with who did it and when, for given()."""

    fact: Fact
    act: Act = field(default_factory=act)


def recorded(facts: Iterable[Fact | By], stream: str = STREAM) -> list[Recorded[Fact]]:
    rows: list[Recorded[Fact]] = []
    for n, item in enumerate(facts, start=1):
        by = item if isinstance(item, By) else By(item)
        rows.append(
            Recorded[Fact].model_construct(
                **{name: getattr(by.act, name) for name in Act.model_fields},
                event_id=event_id(n),
                originator_id=stream,
                originator_version=n,
                timestamp=datetime(2026, 1, 5, 12, tzinfo=UTC),
                fact=by.fact,
            )
        )
    return rows


@dataclass(frozen=True)
class Given(Generic[S]):
    evolve: Callable[[S | None, Recorded[Any]], S]
    facts: tuple[Fact | By, ...]
    outcome: tuple[Fact, ...] | UitvoeringError | None = None

    @property
    def state(self) -> S | None:
        state: S | None = None
        for row in recorded(self.facts):
            state = self.evolve(state, row)
        return state

    def when(self, decision: Callable[[Any], tuple[Fact, ...]]) -> "Given[S]":
        try:
            return replace(self, outcome=decision(self.state))
        except UitvoeringError as error:
            return replace(self, outcome=error)

    def then(self, *facts: Fact) -> None:
        assert self.outcome == facts

    def then_nothing(self) -> None:
        """A retry records nothing."""
        assert self.outcome == ()

    def then_refused(self, error: type[UitvoeringError], because: str) -> None:
        assert isinstance(self.outcome, error), self.outcome
        assert because in str(self.outcome)
