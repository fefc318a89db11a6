"""Arbitrary case files: valid by the schema, in whatever order, with whatever left out."""

from datetime import date, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from uitvoering.cases.case import Kind
from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.events.implementation_test import Verdict
from uitvoering.domain.events.journey import Phase
from uitvoering.domain.values import (
    Cause,
    Certainty,
    Legality,
    Level,
    Light,
    Recurrence,
    StatementField,
)

FIRST = date(2012, 1, 1)
DERIVABLE = ("hand-on-lapsed", "evaluation-lapsed")
WORDS = (
    "Bij 120 gezinnen is de uitkering gestopt.",
    "Sommige gezinnen ervaren mogelijk hinder.",
    "De aanvragers ontvangen geen bericht; er is onrechtmatig gehandeld.",
    "Er is nader onderzoek nodig.",
)
THEMES = ("doorlooptijd", "Doenvermogen", "uitvoerbaarheid")

days = st.integers(0, 3_500).map(lambda n: (FIRST + timedelta(days=n)).isoformat())
sources = st.builds(
    lambda n: {
        "title": f"Openbaar stuk {n}",
        "publisher": "een openbaar lichaam",
        "date": "2020-01",
        "locator": f"stuk-{n}",
    },
    st.integers(1, 3),
)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def named(kind: type[Any]) -> st.SearchStrategy[str]:
    return st.sampled_from([member.value for member in kind])


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """The required fields, any of the optional ones, and any coding or none."""
    told: dict[str, Any] = {
        "text": draw(st.sampled_from(WORDS)),
        "severity": draw(some(st.integers(1, 5))),
        "light": draw(named(Light)),
        "affected_groups": draw(st.lists(st.sampled_from(["ouders", "huurders"]), unique=True)),
        "affected_count": draw(some(st.integers(0, 5_000))),
        "requested_action": draw(some(st.sampled_from(["Stop het.", "Onderzoek het."]))),
        "act_within_days": draw(some(st.integers(0, 90))),
        "evidence": draw(st.lists(st.sampled_from(["memo", "rapport"]), unique=True)),
    }
    optional = {
        "recurrence": named(Recurrence),
        "certainty": named(Certainty),
        "causes": st.lists(named(Cause), unique=True, max_size=2),
        "legality": named(Legality),
        "citizen_frame": st.just("Ik kreeg geen bericht."),
        "official_frame": st.just("Het bericht is verzonden."),
        "quote": st.just("geen bericht"),
        "coded": st.lists(named(StatementField), unique=True, min_size=1),
    }
    for name in draw(st.sets(st.sampled_from(sorted(optional)), max_size=3)):
        told[name] = draw(optional[name])
    return told


@st.composite
def facts(draw: st.DrawFn, n: int, levels: list[str], numbers: list[int]) -> dict[str, Any]:
    kind = draw(st.sampled_from(get_args(Kind)))
    level = st.sampled_from(levels)
    first = draw(days)
    later = (date.fromisoformat(first) + timedelta(days=draw(st.integers(0, 60)))).isoformat()
    told: dict[str, Any] = {
        "n": n,
        "happened_on": draw(some(st.just(first))),
        "recorded_on": draw(st.just(later) | days),
        "by": draw(level),
        "to": draw(some(level)),
        "kind": kind,
        "statement": draw(some(statements())),
        "source": draw(sources),
        "certainty": draw(st.sampled_from(["established", "reported", "claimed"])),
        "derived": kind in DERIVABLE and draw(st.booleans()),
    }
    if told["happened_on"] is None or draw(st.booleans()):
        told["happened_between"] = [first, later]
    optional = {
        "answers": st.sampled_from(numbers),
        "compares_with": st.sampled_from(numbers),
        "condition": st.sampled_from(["c1", "c2"]),
        "theme": st.sampled_from(THEMES),
        "phase": named(Phase),
        "verdict": named(Verdict),
        "test_kind": st.sampled_from(["uitvoeringstoets", "quickscan", "consultatiereactie"]),
        "outcome": named(Outcome),
        "reason": st.just("Volgens het niveau zelf was er geen capaciteit."),
        "reply": st.builds(
            lambda by, source: {"by": by, "text": "Zo was het niet.", "source": source},
            level,
            sources,
        ),
        "arrived_on": st.just(later),
        "must_ask": st.lists(
            st.builds(lambda party: {"level": party, "basis": "een regel"}, level), max_size=2
        ),
    }
    always = {"condition-stated": {"condition"}, "phase-entered": {"phase"}}.get(kind, set())
    for name in sorted(draw(st.sets(st.sampled_from(sorted(optional)), max_size=4)) | always):
        told[name] = draw(optional[name])
    return told


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Three to twelve facts over two to five levels; at least one that a document tells."""
    ids = [f"niveau-{n}" for n in range(draw(st.integers(2, 5)))]
    levels = [
        {"id": name, "level": draw(named(Level)), "role_nl": "een rol", "role_en": "a role"}
        for name in ids
    ]
    numbers = draw(st.lists(st.integers(1, 30), min_size=3, max_size=12, unique=True))
    told = [draw(facts(n, ids, numbers)) for n in numbers]
    if all(fact["derived"] for fact in told):
        told[0]["derived"] = False
    return {
        "case": "z-verzonnen",
        "title_nl": "Een verzonnen zaak",
        "title_en": "An invented case",
        "organisation": "een uitvoeringsorganisatie",
        "levels": levels,
        "facts": told,
        "expected": [
            {"check": "never-asserted", "text": "met opzet", "basis": "rule", "because": "beleid"}
        ]
        * 3,
    }
