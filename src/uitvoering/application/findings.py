"""Which facts a command about a finding comes to."""

from uitvoering.application.context import Context
from uitvoering.commands.audit import AuditCommand
from uitvoering.domain.audit import AuditEngagement, evolve
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.values import Act
from uitvoering.errors import SubjectUnknownError
from uitvoering.projections.signals import SignalDossier

__all__ = ["decide", "evolve"]


def decide(
    state: AuditEngagement | None, command: AuditCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    about = command.about
    if about is not None and context.documents.get(SignalDossier, about) is None:
        raise SubjectUnknownError(kind="signals", id=about)
    return AuditEngagement.issue_finding(
        state,
        act,
        mandate=command.mandate,
        body=command.body or act.organisation,
        statement=command.statement,
        to=command.to,
        about=about,
        previous=command.previous,
        theme=command.theme,
    )
