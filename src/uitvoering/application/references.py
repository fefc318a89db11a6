"""Does everything a command refers to beyond its own stream exist?"""

from collections.abc import Iterator
from typing import Any

from uitvoering.application.context import Context
from uitvoering.application.identity import fold
from uitvoering.application.kinds import KINDS
from uitvoering.commands.audit import IssueFinding
from uitvoering.commands.command import Command
from uitvoering.commands.follow_up import MakeResponseDue
from uitvoering.commands.implementation_test import SupersedeTest
from uitvoering.commands.journey import AttachSignal, AttachTest, StartJourney
from uitvoering.commands.signal import MergeSignal, Restate, SignalHardship, SplitSignal
from uitvoering.commands.verdict_challenge import ChallengeVerdict
from uitvoering.domain import signal
from uitvoering.errors import EventUnknownError, SubjectUnknownError
from uitvoering.persistence.store import Store


def refuse_loose_ends(command: Command, context: Context, store: Store) -> None:
    """Asked only of what would record something: a retry refers to what stood there before."""
    match command:
        case SignalHardship(body=body):
            # Without a body the clocks would not know whose line the matter has to go up.
            context.organisation(body)
        case _:
            pass
    for kind, stream in streams_named(command):
        first: list[Any] = store.facts(stream, until=1)
        if not first or first[0].fact.TOPIC not in KINDS[kind].births:
            raise SubjectUnknownError(kind=kind, id=stream)
    if isinstance(command, MergeSignal):
        # A matter that goes on in one that has ended would end nowhere.
        fold(signal.evolve, store.facts(command.into)).refuse_if_over()
    for event in events_named(command):
        if store.event(event) is None:
            raise EventUnknownError(event=event)


def streams_named(command: Command) -> Iterator[tuple[str, str]]:
    """Kind and id of every stream it names."""
    named: tuple[tuple[str, str | None], ...]
    match command:
        case SignalHardship(proposal=proposal, journey=journey):
            named = (("proposals", proposal), ("policy-journeys", journey))
        case MergeSignal(into=into):
            named = (("signals", into),)
        case SplitSignal(into=parts):
            named = tuple(("signals", part) for part in parts)
        case IssueFinding(about=about):
            named = (("signals", about),)
        case SupersedeTest(by=by):
            named = (("implementation-tests", by),)
        case StartJourney(proposal=proposal) | MakeResponseDue(proposal=proposal):
            named = (("proposals", proposal),)
        case AttachTest(test=test):
            named = (("implementation-tests", test),)
        case ChallengeVerdict(signal=signal, test=test):
            named = (("signals", signal), ("implementation-tests", test))
        case AttachSignal(signal=signal):
            named = (("signals", signal),)
        case _:
            named = ()  # the version a test is requested of is looked up with the proposal
    return ((kind, stream) for kind, stream in named if stream is not None)


def events_named(command: Command) -> Iterator[str]:
    """Every event it names that may stand in another stream."""
    match command:
        case Restate(previous=str() as event) | IssueFinding(previous=str() as event):
            yield event
        case MakeResponseDue(of=event):
            yield event
        case _:
            pass
