"""A case file: a real history told from public sources (case.schema.json), read and refused as a whole."""

import json
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import jsonschema
from pydantic import BaseModel, ConfigDict

from uitvoering.domain.events.follow_up import Outcome
from uitvoering.domain.events.implementation_test import TestKind, Verdict
from uitvoering.domain.events.journey import Phase
from uitvoering.domain.values import Level, Statement
from uitvoering.errors import CaseInvalidError, CaseUnknownError

Kind = Literal[
    "signalled",
    "handed-on",
    "restated",
    "held-back",
    "hand-on-lapsed",
    "cited",
    "citation-dropped",
    "withheld-passages",
    "measure-decided",
    "measure-in-effect",
    "advice-asked",
    "advice-given",
    "finding-issued",
    "disclosed",
    "test-requested",
    "verdict-given",
    "condition-stated",
    "recommendation-made",
    "response-given",
    "entered-into-force",
    "contradiction-filed",
    "phase-entered",
    "evaluation-lapsed",
]


class Told(BaseModel):
    """A part of the file; what the product has no use for is left unread."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CaseLevel(Told):
    id: str
    level: Level
    role_nl: str
    role_en: str


class CaseSource(Told):
    title: str
    publisher: str
    date: str
    locator: str


class CaseReply(Told):
    by: str
    text: str
    source: CaseSource


class CaseMustAsk(Told):
    level: str
    basis: str


class CaseFact(Told):
    n: int
    happened_on: date | None
    happened_between: tuple[date, date] | None = None
    recorded_on: date
    by: str
    to: str | None
    kind: Kind
    statement: Statement | None
    source: CaseSource
    derived: bool
    answers: int | None = None
    compares_with: int | None = None
    condition: str | None = None
    theme: str | None = None
    phase: Phase | None = None
    verdict: Verdict | None = None
    test_kind: TestKind | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    reply: CaseReply | None = None
    arrived_on: date | None = None
    must_ask: tuple[CaseMustAsk, ...] = ()

    @property
    def counts_from(self) -> date:
        """The day it counts from: its own, or its last possible one, never after it was public."""
        last = self.happened_between[1] if self.happened_between else self.recorded_on
        return min(self.happened_on or last, self.recorded_on)

    @property
    def possible_from(self) -> date | None:
        """The first possible day, where only a range is known."""
        if self.happened_between is None:
            return None
        return min(self.happened_between[0], self.counts_from)


class Case(Told):
    case: str
    title_nl: str
    title_en: str
    organisation: str
    levels: tuple[CaseLevel, ...]
    facts: tuple[CaseFact, ...]

    def level(self, identifier: str) -> CaseLevel:
        return next(level for level in self.levels if level.id == identifier)

    @property
    def told(self) -> tuple[CaseFact, ...]:
        """What is loaded: derived rows come from the product's own clocks."""
        return tuple(fact for fact in self.facts if not fact.derived)


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_data("case.schema.json"))
    return found


def shipped() -> tuple[str, ...]:
    """Names of the cases inside the package."""
    folder = resources.files("uitvoering.cases") / "data"
    names = (entry.name for entry in folder.iterdir())
    return tuple(
        sorted(n.removesuffix(".json") for n in names if n.endswith(".json") and "schema" not in n)
    )


def read_case(file: str) -> Case:
    """A file, or the name of a case inside the package; refused whole with the place that is wrong."""
    path = Path(file)
    if path.is_file():
        return parse_case(path.read_bytes(), file)
    if file in shipped():
        return parse_case(_data(f"{file}.json").encode(), file)
    raise CaseUnknownError(file=file, shipped=shipped())


def parse_case(content: bytes, name: str) -> Case:
    try:
        raw = json.loads(content)
    except ValueError as error:
        raise CaseInvalidError(file=name, place="-", cause=f"not JSON: {error}") from error
    validator = jsonschema.Draft202012Validator(schema())
    wrong = next(
        iter(sorted(validator.iter_errors(raw), key=lambda e: list(map(str, e.path)))), None
    )
    if wrong is not None:
        raise CaseInvalidError(file=name, place=wrong.json_path, cause=wrong.message[:300])
    case = Case.model_validate(raw)
    _refuse_loose_ends(case, name)
    return case


def _refuse_loose_ends(case: Case, name: str) -> None:
    """What a schema cannot say: numbers are unique and every reference leads somewhere."""
    numbers = [fact.n for fact in case.facts]
    levels = {level.id for level in case.levels}
    if len(set(numbers)) != len(numbers):
        raise CaseInvalidError(file=name, place="$.facts", cause="a number n stands there twice")
    for fact in case.facts:
        named = [fact.by, fact.to, *(ask.level for ask in fact.must_ask)]
        strangers = [level for level in named if level is not None and level not in levels]
        if strangers:
            cause = f"level {strangers[0]} is not in levels"
            raise CaseInvalidError(file=name, place=f"fact {fact.n}", cause=cause)
        loose = [
            n for n in (fact.answers, fact.compares_with) if n is not None and n not in numbers
        ]
        if loose:
            cause = f"fact {loose[0]} is not in this file"
            raise CaseInvalidError(file=name, place=f"fact {fact.n}", cause=cause)


def _data(name: str) -> str:
    return (resources.files("uitvoering.cases") / "data" / name).read_text(encoding="utf-8")
