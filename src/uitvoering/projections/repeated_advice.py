"""Which advice was given again, and what was answered in between?"""

from collections.abc import Iterator
from datetime import date

from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.values import Level, Regime, Value
from uitvoering.projections.advice import AdviceDocument, AdviceKind, GivenAdvice
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.follow_ups import FollowUpDocument


class AdviceAgain(Value):
    """One time the advice was given."""

    event: str
    stream: str
    kind: AdviceKind
    given_on: date
    text: str | None
    """Null: the source does not say how it was put, or it was given in confidence."""


class AnswerBetween(Value):
    """An answer to one of these pieces of advice, between the first and the last."""

    event: str
    of: str
    outcome: Outcome | None
    reason: str | None
    answered_on: date


class RepeatedAdvice(Row):
    """The same theme, advised again by the same level of the same body on a later day."""

    theme: str
    level: Level
    organisation: str
    first_on: date
    last_on: date
    days: int
    times: int
    advice: tuple[AdviceAgain, ...]
    answers: tuple[AnswerBetween, ...]


_UNSHOWN = (Regime.WBK, Regime.NO_CONTENT, Regime.NO_RECORD)
"""Even the theme and the day could lead to a reporter (DOMAIN 11, R11)."""
_READABLE = (Regime.OPEN, Regime.INTERNAL)

_Matter = tuple[str, Level, str]
_Given = tuple[str, Regime, GivenAdvice]


def repeated_advice(
    documents: Documents,
    moment: Moment,  # noqa: ARG001 every read model is asked at a moment; this one has no terms
    *,
    organisation: str | None = None,
    theme: str | None = None,
) -> list[RepeatedAdvice]:
    """List by theme, level and body; advice given twice on one day is not given again."""
    by_matter: dict[_Matter, list[_Given]] = {}
    for matter, given in _advice(documents):
        if organisation in (None, matter[2]) and (theme is None or _key(theme) == matter[0]):
            by_matter.setdefault(matter, []).append(given)
    repeated = {
        matter: sorted(given, key=lambda row: (row[2].given_on, row[2].event))
        for matter, given in by_matter.items()
        if len({row[2].given_on for row in given}) > 1
    }
    answers = _answers(documents) if repeated else {}
    return [_row(matter, repeated[matter], answers) for matter in sorted(repeated)]


def _key(theme: str) -> str:
    return " ".join(theme.split()).casefold()


def _advice(documents: Documents) -> Iterator[tuple[_Matter, _Given]]:
    for stream, document in documents.all(AdviceDocument):
        if document.regime in _UNSHOWN:
            continue
        for given in document.advice:
            if given.theme is not None:
                matter = (_key(given.theme), given.level, given.organisation)
                yield matter, (stream, document.regime, given)


def _answers(documents: Documents) -> dict[str, list[AnswerBetween]]:
    found: dict[str, list[AnswerBetween]] = {}
    for _, follow_up in documents.all(FollowUpDocument):
        for answer in follow_up.answers:
            found.setdefault(follow_up.of, []).append(
                AnswerBetween(
                    event=answer.event,
                    of=follow_up.of,
                    outcome=answer.outcome,
                    reason=answer.reason,
                    answered_on=answer.answered_on,
                )
            )
    return found


def _row(
    matter: _Matter, given: list[_Given], answers: dict[str, list[AnswerBetween]]
) -> RepeatedAdvice:
    first, last = given[0][2].given_on, given[-1][2].given_on
    between = [
        answer if regime in _READABLE else answer.model_copy(update={"reason": None})
        for _, regime, advice in given
        for answer in answers.get(advice.event, [])
        if first <= answer.answered_on <= last
    ]
    return RepeatedAdvice(
        theme=given[0][2].theme or matter[0],
        level=matter[1],
        organisation=matter[2],
        first_on=first,
        last_on=last,
        days=(last - first).days,
        times=len(given),
        advice=tuple(_again(row) for row in given),
        answers=tuple(sorted(between, key=lambda a: (a.answered_on, a.event))),
    )


def _again(row: _Given) -> AdviceAgain:
    stream, regime, given = row
    said = given.statement.text if given.statement is not None else None
    return AdviceAgain(
        event=given.event,
        stream=stream,
        kind=given.kind,
        given_on=given.given_on,
        text=said if regime in _READABLE else None,
    )
