"""Whatever a person reads has a term in Dutch and in English, and a missing one is loud."""

import importlib
import inspect
import pkgutil
import re
import string
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

import uitvoering
from uitvoering.domain.acts import Act
from uitvoering.domain.events.fact import Recorded
from uitvoering.domain.events.topics import FACTS
from uitvoering.domain.values import Code, Id, Level, Name, Value
from uitvoering.errors import BusyError, UitvoeringError
from uitvoering.labels.glossary import KINDS, glossary, glossary_markdown
from uitvoering.labels.table import LANGUAGES, LabelMissingError, Labels, enum_name
from uitvoering.projections.read_models_policy import POLICY_READ_MODELS
from uitvoering.softening.facets import Dimension, Result
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import Label, Overall

NL, EN = Labels.load("nl"), Labels.load("en")


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        yield importlib.import_module(found.name)


def _classes(package: str) -> Iterator[type]:
    for module in _modules(package):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ == module.__name__:
                yield kind


def _closed_lists() -> list[type[StrEnum]]:
    walked = [k for p in ("domain", "projections") for k in _classes(f"uitvoering.{p}")]
    lists = [k for k in walked if issubclass(k, StrEnum)]
    return [*lists, Result, Overall, Justification, Label, Dimension]


def _leaves() -> list[type[UitvoeringError]]:
    for _ in _modules("uitvoering"):
        pass  # an error module is known once it is imported
    found, queue = [], [UitvoeringError]
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        if "code" in vars(kind) and kind.__module__.startswith("uitvoering."):
            found.append(kind)
    return sorted(found, key=lambda kind: kind.code)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _fields() -> set[str]:
    spoken: list[type[BaseModel]] = [Act, Recorded, *FACTS.values()]
    for package in ("domain", "softening", "projections", "commands"):
        spoken.extend(k for k in _classes(f"uitvoering.{package}") if issubclass(k, Value))
    return {to_camel(name) for model in spoken for name in model.model_fields}


def test_both_languages_have_the_same_tables() -> None:
    assert NL.kinds() == EN.kinds()
    assert {k: NL.keys(k) for k in NL.kinds()} == {k: EN.keys(k) for k in EN.kinds()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_label_is_empty(lang: str) -> None:
    labels = Labels.load(lang)
    assert [
        (k, key) for k in labels.kinds() for key in labels.keys(k) if not labels.term(k, key)
    ] == []


@pytest.mark.parametrize("labels", [NL, EN], ids=LANGUAGES)
def test_every_member_of_a_closed_list_has_a_term(labels: Labels) -> None:
    wanted = {
        member if kind is Dimension else f"{enum_name(kind)}.{member}"
        for kind in _closed_lists()
        for member in kind
    }
    assert wanted - set(labels.keys("value")) - set(labels.keys("dimension")) == set()
    assert labels.value(Level.TEAM_LEAD) in {"teamleider", "team lead"}
    assert labels.value(Dimension.SCOPE) in {"omvang", "scope"}


def test_every_topic_has_a_term() -> None:
    assert set(NL.keys("fact")) == set(FACTS)


def test_every_dimension_has_a_term() -> None:
    assert set(NL.keys("dimension")) == set(Dimension)


def test_every_field_has_a_term() -> None:
    assert _fields() - set(NL.keys("field")) == set()


def test_every_read_model_says_its_question_in_both_languages() -> None:
    for name in POLICY_READ_MODELS:
        assert NL.label("read_model", name).question.endswith("?")
        assert EN.label("read_model", name).question.endswith("?")


def test_error_codes_are_unique() -> None:
    codes = [kind.code for kind in _leaves()]
    assert [c for c in codes if codes.count(c) > 1] == []


@pytest.mark.parametrize("kind", _leaves(), ids=lambda kind: kind.code)
@pytest.mark.parametrize("labels", [NL, EN], ids=LANGUAGES)
def test_every_error_is_explained_with_its_own_values(
    labels: Labels, kind: type[UitvoeringError]
) -> None:
    label = labels.label("problem", kind.code)
    assert label.detail
    assert _placeholders(label.detail) - _placeholders(kind.message) == set()


def test_no_label_explains_an_error_that_cannot_occur() -> None:
    assert set(NL.keys("problem")) - {kind.code for kind in _leaves()} == set()


def test_a_problem_shows_the_values() -> None:
    error = BusyError(cause="een ander schrijft")
    assert NL.problem(error.code, error.values) == (
        "De opslag is bezet",
        "De opslag is bezet: een ander schrijft. Probeer het zo nog eens.",
    )


def test_a_missing_label_is_never_silent() -> None:
    with pytest.raises(LabelMissingError, match=r"nl\.toml has no \[value\.level\.nobody\]"):
        NL.term("value", "level.nobody")
    with pytest.raises(LookupError, match="choose one of nl, en"):
        Labels.load("de")


def test_a_text_without_one_of_its_values_is_never_silent() -> None:
    with pytest.raises(KeyError):
        NL.problem("busy", {})


def test_a_refused_input_is_explained_in_the_readers_language() -> None:
    with pytest.raises(ValidationError) as refused:
        Act.model_validate({"happenedOn": "gisteren", "level": "baas", "x": 1})
    reasons = {str(e["loc"][0]): NL.reason(e["type"], e.get("ctx")) for e in refused.value.errors()}
    assert reasons["happenedOn"] == "schrijf de datum als jjjj-mm-dd"
    assert reasons["level"].startswith("kies een van: 'citizen'")
    assert reasons["level"].endswith("'researcher' of 'press'")
    assert reasons["x"].startswith("dit veld bestaat hier niet")
    assert reasons["organisation"] == "dit veld ontbreekt"


@pytest.mark.parametrize(
    ("kind", "given", "because"),
    [
        (Name, "  ", "mag niet leeg zijn"),
        (Code, "UWV!", "gebruik kleine letters"),
        (Id, "1", "is geen geldig id"),
    ],
)
def test_a_pattern_is_explained_in_words(kind: Any, given: str, because: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(given)
    (error,) = refused.value.errors()
    assert NL.reason(error["type"], error["ctx"]).startswith(because)


def test_every_reason_of_our_own_validators_has_a_label() -> None:
    own = {
        key
        for module in _modules("uitvoering")
        for key in re.findall(r'ValueError\("([a-z_]+)"\)', inspect.getsource(module))
    }
    assert own >= {"date_iso", "range_order"}
    assert own - set(NL.keys("reason")) == set()


def test_an_unforeseen_refusal_still_reads_as_a_sentence() -> None:
    assert EN.reason("callable_type").startswith("this value does not fit here")
    assert EN.reason("value_error", {"error": ValueError("other words")}).startswith("this value")


def test_the_glossary_holds_every_stored_value_in_both_languages() -> None:
    entries = glossary("nl")
    assert {e.kind for e in entries} == set(KINDS)
    greened = next(e for e in entries if e.identifier == "greened" and e.kind == "glossary")
    assert (greened.term_nl, greened.term_en) == ("vergroenen", "greening")
    assert greened.meaning == "zwakker op stoplicht of ernst"
    assert next(e for e in glossary("en") if e.identifier == "greened").meaning == (
        "softened on light or severity"
    )
    assert all(e.term_nl and e.term_en for e in entries)
    assert {e.identifier for e in entries} >= {"level.team-lead", "hardship-signalled", "dueOn"}


def test_the_printed_glossary_has_a_row_per_entry() -> None:
    printed = glossary_markdown()
    assert printed.count("\n| `") == len(glossary())
    assert "| `hardship` | hardvochtig effect, hardvochtigheid | hardship |" in printed


def test_the_tables_are_plain_toml() -> None:
    for lang in LANGUAGES:
        source = files(uitvoering).joinpath("labels", f"{lang}.toml").read_text("utf-8")
        assert tomllib.loads(source)
