"""What does an answer answer, and which fact does a fact follow?"""

from uitvoering.cases.case import Case, CaseFact

TO_BE_ANSWERED = frozenset(
    {
        "condition-stated",
        "recommendation-made",
        "verdict-given",
        "advice-given",
        "finding-issued",
        "contradiction-filed",
        "signalled",
        "advice-asked",
    }
)


def followed(fact: CaseFact, case: Case) -> int | None:
    """As the file says, else by its condition, else the last fact put to who answers."""
    if (named := _told(fact.answers, case)) not in {None, fact.n}:
        return named
    if fact.condition is not None:
        stated = [
            f for f in case.told if f.kind == "condition-stated" and f.condition == fact.condition
        ]
        before = [f for f in stated if f.counts_from <= fact.counts_from]
        if stated:
            return max(before or stated, key=_place).n
    if (weighed := _told(fact.compares_with, case)) not in {None, fact.n}:
        return weighed
    put = [f for f in case.told if f.to == fact.by and _place(f) < _place(fact)]
    asking = [f for f in put if f.kind in TO_BE_ANSWERED]
    others = [f for f in put if f.kind != "response-given"]
    return max(asking or others, key=_place).n if asking or others else None


def follows(fact: CaseFact, case: Case) -> int | None:
    """The fact it weighs or answers, if the file names one."""
    for named in (fact.compares_with, fact.answers):
        n = _told(named, case)
        if n is not None and n != fact.n:
            return n
    return followed(fact, case) if fact.kind == "response-given" and fact.condition else None


def _told(n: int | None, case: Case) -> int | None:
    """A derived row is not loaded: what refers to it refers to what it is about."""
    seen: set[int] = set()
    while n is not None and n not in seen:
        seen.add(n)
        fact = case.fact(n)
        if not fact.derived:
            return n
        n = fact.compares_with or fact.answers
    return None


def _place(fact: CaseFact) -> tuple[object, int]:
    return (fact.counts_from, fact.n)
