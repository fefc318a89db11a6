"""Which signs of a softer or a stronger text stand in what moved, and how strong is each?"""

from collections.abc import Iterable, Mapping
from math import log

from uitvoering.softening.lexicon import SOFT, STRONG, Category, Entry
from uitvoering.softening.moves import Moved, Moves

_FULL = 4.0
"""Information from which a sentence can lose a point of its own; below it counts for less."""
_ANOTHER_TEXT = 0.4
"""Share gone from which a text, with nothing in it that can be checked off, is another text."""
_SOFT = tuple(sorted(SOFT))
_STRONG = tuple(sorted(STRONG))


def signs(moves: Moves) -> dict[str, float]:
    """Every sign by name; 0 says nothing. Bounded, so that length does not count for force."""
    gone, new, facts = moves.gone, moves.new, moves.facts
    before, after = moves.before, moves.after
    verbatim = _per(len(before.pairs & after.pairs), min(len(before.pairs), len(after.pairs)))
    length = log((len(after.tokens) + 1) / (len(before.tokens) + 1))
    touched = min(1.0, 2 * gone.share)
    came, went = _by_category(new, touched), _by_category(gone, 1.0)
    soft_new, soft_gone = _sum(came, _SOFT), _sum(went, _SOFT)
    strong_new, strong_gone = _sum(came, _STRONG), _sum(went, _STRONG)
    negations = gone.elsewhere(before.negations) - new.elsewhere(after.negations)
    causes = gone.elsewhere(before.causes) - new.elsewhere(after.causes)
    found = {
        "gone": gone.share,
        "new": new.share * touched,
        "gone-of-moved": _per(gone.amount, gone.moved),
        "new-of-moved": _per(new.amount, new.moved) * touched,
        "lost-on-balance": _bounded(_per(gone.amount - new.amount, before.information), 1),
        "lost-more": max(0.0, _bounded(_per(gone.amount - new.amount, gone.moved), 1)),
        "sentence-gone": _worst(gone, forceful=False),
        "force-gone": _worst(gone, forceful=True),
        "force-new": _worst(new, forceful=True),
        "shorter": max(0.0, -length),
        "longer": max(0.0, length) * touched,
        "gone-in-verbatim": min(6.0, gone.amount) * verbatim,
        "new-in-verbatim": min(6.0, new.amount) * verbatim * touched,
        "any-gone-in-verbatim": min(1.0, gone.amount) * verbatim,
        "changed-in-verbatim": min(1.0, new.amount, gone.amount) * verbatim,
        "cut": float(not new.unmatched) * min(2.0, gone.amount),
        "soft-gone": min(2.0, soft_gone),
        "soft-on-balance": _bounded(soft_new - soft_gone, 4),
        "strong-on-balance": _bounded(strong_gone - strong_new, 6),
        "soft-new-in-verbatim": min(3.0, soft_new) * verbatim,
        "soft-gone-in-verbatim": min(3.0, soft_gone) * verbatim,
        "strong-gone-in-verbatim": min(4.0, strong_gone) * verbatim,
        "strong-new-in-verbatim": min(4.0, strong_new) * verbatim,
        "soft-takes-over": min(3.0, soft_new) * gone.share,
        "hardship-share-gone": _per(
            went[Category.HARDSHIP], max(1.0, before.weights.get(Category.HARDSHIP, 0.0))
        ),
        "negation-gone": _bounded(max(0, negations), 3),
        "negation-new": _bounded(max(0, -negations), 3),
        "negation-gone-in-verbatim": _bounded(max(0, negations), 2) * verbatim,
        "cause-gone": _bounded(max(0, causes), 2),
        "cause-new": _bounded(max(0, -causes), 2),
        "modal": _rate(new, after.modals) - _rate(gone, before.modals),
        "abstract": _rate(new, after.abstract) - _rate(gone, before.abstract),
        "commoner": _plain(gone) - _plain(new),
        "numbers-gone": _bounded(len(facts.numbers_lost), 4),
        "numbers-share-gone": _per(len(facts.numbers_lost), len(before.numbers)),
        "numbers-gone-in-verbatim": _bounded(len(facts.numbers_lost), 2) * verbatim,
        "numbers-new": _bounded(len(facts.new), 4),
        "passages-gone": _bounded(len(facts.passages_lost), 3),
        "decisive-gone": float(facts.decisive),
        "anchors": _per(facts.anchors, facts.anchors + len(facts.lost) + 1) * touched,
        "unanchored": max(0.0, gone.share - _ANOTHER_TEXT) if not facts.anchors else 0.0,
        "people-gone": float(bool(before.of(Category.PEOPLE)) and not after.of(Category.PEOPLE)),
        "scope-down": float(moves.scope.result.is_loss),
        "scope-up": float(moves.scope.result.value == "sharpened"),
    }
    for category in (*_SOFT, *_STRONG, Category.APOLOGY):
        found[f"{category}-new"] = min(3.0, came[category])
    for cue in new.cues:
        if cue.entry.category in SOFT:  # which of them are sure signs is told by judged pairs
            found[by_entry(cue.entry)] = max(touched, new.about(cue.sentence))
    for category in _STRONG:
        found[f"{category}-gone"] = min(4.0, went[category])
    return found


def by_entry(entry: Entry) -> str:
    """The name of the sign that this very concept is new."""
    return f"{entry.category}/{entry.name}"


def _bounded(value: float, most: float) -> float:
    return max(-most, min(most, float(value)))


def _per(value: float, whole: float) -> float:
    return value / whole if whole else 0.0


def _by_category(side: Moved, least: float) -> dict[Category, float]:
    """Each cue as far as its sentence is about the matter, or takes the place of what is gone."""
    found = dict.fromkeys(Category, 0.0)
    for cue in side.cues:
        part = max(least, side.about(cue.sentence))
        found[cue.entry.category] += cue.entry.weight * part
    return found


def _sum(weights: Mapping[Category, float], of: Iterable[Category]) -> float:
    return sum(weights[category] for category in of)


def _rate(side: Moved, at: Iterable[int]) -> float:
    moved = len(side.reading.said) - len(side.same)
    return _bounded(_per(side.elsewhere(at), max(1, moved)), 2)


def _plain(side: Moved) -> float:
    words = side.reading.vocabulary.words
    return _per(side.reading.information, len(words))


def _worst(side: Moved, *, forceful: bool) -> float:
    """The largest share of one sentence that is not found back."""
    by = side.reading.by_sentence
    return max(
        (
            amount / by[at] * min(1.0, by[at] / _FULL)
            for at, amount in side.lost.items()
            if not forceful or at in side.reading.forceful
        ),
        default=0.0,
    )
