"""Which kinds of stream there are, and for each: its commands, its fold and its decisions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from uitvoering.application import (
    findings,
    follow_ups,
    implementation_tests,
    journeys,
    proposals,
    registers,
    signals,
    verdict_challenges,
)
from uitvoering.application.caller import Caller
from uitvoering.application.context import Context
from uitvoering.application.identity import derived_id
from uitvoering.commands.audit import AuditCommand
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import FollowUpCommand
from uitvoering.commands.implementation_test import TestCommand
from uitvoering.commands.journey import JourneyCommand
from uitvoering.commands.proposal import ProposalCommand
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
from uitvoering.commands.signal import SignalCommand
from uitvoering.commands.verdict_challenge import ChallengeVerdict, VerdictChallengeCommand
from uitvoering.domain import (
    audit,
    follow_up,
    implementation_test,
    journey,
    proposal,
    signal,
    verdict_challenge,
)
from uitvoering.domain import registers as register_rows
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.projections import adoptions


@dataclass(frozen=True)
class Kind:
    """One kind of stream; `name` is also its resource in the API."""

    name: str
    births: frozenset[str]
    """Topics of the facts such a stream starts with."""
    evolve: Callable[[Any, Recorded[Any]], Any]
    decide: Callable[[Any, Any, Act, Context], tuple[Fact, ...]]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("signals", frozenset({"hardship-signalled"}), signal.evolve, signals.decide),
        Kind(
            "implementation-tests",
            frozenset({"test-requested"}),
            implementation_test.evolve,
            implementation_tests.decide,
        ),
        Kind("follow-ups", frozenset({"response-fell-due"}), follow_up.evolve, follow_ups.decide),
        Kind("proposals", frozenset({"proposal-registered"}), proposal.evolve, proposals.decide),
        Kind("policy-journeys", frozenset({"journey-started"}), journey.evolve, journeys.decide),
        Kind("findings", frozenset({"engagement-opened"}), audit.evolve, findings.decide),
        Kind(
            "verdict-challenges",
            frozenset({"verdict-challenged"}),
            verdict_challenge.evolve,
            verdict_challenges.decide,
        ),
        Kind("routes", frozenset({"route-set"}), register_rows.evolve, registers.decide),
        Kind(
            "organisations",
            frozenset({"organisation-registered"}),
            register_rows.evolve,
            registers.decide,
        ),
        Kind("templates", frozenset({"template-adopted"}), register_rows.evolve, registers.decide),
        Kind("policies", frozenset({"policy-adopted"}), register_rows.evolve, registers.decide),
        Kind("holidays", frozenset({"holidays-adopted"}), register_rows.evolve, registers.decide),
        Kind("methods", frozenset({"method-adopted"}), register_rows.evolve, registers.decide),
        Kind(
            "cosigning-policies",
            frozenset({"cosigning-policy-adopted"}),
            register_rows.evolve,
            registers.decide,
        ),
    )
}


def _members(*unions: Any) -> Iterator[type[Command]]:
    """The commands of each union; a union of one is that command itself."""
    for union in unions:
        yield from get_args(union) or (union,)


COMMANDS: dict[str, type[Command]] = {
    command.name(): command
    for command in _members(
        SignalCommand,
        TestCommand,
        FollowUpCommand,
        ProposalCommand,
        JourneyCommand,
        AuditCommand,
        VerdictChallengeCommand,
        RegisterCommand,
    )
}


def own_stream(command: Command, caller: Caller) -> str | None:
    """The stream that follows from what a command says and who says it; None where any will do.

    One level contests one verdict in one stream, so that two who are first cannot both be.
    """
    if isinstance(command, ChallengeVerdict):
        return derived_id(
            command.KIND,
            command.signal or command.test or "-",
            command.from_event or "-",
            command.to_event,
            command.dimension,
            command.method,
            caller.organisation,
            caller.level,
        )
    return register_stream(command)


def register_stream(command: Command) -> str | None:
    """The stream a register row lives in: one per code; None for anything but a register row."""
    match command:
        case SetRoute():
            return derived_id("routes", command.route)
        case RegisterOrganisation():
            return derived_id("organisations", command.organisation)
        case AdoptTemplate():
            return derived_id("templates", command.template)
        case AdoptPolicy():
            return derived_id("policies", command.name_of_policy)
        case AdoptHolidays():
            return derived_id("holidays", str(command.year))
        case AdoptMethod():
            return derived_id("methods", adoptions.SOFTENING)
        case AdoptCosigningPolicy():
            return derived_id("cosigning-policies", adoptions.LEDGER)
        case _:
            return None
