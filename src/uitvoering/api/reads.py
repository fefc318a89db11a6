"""Every question with its own address: the read models, as they stood at any moment.

The query keys are those of the read model itself, so that a new selection needs no new endpoint.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import Annotated, Any, get_args, get_type_hints
from uuid import UUID

from fastapi import FastAPI, Query, Response
from pydantic.alias_generators import to_camel

from uitvoering.api.answers import Asked, Asking, Cut, Part, cursor_of, page_of
from uitvoering.api.endpoints import add_get
from uitvoering.application.caller import Caller
from uitvoering.domain.values import CalendarDate
from uitvoering.projections.acknowledged_not_resolved import acknowledged_not_resolved
from uitvoering.projections.adoptions import cosigning_policies, methods
from uitvoering.projections.assessment_register import assessment_register
from uitvoering.projections.conditions_at_entry import conditions_at_entry
from uitvoering.projections.documents import Row
from uitvoering.projections.due_soon import due_soon
from uitvoering.projections.first_reach import first_reach
from uitvoering.projections.hotspots import hotspots
from uitvoering.projections.inbox import inbox
from uitvoering.projections.journey_board import journey_board
from uitvoering.projections.journey_timeline import journey_timeline
from uitvoering.projections.kpi_tension import kpi_tension
from uitvoering.projections.lessons import lessons
from uitvoering.projections.my_signals import my_signals
from uitvoering.projections.registers import (
    holidays,
    organisations,
    policies,
    routes,
    templates,
)
from uitvoering.projections.repeated_advice import repeated_advice
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.projections.test_rewrites import test_rewrites
from uitvoering.projections.unanswered import unanswered
from uitvoering.projections.verdict_challenge_counts import verdict_challenge_counts
from uitvoering.projections.verdict_challenges import verdict_challenges

Answer = Callable[..., Sequence[Row]]
MAX_SELECTION = 200
"""Characters, as of a name."""
MAX_NUMBER = 36_525
"""Days in a century, as of `act_within_days`."""
_NAMED = 2
"""A read model takes documents and moment; what follows by name are its selections."""


def _of_caller(caller: Caller) -> Mapping[str, Any]:
    return {"organisation": caller.organisation, "level": caller.level}


def _by_caller(caller: Caller) -> Mapping[str, Any]:
    return {"pseudonym": caller.pseudonym, "organisation": caller.organisation}


def _nobody(caller: Caller) -> Mapping[str, Any]:  # noqa: ARG001 for reads that are nobody's own
    return {}


@dataclass(frozen=True)
class Read:
    """Where a question is asked, and which of its selections the path or the caller fixes."""

    path: str
    name: str
    answer: Answer
    about: str | None = None
    """The selection the `{id}` of the path fixes."""
    own: Callable[[Caller], Mapping[str, Any]] = _nobody
    fixed: frozenset[str] = frozenset()
    """The selections the caller fixes."""

    @property
    def row(self) -> type[Row]:
        row: type[Row] = get_args(get_type_hints(self.answer)["return"])[0]
        return row


READS = (
    Read("/signals/{id}/trail", "get_signal_trail", signal_trail, "signal"),
    Read("/implementation-tests/{id}/rewrites", "list_test_rewrites", test_rewrites, "test"),
    Read("/policy-journeys/{id}/timeline", "get_journey_timeline", journey_timeline, "journey"),
    Read("/policy-journeys/{id}/board", "get_journey_board", journey_board, "journey"),
    Read("/hotspots", "list_hotspots", hotspots),
    Read("/unanswered", "list_unanswered", unanswered),
    Read("/first-reaches", "list_first_reaches", first_reach),
    Read("/acknowledged-not-resolved", "list_acknowledged_not_resolved", acknowledged_not_resolved),
    Read(
        "/my-signals",
        "list_my_signals",
        my_signals,
        own=_by_caller,
        fixed=frozenset({"pseudonym", "organisation"}),
    ),
    Read("/inbox", "list_inbox", inbox, own=_of_caller, fixed=frozenset({"organisation", "level"})),
    Read("/due-soon", "list_due_soon", due_soon),
    Read("/conditions-at-entry", "list_conditions_at_entry", conditions_at_entry),
    Read("/assessment-register", "list_assessment_register", assessment_register),
    Read("/repeated-advice", "list_repeated_advice", repeated_advice),
    Read("/kpi-tensions", "list_kpi_tensions", kpi_tension),
    Read("/lessons", "list_lessons", lessons),
    Read("/verdict-challenges", "list_verdict_challenges", verdict_challenges),
    Read("/verdict-challenge-counts", "list_verdict_challenge_counts", verdict_challenge_counts),
    Read("/organisations", "list_organisations", organisations),
    Read("/routes", "list_routes", routes),
    Read("/templates", "list_templates", templates),
    Read("/policies", "list_policies", policies),
    Read("/holidays", "list_holidays", holidays),
    Read("/methods", "list_methods", methods),
    Read("/cosigning-policies", "list_cosigning_policies", cosigning_policies),
)


def add_reads(api: FastAPI) -> None:
    for read in READS:
        asked = read.answer.__name__
        add_get(api, read.path, read.name, _endpoint(read), page_of(read.row), read=asked)


def _endpoint(read: Read) -> Callable[..., Response]:
    model = page_of(read.row)
    kind = read.path.split("/")[1]

    def answered(asked: Asked, part: Cut, **chosen: Any) -> Response:
        rows = read.answer(asked.documents, asked.moment, **chosen, **read.own(asked.caller))
        return asked.page(model, rows, part, cursor_of)

    def plain(asked: Asking, part: Part, **chosen: Any) -> Response:
        return answered(asked, part, **chosen)

    def of_subject(asked: Asking, part: Part, **chosen: Any) -> Response:
        subject = str(chosen.pop("id"))
        asked.history(kind, subject)
        return answered(asked, part, **chosen, **{str(read.about): subject})

    endpoint = of_subject if read.about else plain
    vars(endpoint)["__signature__"] = _signature(read, endpoint)
    return endpoint


def _signature(read: Read, endpoint: Callable[..., Response]) -> inspect.Signature:
    """The parameters FastAPI sees: those of the endpoint, and the selections of the read model."""
    hints = get_type_hints(read.answer)
    own = inspect.signature(endpoint)
    fixed = read.fixed | {read.about}
    named = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=parameter.default,
            annotation=_bounded(hints[name], to_camel(name)),
        )
        for name, parameter in list(inspect.signature(read.answer).parameters.items())[_NAMED:]
        if name not in fixed
    ]
    if read.about:
        named.append(inspect.Parameter("id", inspect.Parameter.KEYWORD_ONLY, annotation=UUID))
    kept = [p for p in own.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    return own.replace(parameters=[*kept, *named])


def _bounded(hint: Any, alias: str) -> Any:
    """A selection as it may be asked over HTTP: no number for a date, no endless text."""
    kinds = {kind for kind in get_args(hint) or (hint,) if kind is not NoneType}
    if kinds == {date}:
        return Annotated[CalendarDate | None, Query(alias=alias)]
    if kinds == {str}:
        return Annotated[hint, Query(alias=alias, max_length=MAX_SELECTION)]
    if kinds == {int}:
        return Annotated[hint, Query(alias=alias, ge=0, le=MAX_NUMBER)]
    return Annotated[hint, Query(alias=alias)]
