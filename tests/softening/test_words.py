"""Under what is a word found back, and does the index find what reading term by term finds?"""

from hypothesis import given, settings
from hypothesis import strategies as st

from uitvoering.softening.lemmas import language_of, lemma, lemmas
from uitvoering.softening.lexicon import lexicon
from uitvoering.softening.reading import read
from uitvoering.softening.thesaurus import thesaurus
from uitvoering.softening.tokens import tokenise
from uitvoering.softening.words import Vocabulary

_TERMS = sorted({term.rstrip("*") for entry in lexicon().entries for term in entry.terms})
_LEXICAL = [
    (entry.category, [token.word for token in tokenise(term)])
    for entry in lexicon().entries
    for term in entry.terms
    if entry.lexical and not term.endswith("*")
]
"""Terms that hold whatever stands before them; a negator can void the others."""
_TEXTS = st.lists(st.sampled_from(_TERMS), min_size=1, max_size=8).map(" ".join)


def vocabulary(text: str) -> Vocabulary:
    return read(text).vocabulary


def test_a_word_in_another_form_is_found_back() -> None:
    there = vocabulary("De huurders zijn ontruimd.")
    assert there.missing(vocabulary("Ontruimde huurder")) == ()


def test_a_compound_is_half_found_back_in_one_of_its_parts() -> None:
    (gone,) = vocabulary("De huur is hoog.").missing(vocabulary("huurachterstand"))
    assert (gone[0].lemma, gone[1]) == ("huurachterstand", 0.5)


def test_stopwords_short_words_and_numbers_are_not_content() -> None:
    assert vocabulary("Zij is er op 41 van de ja").words == ()


def test_words_are_asked_for_by_place() -> None:
    said = vocabulary("Huurders verliezen het huis en de auto.")
    assert [word.lemma for word in said.between(0, 20)] == [word.lemma for word in said.words[:2]]
    assert [word.at for word in said.near(3, 6)] == [3, 6]


@settings(max_examples=120, deadline=None)
@given(_TEXTS, _TEXTS)
def test_nothing_is_missing_of_a_text_in_that_text_and_more(one: str, more: str) -> None:
    both = read(f"{one}. {more}")
    alone = read(one)
    if both.language == alone.language:
        lost = both.vocabulary.missing(alone.vocabulary)
        assert not [word for word, _ in lost if word.lemma in both.vocabulary.lemmas]


@settings(max_examples=120, deadline=None)
@given(_TEXTS)
def test_the_words_of_a_text_stand_in_order_and_verbatim(text: str) -> None:
    found = vocabulary(text).words
    assert [word.at for word in found] == sorted({word.at for word in found})
    assert all(0 <= word.start < word.end <= len(text) for word in found)


@settings(max_examples=120, deadline=None)
@given(_TEXTS)
def test_the_index_misses_no_term_that_stands_in_the_text(text: str) -> None:
    """At every place the longest term of a category, looked for without any index."""
    tokens = tokenise(text)
    of = lemmas(tokens, language_of(tokens))
    found = {(cue.entry.category, cue.first): cue for cue in lexicon().find(tokens, of)}
    covered = {
        (category, at)
        for (category, _), cue in found.items()
        for at in range(cue.first, cue.last + 1)
    }
    words = [token.word for token in tokens]
    for category, wanted in _LEXICAL:
        for at in range(len(words) - len(wanted) + 1):
            here = tokens[at : at + len(wanted)]
            if words[at : at + len(wanted)] == wanted and (
                here[0].sentence == here[-1].sentence and not here[0].quoted
            ):
                assert (category, at) in covered


def test_an_expression_is_found_by_all_its_words_close_together_only() -> None:
    known = thesaurus()
    term, concept = next(
        (words, f"={name}")
        for name, entry in known.entries.items()
        for words in ([t.word for t in tokenise(x)] for x in entry["terms"])
        if len(words) == 2 and all(lemma(word, "nl") == word for word in words)
    )
    assert concept in {one for one, _ in known.expressions(term)}
    assert concept in {one for one, _ in known.expressions([term[1], "daar", term[0]])}
    assert concept not in {one for one, _ in known.expressions([term[0], *["daar"] * 20, term[1]])}
    assert concept not in {one for one, _ in known.expressions(term[:1])}
