"""What does one statement lose against another? Computed, answered and kept nowhere."""

from typing import Literal

from fastapi import FastAPI, Response

from uitvoering.api.answers import json
from uitvoering.domain.values import Value
from uitvoering.softening.facets import Dimension, Result, Span
from uitvoering.softening.justification import Justification
from uitvoering.softening.lines import Pair, compared
from uitvoering.softening.verdict import Label, Overall


class ComparedDimension(Value):
    """What one dimension lost or gained, by which rule, and in which words."""

    result: Result
    strength: Literal[0, 1, 2, 3]
    rule: str
    text_only: bool
    """It rests on the words alone; every field is as it was."""
    spans: tuple[Span, ...]


class ComparedPair(Value):
    """All twelve dimensions; the same pair and method give the same answer for ever."""

    id: str | int
    overall: Overall
    justification: Justification
    labels: tuple[Label, ...]
    method: str
    dimensions: dict[Dimension, ComparedDimension]


def add_comparisons(api: FastAPI) -> None:
    api.add_api_route(
        "/comparisons",
        compare_statements,
        methods=["POST"],
        name="compare_statements",
        response_model=ComparedPair,
        tags=["comparisons"],
    )


def compare_statements(pair: Pair) -> Response:
    return json(ComparedPair.model_validate(compared(pair)))
