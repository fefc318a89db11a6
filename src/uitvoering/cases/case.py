"""A case file (case.schema.json): a history told from public sources, refused as a whole."""

import json
from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import jsonschema
from jsonschema.protocols import Validator
from pydantic import BaseModel, ConfigDict, ValidationError

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
        """The day it counts from: its own, or its last possible one."""
        last = self.happened_between[1] if self.happened_between else self.recorded_on
        return self.happened_on or last

    @property
    def starts_terms_on(self) -> date:
        """When the addressee had it: terms run from here."""
        return self.arrived_on or self.counts_from

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

    def fact(self, n: int) -> CaseFact:
        return next(fact for fact in self.facts if fact.n == n)

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


def _validator() -> Validator:
    return jsonschema.Draft202012Validator(schema())


def shipped() -> tuple[str, ...]:
    """Names of the cases inside the package."""
    folder = resources.files("uitvoering.cases") / "data"
    names = (entry.name for entry in folder.iterdir())
    return tuple(
        sorted(n.removesuffix(".json") for n in names if n.endswith(".json") and "schema" not in n)
    )


def read_case(file: str) -> Case:
    """A file, or the name of a case inside the package; refused with the place that is wrong."""
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
    wrong = next(
        iter(sorted(_validator().iter_errors(raw), key=lambda e: list(map(str, e.path)))), None
    )
    if wrong is not None:
        raise CaseInvalidError(file=name, place=wrong.json_path, cause=wrong.message[:300])
    try:
        case = Case.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = "$" + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in first["loc"])
        raise CaseInvalidError(file=name, place=place, cause=first["msg"]) from error
    for place, cause in _loose_ends(case):
        raise CaseInvalidError(file=name, place=place, cause=cause)
    return case


def _loose_ends(case: Case) -> Iterator[tuple[str, str]]:
    """What a schema cannot say: numbers and levels stand once, every reference leads somewhere."""
    numbers = [fact.n for fact in case.facts]
    levels = [level.id for level in case.levels]
    yield from (("$.facts", f"number {n} stands there twice") for n in _twice(numbers))
    yield from (("$.levels", f"level {level} stands there twice") for level in _twice(levels))
    if not case.told:
        yield "$.facts", "every fact is derived: a clock needs a fact that a document tells"
    for fact in case.facts:
        place = f"fact {fact.n}"
        replied = fact.reply.by if fact.reply else None
        named = (fact.by, fact.to, replied, *(ask.level for ask in fact.must_ask))
        for level in named:
            if level is not None and level not in levels:
                yield place, f"level {level} is not in levels"
        for n in (fact.answers, fact.compares_with):
            if n is not None and n not in numbers:
                yield place, f"fact {n} is not in this file"
        if fact.happened_between and fact.happened_between[0] > fact.happened_between[1]:
            yield place, "happened_between ends before it begins"


def _twice(given: Sequence[Hashable]) -> list[Hashable]:
    return [item for n, item in enumerate(given) if item in given[:n]]


def _data(name: str) -> str:
    return (resources.files("uitvoering.cases") / "data" / name).read_text(encoding="utf-8")
