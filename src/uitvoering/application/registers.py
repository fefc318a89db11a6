"""What a command about a register row comes to."""

from hashlib import sha256
from typing import assert_never

from uitvoering.application.context import Context
from uitvoering.commands.registers import (
    AdoptCosigningPolicy,
    AdoptHolidays,
    AdoptMethod,
    AdoptPolicy,
    AdoptTemplate,
    RegisterCommand,
    RegisterOrganisation,
    SetRoute,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.registers import (
    AdoptionFact,
    CosigningPolicyAdopted,
    HolidaysAdopted,
    MethodAdopted,
    OrganisationRegistered,
    PolicyAdopted,
    RegisterFact,
    RouteSet,
    TemplateAdopted,
)
from uitvoering.domain.registers import RegisterEntry
from uitvoering.integrity.notes.policy_file import MOST_ASKED, policy_of
from uitvoering.integrity.witness.asking import clients_of


def decide(
    state: RegisterEntry | None, command: RegisterCommand, act: Act, context: Context
) -> tuple[Fact, ...]:
    """Refuse a body with a route the register does not know, and a policy file nobody can read."""
    facts = (state or RegisterEntry()).adopt(act, row_of(command))
    if facts and isinstance(command, RegisterOrganisation) and command.route is not None:
        context.route(command.route)
    if facts and isinstance(command, AdoptCosigningPolicy):
        clients_of(policy_of(command.text.encode(), MOST_ASKED))
    return facts


def row_of(command: RegisterCommand) -> RegisterFact | AdoptionFact:
    match command:
        case SetRoute():
            return RouteSet(
                route=command.route,
                levels=command.levels,
                in_force_from=command.in_force_from,
                source=command.source,
            )
        case RegisterOrganisation():
            return OrganisationRegistered(
                organisation=command.organisation,
                name=command.name_of_organisation,
                form=command.form,
                ministry=command.ministry,
                route=command.route,
                identifier=command.identifier,
                in_force_from=command.in_force_from,
                source=command.source,
            )
        case AdoptTemplate():
            return TemplateAdopted(
                template=command.template,
                name=command.name_of_template,
                mandatory=command.mandatory,
                optional=command.optional,
                in_force_from=command.in_force_from,
                source=command.source,
            )
        case AdoptPolicy():
            return PolicyAdopted(
                name=command.name_of_policy,
                value=command.value,
                unit=command.unit,
                in_force_from=command.in_force_from,
                source=command.source,
            )
        case AdoptHolidays():
            return HolidaysAdopted(year=command.year, days=command.days, source=command.source)
        case AdoptMethod():
            return MethodAdopted(
                method=command.method,
                digest=command.digest,
                in_force_from=command.in_force_from,
                source=command.source,
            )
        case AdoptCosigningPolicy():
            return CosigningPolicyAdopted(
                sha256=sha256(command.text.encode()).hexdigest(),
                text=command.text,
                in_force_from=command.in_force_from,
                source=command.source,
            )
        case _:
            assert_never(command)
