"""Every command about tests, follow-ups and findings: asked again it records nothing."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, get_args

import pytest

from tests.domain.told_about_a_test import ASKING, OTHER_TEST, PROPOSAL, REQUESTED, TESTING
from tests.given import STREAM, By, act, event_id, recorded
from uitvoering.application import findings, follow_ups, implementation_tests
from uitvoering.application.context import Context
from uitvoering.commands import audit as findings_asked
from uitvoering.commands import follow_up as follow_ups_asked
from uitvoering.commands import implementation_test as asked
from uitvoering.commands.command import Command
from uitvoering.domain import refusals_of_tests as refused
from uitvoering.domain.acts import Act, Source
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.implementation_test import TestRequested
from uitvoering.domain.events.proposal import ProposalRegistered, VersionAdded, VersionKind
from uitvoering.domain.events.registers import (
    Form,
    OrganisationRegistered,
    PolicyAdopted,
    PolicyName,
    PolicyUnit,
    TemplateAdopted,
)
from uitvoering.domain.values import Level, Role
from uitvoering.errors import (
    NotFoundError,
    OrganisationUnknownError,
    ProposalVersionUnknownError,
    TemplateUnknownError,
)
from uitvoering.projections import implementation_tests as implementation_test_documents
from uitvoering.projections import proposals, registers
from uitvoering.projections.documents import InMemory

SINCE = date(2020, 1, 1)
SOURCE = Source(title="Register")
AUDITING = act(Level.OMBUDSMAN, "2026-03-02", Role.AUDITOR, "nationale-ombudsman")
CLOCK = act(Level.BOARD, "2026-03-02", Role.CLOCK, "uwv")


@cache
def context() -> Context:
    """Two bodies, one template, one proposal version, two tests and the term of a test."""
    documents = InMemory()
    rows: list[Fact] = [
        *(
            OrganisationRegistered(
                organisation=code, name=code, form=Form.ZBO, in_force_from=SINCE, source=SOURCE
            )
            for code in ("uwv", "svb")
        ),
        TemplateAdopted(
            template="uwv",
            name="UWV",
            mandatory=("handhaafbaarheid",),
            optional=("privacy",),
            in_force_from=SINCE,
            source=SOURCE,
        ),
        PolicyAdopted(
            name=PolicyName.TEST_TERM_DAYS,
            value=42,
            unit=PolicyUnit.DAYS,
            in_force_from=SINCE,
            source=SOURCE,
        ),
    ]
    for event in recorded(rows):
        registers.fold(event, documents)
    versions = (
        ProposalRegistered(title="Wet vereenvoudiging"),
        VersionAdded(version="consultatie-1", kind=VersionKind.CONSULTATIE),
    )
    for event in recorded(versions, PROPOSAL):
        proposals.fold(event, documents)
    for event in recorded([REQUESTED], OTHER_TEST) + recorded([REQUESTED], STREAM):
        implementation_test_documents.fold(event, documents)
    return Context(documents=documents, terms=registers.terms(documents))


@dataclass(frozen=True)
class Ask:
    """A command by its own example, with what differs, after others that lead up to it."""

    command: type[Command]
    by: Act = TESTING
    more: tuple[tuple[str, Any], ...] = ()
    after: "tuple[Ask, ...]" = ()

    def made(self) -> Command:
        example = self.command.model_json_schema()["examples"][0]
        return self.command.model_validate(example | dict(self.more))


REQUEST = Ask(asked.RequestTest, ASKING, (("template", "uwv"), ("tester", "uwv")))
ASSESS = Ask(asked.AssessAspect, after=(REQUEST,))
VERDICT = Ask(asked.GiveVerdict, after=(REQUEST, ASSESS))
CONCLUDE = Ask(asked.ConcludeTest, after=(REQUEST, ASSESS, VERDICT))
DONE = (*CONCLUDE.after, CONCLUDE)
DUE = Ask(follow_ups_asked.MakeResponseDue, CLOCK)

ASKS = (
    REQUEST,
    *(
        Ask(command, after=(REQUEST,))
        for command in (
            asked.AcceptTest,
            asked.DeclineTest,
            asked.SetTerm,
            asked.ExtendTerm,
            asked.AddChainParty,
            asked.RateDisruption,
            asked.EstimateCost,
            asked.EstimateStaffing,
            asked.StateCondition,
            asked.MakeRecommendation,
            asked.ShareDraft,
            asked.Comment,
            asked.RewritePassage,
            asked.StateInCarrier,
        )
    ),
    ASSESS,
    VERDICT,
    CONCLUDE,
    Ask(asked.PublishTest, after=DONE),
    Ask(asked.SupersedeTest, more=(("by", OTHER_TEST),), after=DONE),
    DUE,
    *(
        Ask(command, ASKING, after=(DUE,))
        for command in (
            follow_ups_asked.GiveResponse,
            follow_ups_asked.AccountFor,
            follow_ups_asked.MeetCondition,
            follow_ups_asked.LapseCondition,
        )
    ),
    Ask(findings_asked.IssueFinding, AUDITING),
)

MODULES: dict[str, Any] = {
    "implementation-tests": implementation_tests,
    "follow-ups": follow_ups,
    "findings": findings,
}


def told(module: Any, *asks: Ask) -> list[Fact | By]:
    facts: list[Fact | By] = []
    for ask in asks:
        decided = module.decide(state_of(module, facts), ask.made(), ask.by, context())
        facts += [By(fact, ask.by) for fact in decided]
    return facts


def state_of(module: Any, facts: list[Fact | By]) -> Any:
    state = None
    for event in recorded(facts):
        state = module.evolve(state, event)
    return state


def test_every_command_is_asked_here() -> None:
    every = {
        *get_args(asked.TestCommand),
        *get_args(follow_ups_asked.FollowUpCommand),
        findings_asked.IssueFinding,
    }
    assert {ask.command for ask in ASKS} == every


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.command.name())
def test_asked_again_it_records_nothing(ask: Ask) -> None:
    module = MODULES[ask.command.KIND]
    facts = told(module, *ask.after, ask)
    assert len(facts) > len(told(module, *ask.after)), "the first time it records"
    assert module.decide(state_of(module, facts), ask.made(), ask.by, context()) == ()


@pytest.mark.parametrize(
    "ask", [ask for ask in ASKS if ask.after], ids=lambda ask: ask.command.name()
)
def test_nothing_happens_to_what_was_never_begun(ask: Ask) -> None:
    module = MODULES[ask.command.KIND]
    with pytest.raises((refused.TestNotRequestedError, refused.FollowUpNotOpenedError)):
        module.decide(None, ask.made(), ask.by, context())


@pytest.mark.parametrize("module", [implementation_tests, follow_ups])
def test_a_fold_of_nothing_is_nothing(module: Any) -> None:
    with pytest.raises((refused.TestNotRequestedError, refused.FollowUpNotOpenedError)):
        module.fold([])


def test_the_aspects_of_the_template_and_the_term_of_the_policy_go_into_the_request() -> None:
    (requested,) = told(implementation_tests, request(("termDays", None)))
    assert isinstance(requested, By)
    assert isinstance(requested.fact, TestRequested)
    assert requested.fact.aspects == ("handhaafbaarheid",)
    assert requested.fact.optional_aspects == ("privacy",)
    assert requested.fact.term_days == 42


def test_a_request_sets_its_own_term() -> None:
    (requested,) = told(implementation_tests, request(("termDays", 10)))
    assert isinstance(requested, By)
    assert isinstance(requested.fact, TestRequested)
    assert requested.fact.term_days == 10


def test_a_request_again_is_a_retry_also_when_the_template_has_changed_since() -> None:
    facts = told(implementation_tests, request(("termDays", None)))
    later = Context(documents=InMemory(), terms=context().terms)
    state, again = state_of(implementation_tests, facts), request(("termDays", None)).made()
    assert implementation_tests.decide(state, again, ASKING, later) == ()  # type: ignore[arg-type]  # made() is typed as any Command


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (("proposalVersion", "concept-9"), ProposalVersionUnknownError),
        (("template", "geen"), TemplateUnknownError),
        (("tester", "geen"), OrganisationUnknownError),
    ],
)
def test_a_request_names_what_is_known(more: tuple[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        told(implementation_tests, request(more))


def test_a_finding_is_of_the_body_that_acts_unless_another_is_named() -> None:
    ask = Ask(findings_asked.IssueFinding, AUDITING, (("body", None),))
    opened, issued = (item.fact for item in told(findings, ask) if isinstance(item, By))
    assert getattr(opened, "body", None) == "nationale-ombudsman"
    assert getattr(issued, "theme", None) == "rechtsbescherming"


@pytest.mark.parametrize(
    ("ask", "lead_up"),
    [
        (Ask(asked.AddChainParty, more=(("party", "geen"),)), (REQUEST,)),
    ],
    ids=["a chain party"],
)
def test_what_is_referred_to_is_known(ask: Ask, lead_up: tuple[Ask, ...]) -> None:
    with pytest.raises(NotFoundError, match=f"{event_id(3)}|geen"):
        told(MODULES[ask.command.KIND], *lead_up, ask)


def request(*more: tuple[str, Any]) -> Ask:
    return Ask(asked.RequestTest, ASKING, (*REQUEST.more, *more))
