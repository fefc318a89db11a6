"""Is one hedge seen when it is put into a restatement that is otherwise faithful?

Ten plain hedges of each language, chosen from grammars and not from the lexicon.
"""

import re
from collections.abc import Sequence
from typing import Any

from benchmarks.judged_sets import Judged, Pair, answered
from benchmarks.scores import LOSS, Outcome

HEDGES = {
    "nl": (
        "mogelijk",
        "misschien",
        "wellicht",
        "vermoedelijk",
        "waarschijnlijk",
        "ogenschijnlijk",
        "naar verluidt",
        "naar het schijnt",
        "in sommige gevallen",
        "volgens betrokkenen",
    ),
    "en": (
        "possibly",
        "perhaps",
        "maybe",
        "presumably",
        "probably",
        "seemingly",
        "allegedly",
        "apparently",
        "in some cases",
        "according to those involved",
    ),
}
_VERB = re.compile(
    # A finite verb in the midst of a clause, with the pronoun that may follow it.
    r"(?<=\s)(?:is|zijn|was|waren|wordt|worden|werd|werden|heeft|hebben|had|hadden|krijgt|krijgen"
    r"|kreeg|kregen|kan|kunnen|kon|konden|moet|moeten|moest|moesten|are|were|has|have|can|must)"
    r"(?: (?:er|ze|zij|we|wij|ik|hij|het|men|zich|they|we|he|she|it))?(?= \w)"
)


def hedged(text: str, hedge: str) -> str:
    """Behind the first finite verb, where both languages put it; else in front of the text."""
    if verb := _VERB.search(text):
        return f"{text[: verb.end()]} {hedge}{text[verb.end() :]}"
    start = text[:1].lower() if text[1:2].islower() else text[:1]
    return f"{hedge.capitalize()} {start}{text[1:]}"


def in_restatement(row: Judged, hedges: Sequence[int]) -> Outcome:
    """The part of these hedges that is seen; None when there was nothing faithful to spoil.

    A faithful text that is called softened already would count as seen, so it is left out.
    """
    pair, said = row
    if pair["gold"]["overall"] != "unchanged" or said["overall"] in LOSS:
        return None
    return _seen(pair, pair["restated"], hedges)


def in_same_words(row: Judged, hedges: Sequence[int]) -> Outcome:
    """The same when the restatement is the original but for the hedge."""
    pair, _ = row
    if pair["gold"]["overall"] != "unchanged":
        return None
    return _seen(pair, pair["original"], hedges)


def _seen(pair: Pair, faithful: dict[str, Any], hedges: Sequence[int]) -> float:
    own = HEDGES[pair.get("lang") or "nl"]
    found = [
        answered({**pair, "restated": {**faithful, "text": hedged(faithful["text"], own[at])}})
        for at in hedges
    ]
    return sum(said["overall"] in LOSS for said in found) / len(found)
