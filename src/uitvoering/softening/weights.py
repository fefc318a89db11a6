"""How much does each sign count, and from which score does a text say it softer or stronger?"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Head(StrEnum):
    """The questions put to one pair of texts; each is a sum of weighed signs."""

    ANY = "any"
    """Has the statement as a whole lost force, on whichever dimension of the text?"""
    HEDGED = "hedged"
    """Is this the faithful text with a hedge put into it?"""
    WORDING = "wording"
    OMISSION = "omission"
    SCOPE = "scope"
    WORDING_UP = "wording-up"
    SCOPE_UP = "scope-up"


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted on judged pairs by `benchmarks/fitting.py`; a sign never counts against its sense."""

    bias: Mapping[Head, float]
    signs: Mapping[Head, Mapping[str, float]]
    cuts: Mapping[str, float]

    def score(self, head: Head, signs: Mapping[str, float]) -> float:
        """Above 0 when more speaks for it than against it, by the pairs it was fitted on."""
        row = self.signs[head]
        return self.bias[head] + sum(
            row[name] * amount for name, amount in signs.items() if name in row
        )

    def shares(self, head: Head, signs: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """What each sign that speaks for it adds, the greatest first."""
        row = self.signs[head]
        found = ((n, row[n] * amount) for n, amount in signs.items() if n in row)
        return tuple(sorted((f for f in found if f[1] > 0), key=lambda f: (-f[1], f[0])))


def read_weights(data: Mapping[str, Any]) -> Weights:
    return Weights(
        bias={head: float(data[head]["bias"]) for head in Head},
        signs={head: dict(data[head]["signs"]) for head in Head},
        cuts=dict(data["cuts"]),
    )


def source() -> bytes:
    return files("uitvoering.softening").joinpath("weights.toml").read_bytes()


@cache
def weights() -> Weights:
    """Read once, on first use."""
    return read_weights(tomllib.loads(source().decode()))
