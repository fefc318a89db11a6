"""What may be asked of an audit engagement: issue a finding, as it came."""

from typing import ClassVar

from pydantic import ConfigDict

from uitvoering.commands.command import Command
from uitvoering.domain.values import Code, Id, Level, Name, Role, Statement


class IssueFinding(Command):
    """Open an engagement and issue its finding in one go."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-09-01",
                    "mandate": "own-mandate",
                    "body": "nationale-ombudsman",
                    "statement": {
                        "text": "Bij 232 gezinnen is de toeslag gestopt voordat zij konden "
                        "aantonen dat hun aanvraag klopte.",
                        "severity": 4,
                        "affectedGroups": ["ouders met kinderopvangtoeslag"],
                        "affectedCount": 232,
                        "evidence": [{"kind": "study", "locator": "rapport 2017/095"}],
                    },
                    "to": "minister",
                    "theme": "rechtsbescherming",
                }
            ]
        }
    )

    KIND: ClassVar[str] = "findings"
    PATH: ClassVar[str] = ""
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.AUDITOR, Role.REGISTRAR})

    mandate: Name = "own-mandate"
    """Under which mandate; `own-mandate` is the body's own, by law."""
    body: Code | None = None
    """Whose finding it is; without it the organisation you act for."""
    statement: Statement | None = None
    """Null only from a public source that does not say how the finding was put."""
    to: Level | None = None
    about: Id | None = None
    """The signal the finding is about, if it names one."""
    previous: Id | None = None
    """The event whose statement it weighs, if it names one."""
    theme: Name | None = None


AuditCommand = IssueFinding
