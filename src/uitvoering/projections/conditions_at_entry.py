"""Which conditions were met, answered or open when the law entered into force?"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.values import Evidence, Value
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.follow_ups import Answer, FollowUpDocument
from uitvoering.projections.implementation_test_parts import Stated
from uitvoering.projections.implementation_tests import TestDocument
from uitvoering.projections.proposals import ProposalDocument


class EntryGroup(StrEnum):
    """How a condition stood on the day of entry; spelled as in the observations of a case."""

    MET = "met"
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"
    DEFERRED = "deferred"
    NO_RECORDED_ANSWER = "no_recorded_answer"


_GROUPS = {
    Outcome.ADOPTED: EntryGroup.ADOPTED,
    Outcome.PARTLY: EntryGroup.PARTLY,
    Outcome.NOT_ADOPTED: EntryGroup.NOT_ADOPTED,
    Outcome.DEFERRED: EntryGroup.DEFERRED,
    Outcome.NO_RESPONSE: EntryGroup.NO_RECORDED_ANSWER,
}


class ConditionAtEntry(Row):
    """One condition of one proposal, as it stood on the day of entry."""

    proposal: str
    proposal_title: str
    entry: str | None
    """The EnteredIntoForce event; null: not in force, and the row says how it stands now."""
    entered_on: date | None
    condition: str
    events: tuple[str, ...]
    """Where it was stated: a later test of the same proposal may state it again."""
    tests: tuple[str, ...]
    text: str | None
    """As last stated; null: the source does not say how it was put."""
    theme: str | None
    group: EntryGroup
    met: bool
    met_on: date | None
    evidence: tuple[Evidence, ...]
    outcome: Outcome | None
    reason: str | None
    answered_on: date | None


class AtEntry(Value):
    """The conditions of one proposal by how they stood."""

    proposal: str
    entry: str | None
    entered_on: date | None
    met: tuple[str, ...]
    adopted: tuple[str, ...]
    partly: tuple[str, ...]
    not_adopted: tuple[str, ...]
    deferred: tuple[str, ...]
    no_recorded_answer: tuple[str, ...]


def conditions_at_entry(
    documents: Documents, moment: Moment, *, proposal: str | None = None
) -> list[ConditionAtEntry]:
    """List by proposal, then by condition; a condition stated after entry is left out."""
    answers: dict[str, list[FollowUpDocument]] = {}
    for _, follow_up in documents.all(FollowUpDocument):
        answers.setdefault(follow_up.of, []).append(follow_up)
    stated: dict[str, list[tuple[str, Stated]]] = {}
    for test_key, test in documents.all(TestDocument):
        stated.setdefault(test.proposal, []).extend((test_key, c) for c in test.conditions)
    return [
        row
        for key, known in documents.all(ProposalDocument)
        if proposal in (None, key)
        for row in _of_proposal(key, known, stated.get(key, []), answers, moment)
    ]


def at_entry(rows: Iterable[ConditionAtEntry]) -> list[AtEntry]:
    """Group the rows per proposal into lists of conditions."""
    by_proposal: dict[str, list[ConditionAtEntry]] = {}
    for row in rows:
        by_proposal.setdefault(row.proposal, []).append(row)
    return [
        AtEntry(
            proposal=proposal,
            entry=of_one[0].entry,
            entered_on=of_one[0].entered_on,
            met=_in(EntryGroup.MET, of_one),
            adopted=_in(EntryGroup.ADOPTED, of_one),
            partly=_in(EntryGroup.PARTLY, of_one),
            not_adopted=_in(EntryGroup.NOT_ADOPTED, of_one),
            deferred=_in(EntryGroup.DEFERRED, of_one),
            no_recorded_answer=_in(EntryGroup.NO_RECORDED_ANSWER, of_one),
        )
        for proposal, of_one in by_proposal.items()
    ]


def _in(group: EntryGroup, rows: list[ConditionAtEntry]) -> tuple[str, ...]:
    return tuple(row.condition for row in rows if row.group == group)


def _of_proposal(
    key: str,
    proposal: ProposalDocument,
    stated: list[tuple[str, Stated]],
    answers: dict[str, list[FollowUpDocument]],
    moment: Moment,
) -> list[ConditionAtEntry]:
    day = proposal.entered_on or moment.today
    by_code: dict[str, list[tuple[str, Stated]]] = {}
    for test, condition in stated:
        if condition.stated_on <= day:
            by_code.setdefault(condition.code, []).append((test, condition))
    return [
        _row(key, proposal, code, by_code[code], answers, day)
        for code in sorted(by_code, key=_code_order)
    ]


def _code_order(code: str) -> tuple[int, str]:
    """`c2` stands before `c10`."""
    return (len(code), code)


def _row(
    key: str,
    proposal: ProposalDocument,
    code: str,
    stated: list[tuple[str, Stated]],
    answers: dict[str, list[FollowUpDocument]],
    day: date,
) -> ConditionAtEntry:
    follow_ups = [f for _, condition in stated for f in answers.get(condition.event, [])]
    given = [a for f in follow_ups if (a := f.answer_by(day)) is not None]
    answer = max(reversed(given), key=lambda a: a.answered_on) if given else None
    met = [f for f in follow_ups if f.met_on is not None and f.met_on <= day]
    last = max(reversed(stated), key=lambda row: row[1].stated_on)[1]
    return ConditionAtEntry(
        proposal=key,
        proposal_title=proposal.title,
        entry=proposal.entry,
        entered_on=proposal.entered_on,
        condition=code,
        events=tuple(condition.event for _, condition in stated),
        tests=tuple(dict.fromkeys(test for test, _ in stated)),
        text=last.statement.text if last.statement else None,
        theme=last.theme,
        group=EntryGroup.MET if met else _group(answer),
        met=bool(met),
        met_on=met[0].met_on if met else None,
        evidence=met[0].evidence if met else (),
        outcome=answer.outcome if answer else None,
        reason=answer.reason if answer else None,
        answered_on=answer.answered_on if answer else None,
    )


def _group(answer: Answer | None) -> EntryGroup:
    if answer is None or answer.outcome is None:
        return EntryGroup.NO_RECORDED_ANSWER
    return _GROUPS[answer.outcome]
