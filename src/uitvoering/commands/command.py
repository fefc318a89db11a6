"""What every command carries besides its own fields: when it happened and under which regime."""

import re
from typing import ClassVar

from uitvoering.domain.acts import Reply, Source
from uitvoering.domain.values import CalendarDate, Id, Name, Regime, Role, Value

ANYONE = frozenset(Role) - {Role.CLOCK, Role.ADMINISTRATOR}
LINE = frozenset({Role.LINE})


class Command(Value):
    """An imperative. Who acts is not in it: that comes from the caller's token or settings."""

    KIND: ClassVar[str]
    """The resource it acts on, as in the API: `signals`, `implementation-tests`, ..."""
    PATH: ClassVar[str]
    """The sub-resource it is posted to; empty for the command that starts a new one."""
    ROLES: ClassVar[frozenset[Role]] = ANYONE

    happened_on: CalendarDate
    happened_from: CalendarDate | None = None
    """First possible day, when only a range is known; `happened_on` is then the last."""
    on_behalf_of: Name | None = None
    regime: Regime | None = None
    causation_id: Id | None = None
    correlation_id: Id | None = None
    source: Source | None = None
    reply: Reply | None = None

    @classmethod
    def name(cls) -> str:
        """Kebab-case: `hand-on`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
