"""How much does each sign count? Fits `softening/weights.toml` on the pairs that may be seen.

Logistic regression per question, with every sign held to its sense: what speaks for softening can
never speak against it. The cuts are those that judge best when each author in turn is left out of
the fit. Needs the extra `fit`; run `python -m benchmarks.fitting`.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.cuts import Learnt, chosen, told_of
from benchmarks.judged_sets import Pair, to_learn_from
from benchmarks.one_hedge import hedged
from uitvoering.softening import weights as shipped
from uitvoering.softening.facets import Result
from uitvoering.softening.judging import DOWN as FALLING
from uitvoering.softening.judging import UP as RISING
from uitvoering.softening.lemmas import language_of
from uitvoering.softening.lexicon import SOFT, STRONG
from uitvoering.softening.tokens import tokenise
from uitvoering.softening.weights import Head, Weights

RIDGE = 15.0
"""Of the squared standardised weights: holds signs that seldom show near nothing."""
_HEDGES = {
    "nl": (
        "eventueel", "kennelijk", "schijnbaar", "potentieel", "soms", "af en toe", "incidenteel",
        "deels", "enigszins", "tot op zekere hoogte", "in een enkel geval", "naar eigen zeggen",
        "naar men zegt", "in bepaalde gevallen", "allicht", "hoogstwaarschijnlijk",
    ),
    "en": (
        "potentially", "supposedly", "reportedly", "sometimes", "occasionally", "partly",
        "somewhat", "to some extent", "in certain cases", "conceivably",
    ),
}  # fmt: skip
"""Other ones than those by which it is measured."""
_LEAST = 0.0005
"""Weights below this change nothing and are left out."""
DOWN = frozenset({
    "gone", "gone-of-moved", "lost-on-balance", "lost-more", "sentence-gone", "force-gone",
    "shorter", "gone-in-verbatim", "any-gone-in-verbatim", "cut", "numbers-gone-in-verbatim",
    "negation-gone-in-verbatim", "strong-gone-in-verbatim", "soft-on-balance",
    "strong-on-balance", "soft-new-in-verbatim",
    "soft-takes-over", "hardship-share-gone",
    "negation-gone", "cause-gone", "modal", "abstract", "commoner", "numbers-gone",
    "numbers-share-gone", "unanchored", "passages-gone", "decisive-gone", "scope-down",
    "people-gone",
    "apology-new", *(f"{c}-new" for c in SOFT),
    *(f"{c}-gone" for c in STRONG),
})  # fmt: skip
"""Signs that can only speak for softening."""
UP = frozenset({
    "force-new", "anchors", "scope-up", "negation-new", "cause-new", "soft-gone-in-verbatim",
    "soft-gone", "strong-new-in-verbatim", "numbers-new", *(f"{c}-new" for c in STRONG),
})  # fmt: skip
"""Signs that can only speak against it."""


def main() -> None:
    learnt = [
        row
        for one in to_learn_from()
        for at, pair in enumerate(one.pairs)
        if pair["restated"]["text"].strip()
        for row in _with_hedge(pair, one.name, at)
    ]
    for author in sorted({row.author for row in learnt}):
        others = fitted([row for row in learnt if row.author != author])
        for row in learnt:
            if row.author == author:
                row.scores = {head: others.score(head, row.signs) for head in Head}
    cuts = chosen(learnt)
    found = fitted(learnt)
    told = written(Weights(found.bias, found.signs, cuts))
    Path(shipped.__file__).with_name("weights.toml").write_text(told, encoding="utf-8")
    sys.stderr.write(f"{len(learnt)} pairs, agreement {told_of(learnt, cuts)}\n")


def _with_hedge(pair: Pair, author: str, at: int) -> Iterator[Learnt]:
    """The pair, and when it is faithful, itself with one hedge in it."""
    yield Learnt.of(pair, author)
    if pair["gold"]["overall"] != Result.UNCHANGED:
        return
    text = pair["restated"]["text"]
    hedges = _HEDGES[language_of(tokenise(text))]
    spoilt = hedged(text, hedges[at % len(hedges)])
    gold = {"overall": "softened", "dimensions": {"wording": "softened"}}
    yield Learnt.of(
        {**pair, "restated": {**pair["restated"], "text": spoilt}, "gold": gold},
        author,
        hedged=True,
    )


def fitted(rows: Sequence[Learnt]) -> Weights:
    """Without cuts."""
    bias: dict[Head, float] = {}
    weights: dict[Head, dict[str, float]] = {}
    for head in Head:
        asked = [row for row in rows if row.bears_on(head)]
        bias[head], weights[head] = fit(
            head, [row.signs for row in asked], [answer(head, row) for row in asked]
        )
    return Weights(bias, weights, {})


def answer(head: Head, row: Learnt) -> bool:
    """What the judge of the pair would say to the question."""
    for dimension, of in FALLING.items():
        if of is head:
            return row.gold(dimension) == Result.SOFTENED
    for dimension, of in RISING.items():
        if of is head:
            return row.gold(dimension) == Result.SHARPENED
    return row.hedged if head is Head.HEDGED else row.text_softened


def fit(
    head: Head, rows: Sequence[dict[str, float]], truth: Iterable[bool]
) -> tuple[float, dict[str, float]]:
    """Bias and weights, over the signs of each pair and whether the answer is yes."""
    names = sorted({name for row in rows for name in row})
    amounts = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    wanted = np.where(np.array(list(truth)), 1.0, -1.0)
    scale = amounts.std(axis=0) + 1e-9
    scaled = amounts / scale

    def loss(w: Any) -> tuple[float, Any]:
        margin = wanted * (scaled @ w[1:] + w[0])
        slope = -wanted / (1 + np.exp(margin))
        gradient = np.concatenate([[slope.sum()], scaled.T @ slope + RIDGE * w[1:]])
        return float(np.logaddexp(0, -margin).sum() + RIDGE * (w[1:] ** 2).sum() / 2), gradient

    rising = head in RISING.values()
    bounds = [(None, None), *(_sense(name, rising=rising) for name in names)]
    best = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 1000},
    )  # fmt: skip
    found = best.x[1:] / scale
    return round(float(best.x[0]), 3), {
        name: round(float(value), 3)
        for name, value in zip(names, found, strict=True)
        if abs(value) >= _LEAST
    }


def _sense(name: str, *, rising: bool) -> tuple[float | None, float | None]:
    against, towards = (DOWN, UP) if rising else (UP, DOWN)
    if name in towards or ("/" in name and towards is DOWN):
        return 0.0, None
    return (None, 0.0) if name in against or "/" in name else (None, None)


def written(weights: Weights) -> str:
    lines = ["# Fitted by `python -m benchmarks.fitting`, where the sense of each sign stands.", ""]
    lines += ["[cuts]", *(f"{name} = {cut}" for name, cut in weights.cuts.items())]
    for head in Head:
        lines += ["", f"[{head}]", f"bias = {weights.bias[head]}", "", f"[{head}.signs]"]
        lines += [f'"{name}" = {value}' for name, value in weights.signs[head].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
