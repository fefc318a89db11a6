"""Which facts a command about a finding comes to."""

from uitvoering.application.context import Context
from uitvoering.commands.audit import AuditCommand
from uitvoering.domain.acts import Act
from uitvoering.domain.audit import AuditEngagement, evolve
from uitvoering.domain.events.fact import Fact

__all__ = ["decide", "evolve"]


def decide(
    state: AuditEngagement | None, command: AuditCommand, act: Act, _: Context
) -> tuple[Fact, ...]:
    return AuditEngagement.issue_finding(
        state,
        act,
        mandate=command.mandate,
        body=command.body or act.organisation,
        statement=command.statement,
        to=command.to,
        about=command.about,
        previous=command.previous,
        theme=command.theme,
    )
