"""Every concept is found back in its other words, and not in those of another matter."""

from collections import Counter

from uitvoering.softening.lexicon import SOFT, STRONG, lexicon
from uitvoering.softening.reading import Reading, read
from uitvoering.softening.thesaurus import thesaurus
from uitvoering.softening.tokens import tokenise

EITHER = {
    "begrijpelijk",  # clear, and only to be expected
    "deny",  # to refuse and to say that it is not so
    "isolated",  # of people, and of incidents
    "lapse",  # of a term, and of attention
    "niet bevoegd",
    "niet passend",
    "niet tijdig",
    "inappropriate",
    "onzorgvuldigheid",
    "onzekerheid",
    "onduidelijkheid",
    "zorgmijding",
}
"""Soft words of the lexicon that name the concept as plainly as its strong words do."""

EMPTY = frozenset(
    [
        "aan",
        "al",
        "als",
        "be",
        "bij",
        "boven",
        "by",
        "de",
        "doen",
        "down",
        "elkaar",
        "er",
        "even",
        "gedaan",
        "get",
        "give",
        "go",
        "het",
        "have",
        "hebben",
        "in",
        "is",
        "it",
        "laten",
        "maken",
        "niet",
        "of",
        "off",
        "om",
        "on",
        "onder",
        "ook",
        "op",
        "per",
        "put",
        "since",
        "so",
        "te",
        "to",
        "up",
        "van",
        "zijn",
    ]
)
"""Words that stand close together in any text: 'op zijn', 'om niet', 'er niet zijn'."""


def places(text: Reading, concept: str) -> set[int]:
    """Positions of the words by which a text names a concept."""
    known, of = thesaurus(), text.vocabulary.lemmas
    found = {at for at, lemma in enumerate(of) if concept in known.concepts(lemma)}
    for name, at in known.expressions(of):
        if name == concept:
            found.update(at)
    return found


def _faults(name: str) -> list[str]:
    entry = thesaurus().entries[name]
    one, other = (read(text) for text in entry["example"])
    faults = [f"{name}: {entry['counter']}"] if places(read(entry["counter"]), f"={name}") else []
    for said, there in ((one, other), (other, one)):
        named = places(said, f"={name}")
        missing = {word.at for word, _ in there.vocabulary.missing(said.vocabulary)}
        if not named or missing & named:
            faults.append(f"{name}: {said.text}")
    return faults


def test_a_concept_is_found_back_in_its_other_words_and_not_in_those_of_another() -> None:
    assert [fault for name in thesaurus().entries for fault in _faults(name)] == []


def test_an_entry_has_terms_to_choose_from_each_once_and_two_sentences() -> None:
    for name, entry in thesaurus().entries.items():
        said = Counter(tuple(token.word for token in tokenise(t)) for t in entry["terms"])
        assert (name, max(said.values()), len(said) > 1) == (name, 1, True)
        assert len(set(entry["example"])) == 2


def test_a_term_of_several_words_has_one_that_says_something() -> None:
    for entry in thesaurus().entries.values():
        for term in entry["terms"]:
            words = [token.word for token in tokenise(term)]
            assert len(words) == 1 or not EMPTY.issuperset(words), term


def test_no_concept_holds_a_soft_word_beside_a_strong_one() -> None:
    """Else the loss of the strong word would be found back in the soft one."""
    of: dict[str, set[bool]] = {}
    for row in lexicon().entries:
        if row.category in SOFT | STRONG:
            for term in row.terms:
                of.setdefault(term, set()).add(row.category in STRONG)
    mixed = {
        name: soft
        for name, entry in thesaurus().entries.items()
        if any(True in of.get(term, ()) for term in entry["terms"])
        and (soft := {t for t in entry["terms"] if of.get(t) == {False}} - EITHER)
    }
    assert mixed == {}


def test_words_between_those_of_an_expression_do_not_name_it() -> None:
    text = read("Zij verloor haar vaste baan.")
    named = {word.lemma for word in text.vocabulary.words if "=dismissal" in word.keys}
    assert "baan" in {lemma.removesuffix("en") for lemma in named}
    assert not named & {"vast", "vaste", "vasten"}


def test_spelling_with_or_without_a_diaeresis_names_the_same() -> None:
    one, other = read("De patiënt wacht."), read("De patient wacht.")
    assert places(one, "=patient") == places(other, "=patient") == {1}
