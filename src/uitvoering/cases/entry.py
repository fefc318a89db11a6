"""Which conditions were answered, and how, when the law of a case entered into force?"""

from uitvoering.cases.case import CaseFact
from uitvoering.cases.told import Told
from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.values import Value


class EntrySeen(Value):
    """`met` needs evidence that a condition was met; no kind of case fact brings that."""

    entry: int
    met: tuple[str, ...]
    adopted: tuple[str, ...]
    partly: tuple[str, ...]
    not_adopted: tuple[str, ...]
    deferred: tuple[str, ...]
    no_recorded_answer: tuple[str, ...]


def conditions_at_entry(told: Told) -> EntrySeen | None:
    """How the conditions stood at the first entry by which there were any; None without entry."""
    entries = [fact for fact in told.facts if fact.kind == "entered-into-force"]
    if not entries:
        return None
    stated = [fact for fact in told.facts if fact.kind == "condition-stated"]
    with_conditions = [e for e in entries if any(_by(fact, e) for fact in stated)]
    entry = next(iter(with_conditions), entries[0])
    codes = sorted({fact.condition or "" for fact in stated if _by(fact, entry)}, key=_code_order)
    found = {code: _standing(code, entry, told) for code in codes}

    def answered(outcome: Outcome) -> tuple[str, ...]:
        return tuple(code for code in codes if found[code] is outcome)

    return EntrySeen(
        entry=entry.n,
        met=(),
        adopted=answered(Outcome.ADOPTED),
        partly=answered(Outcome.PARTLY),
        not_adopted=answered(Outcome.NOT_ADOPTED),
        deferred=answered(Outcome.DEFERRED),
        no_recorded_answer=answered(Outcome.NO_RESPONSE),
    )


def _standing(code: str, entry: CaseFact, told: Told) -> Outcome | None:
    """The newest outcome; None for an answer that, as the source gives it, does not say."""
    answers = [
        fact
        for fact in told.facts
        if fact.n in told.answered and _condition_answered(fact, told) == code and _by(fact, entry)
    ]
    outcomes = [fact.outcome for fact in answers if fact.outcome is not None]
    said = [outcome for outcome in outcomes if outcome is not Outcome.NO_RESPONSE]
    if said:
        return said[-1]
    return Outcome.NO_RESPONSE if outcomes or not answers else None


def _condition_answered(answer: CaseFact, told: Told) -> str | None:
    """By the code it names, else by the condition it answers."""
    answered = told.case.fact(told.answered[answer.n])
    return answer.condition or (answered.condition if answered.kind == "condition-stated" else None)


def _by(fact: CaseFact, entry: CaseFact) -> bool:
    return fact.counts_from <= entry.counts_from


def _code_order(code: str) -> tuple[int, str]:
    """`c2` stands before `c10`."""
    return (len(code), code)
