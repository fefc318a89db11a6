"""Holds the observations of a case against what its file expects, check by check."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

Expectation = dict[str, Any]
Seen = dict[str, Any]
CaseFile = dict[str, Any]


def holds(expectation: Expectation, seen: Seen, case: CaseFile) -> str | None:
    """None when it holds, else what was seen instead."""
    check: Callable[[Expectation, Seen, CaseFile], str | None] = CHECKS[expectation["check"]]
    return check(expectation, seen, case)


def _fact(seen: Seen, n: int) -> Seen:
    found: Seen = next(row for row in seen["facts"] if row["n"] == n)
    return found


def _range(case: CaseFile, seen: Seen, n: int) -> tuple[date, date]:
    told = next(f for f in case["facts"] if f["n"] == n)
    first, last = told.get("happened_between") or [_fact(seen, n)["happened_on"]] * 2
    return date.fromisoformat(first), date.fromisoformat(last)


def _days_between(e: Expectation, seen: Seen, case: CaseFile) -> str | None:
    first, last = (date.fromisoformat(_fact(seen, e[k])["happened_on"]) for k in ("from", "to"))
    if "days" in e and (last - first).days != e["days"]:
        return f"{(last - first).days} days"
    if "bounds" in e:
        (a0, a1), (b0, b1) = _range(case, seen, e["from"]), _range(case, seen, e["to"])
        found = [(b0 - a1).days, (b1 - a0).days]
        return None if found == e["bounds"] else f"bounds {found}"
    return None


def _compared(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    pair = next(p for p in seen["comparisons"] if (p["from_"], p["to"]) == (e["from"], e["to"]))
    found = pair["dimensions"][e["dimension"]]
    return None if found == e["result"] else found


KIND_TOPICS = {
    "signalled": "hardship-signalled",
    "handed-on": "signal-handed-on",
    "restated": "signal-restated",
    "held-back": "signal-held-back",
    "cited": "signal-cited",
    "withheld-passages": "passages-withheld",
    "measure-in-effect": "measure-took-effect",
    "disclosed": "signal-disclosed",
}


def _kind_count(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    topic = KIND_TOPICS.get(e["kind"], e["kind"])
    found = sum(row["topic"] == topic for row in seen["facts"])
    return None if found == e["count"] else f"{found} of {topic}"


def _lapsed(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    found = [row for row in seen["lapses"] if row["of"] == e["of"]]
    return None if any(row["due_on"] == e["due_on"] for row in found) else str(found)


def _late(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    found = {row["n"]: row["lag_days"] for row in seen["facts"] if row["late"]}
    wanted = {row["n"]: row["lag_days"] for row in e["facts"]}
    return None if found == wanted else str(found)


def _citation(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    wanted = {"fact": e["fact"], "of": e["of"]}
    return None if wanted in seen["citations_dropped"] else str(seen["citations_dropped"])


def _first_reached(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    wanted = {key: e[key] for key in ("level", "fact", "route")}
    return None if wanted in seen["first_reach"] else str(seen["first_reach"])


def _repeated(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    for row in seen["repeated_advice"]:
        if row["facts"] == e["facts"] and e.get("days") in (None, row["days"]):
            return None
    return str(seen["repeated_advice"])


def _outcome(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    wanted = {"fact": e["fact"], "outcome": e["outcome"]}
    return None if wanted in seen["outcomes"] else str(seen["outcomes"])


def _phase_missing(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    after, until = (_fact(seen, e[key])["happened_on"] for key in ("after", "until"))
    entered = [
        row["entered_on"]
        for row in seen["phases"]
        if row["phase"] == e["phase"] and row["entered_on"]
    ]
    if any(after < day < until for day in entered):
        return f"entered on {entered}"
    days = (date.fromisoformat(until) - date.fromisoformat(after)).days
    return None if e.get("days") in (None, days) else f"{days} days"


def _obligation(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    found = [
        row
        for row in seen["obligations"]
        if (row["obligation"], row["after"]) == (e["obligation"], e["after"])
    ]
    return None if any(row["due_on"] == e["due_on"] for row in found) else str(found)


def _at_entry(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    found = seen["conditions_at_entry"] or {}
    for key in ("entry", "not_adopted", "no_recorded_answer"):
        wanted, got = e[key], found.get(key)
        if (sorted(got or []) if isinstance(wanted, list) else got) != (
            sorted(wanted) if isinstance(wanted, list) else wanted
        ):
            return str(found)
    return None


VOICES = {"recommendation-made", "advice-given", "condition-stated", "contradiction-filed"}


def _voices(e: Expectation, seen: Seen, case: CaseFile) -> str | None:
    told = {row["n"]: row["topic"] for row in seen["facts"]}
    found = {
        fact["by"]
        for fact in case["facts"]
        if fact.get("theme") == e["theme"]
        and told.get(fact["n"]) in VOICES
        and fact["n"] < e.get("before", 10**6)
    }
    return None if found == set(e["by"]) else str(sorted(found))


def _asymmetric(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    wanted = {"fact": e["fact"], "of": e["of"], "symmetric": False}
    return None if wanted in seen["replies"] else str(seen["replies"])


def _tension(e: Expectation, seen: Seen, _: CaseFile) -> str | None:
    for row in seen["kpi_tensions"]:
        if row["hard"] == e["hard"] and set(e["soft"]) <= set(row["soft"]):
            return None
    return str(seen["kpi_tensions"])


def _elsewhere(_: Expectation, __: Seen, ___: CaseFile) -> str | None:
    """Held elsewhere: reply-shown and as-of need another run, never-asserted needs all text."""
    return None


CHECKS: dict[str, Callable[[Expectation, Seen, CaseFile], str | None]] = {
    "days-between": _days_between,
    "compared": _compared,
    "kind-count": _kind_count,
    "lapsed": _lapsed,
    "late-registrations": _late,
    "citation-dropped": _citation,
    "first-reached": _first_reached,
    "as-of": _elsewhere,
    "repeated-advice": _repeated,
    "outcome": _outcome,
    "phase-missing": _phase_missing,
    "obligation-due": _obligation,
    "conditions-at-entry": _at_entry,
    "independent-voices": _voices,
    "reply-asymmetric": _asymmetric,
    "kpi-tension": _tension,
    "reply-shown": _elsewhere,
    "never-asserted": _elsewhere,
}


def texts(seen: Seen) -> str:
    """Everything the product says about a case, as one string."""
    return json.dumps(seen, ensure_ascii=False)
