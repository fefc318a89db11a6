"""What may be asked of a follow-up: answer it, account for it, and say that a condition is met."""

from typing import ClassVar

from uitvoering.commands.command import Command
from uitvoering.commands.examples_of_tests import example
from uitvoering.domain.events.follow_up import Matter, Outcome
from uitvoering.domain.values import (
    CalendarDate,
    Code,
    EvidenceReference,
    Id,
    Level,
    Name,
    Reference,
    Role,
    Statement,
    Text,
)

_ANSWERING = frozenset({Role.LINE, Role.REQUESTER})
_FOLLOWING = _ANSWERING | {Role.TESTER}


class AboutFollowUp(Command):
    KIND: ClassVar[str] = "follow-ups"


class MakeResponseDue(AboutFollowUp):
    """Open a follow-up; the application does so itself for everything that is to be answered."""

    model_config = example(
        "2026-06-15",
        matter="condition",
        of="018f3a52-0c11-7c3e-9d2a-5b6c7d8e9f01",
        ofStream="9f6b6a0e-2a3c-4f8e-8a51-0d2c7e5b9a44",
        code="c1",
        proposal="3b1f0c9e-5d3a-4c55-9d0e-6f1f4a2b7c10",
        theme="gegevensuitwisseling",
        dueOn="2026-09-15",
    )

    PATH: ClassVar[str] = ""
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.CLOCK})

    matter: Matter
    of: Id
    of_stream: Id
    code: Code | None = None
    proposal: Id | None = None
    theme: Name | None = None
    statement: Statement | None = None
    due_on: CalendarDate


class GiveResponse(AboutFollowUp):
    """Answer; partly, not adopted and deferred need a reason."""

    model_config = example(
        "2026-06-15",
        outcome="partly",
        reason="De levering wordt geregeld, maar per kwartaal in plaats van per maand.",
        statement={"text": "Het kabinet neemt de randvoorwaarde deels over."},
        to="board",
    )

    PATH: ClassVar[str] = "responses"
    ROLES: ClassVar[frozenset[Role]] = _ANSWERING

    outcome: Outcome | None
    """Null only from a public source that does not say."""
    reason: Text | None = None
    statement: Statement | None = None
    to: Level | None = None


class AccountFor(AboutFollowUp):
    """Point to where the answer is accounted for."""

    model_config = example("2026-06-15", carrier="Memorie van toelichting", locator="par. 7.3")

    PATH: ClassVar[str] = "accounts"
    ROLES: ClassVar[frozenset[Role]] = _ANSWERING

    carrier: Reference
    locator: Reference


class MeetCondition(AboutFollowUp):
    """Say that a condition is met, and what shows it."""

    model_config = example(
        "2026-06-15",
        evidence=[
            {
                "kind": "document",
                "locator": "Staatsblad 2026, 211, artikel 4a",
                "dated": "2026-06-10",
            }
        ],
    )

    PATH: ClassVar[str] = "met-conditions"
    ROLES: ClassVar[frozenset[Role]] = _FOLLOWING

    evidence: tuple[EvidenceReference, ...]


class LapseCondition(AboutFollowUp):
    """Say why a condition no longer applies."""

    model_config = example(
        "2026-06-15", reason="Het artikel waarop de voorwaarde zag is uit het voorstel."
    )

    PATH: ClassVar[str] = "lapsed-conditions"
    ROLES: ClassVar[frozenset[Role]] = _FOLLOWING

    reason: Text


FollowUpCommand = MakeResponseDue | GiveResponse | AccountFor | MeetCondition | LapseCondition
