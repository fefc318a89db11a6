"""What does one statement lose against another? Computed, answered and kept nowhere."""

from typing import Annotated, Any, Literal

from fastapi import Body, FastAPI, Response

from uitvoering.api.answers import json
from uitvoering.domain.values import Value
from uitvoering.softening.facets import Dimension, Result, Span
from uitvoering.softening.justification import Justification
from uitvoering.softening.lines import Pair, compared
from uitvoering.softening.verdict import Label, Overall

EXAMPLE: dict[str, Any] = {
    "id": "1",
    "original": {"text": "41 huurders zijn uitgezet.", "light": "red"},
    "originalOn": "2026-01-05",
    "restated": {"text": "Enkele huurders wonen nu elders.", "light": "amber"},
    "restatedOn": "2026-01-06",
}


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


def compare_statements(pair: Annotated[Pair, Body(examples=[EXAMPLE])]) -> Response:
    return json(ComparedPair.model_validate(compared(pair)))
