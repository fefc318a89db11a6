"""Every entry fires on its own example, stays silent on its counter-example, and has a source."""

from collections import Counter
from collections.abc import Iterator

import pytest

from uitvoering.softening.lexicon import Category, Entry, Lexicon, lexicon
from uitvoering.softening.tokens import tokenise

NAMES = {f"{entry.category}-{entry.name}": entry for entry in lexicon().entries}


def _found(entry: Entry, text: str) -> bool:
    return any(cue.entry == entry for cue in lexicon().read(text))


def _terms() -> Iterator[tuple[Entry, str]]:
    for entry in lexicon().entries:
        for term in entry.terms:
            yield entry, term


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_fires_on_its_example_and_not_on_its_counter_example(name: str) -> None:
    entry = NAMES[name]
    assert _found(entry, entry.example)
    assert not _found(entry, entry.counter)


def test_every_entry_has_a_name_of_its_own_a_weight_and_a_source_that_exists() -> None:
    assert len(NAMES) == len(lexicon().entries)
    assert {entry.source for entry in lexicon().entries} == set(lexicon().sources)
    assert all(0 <= entry.weight <= 4 for entry in lexicon().entries)


def test_no_term_stands_twice_in_a_category() -> None:
    said = Counter(
        (entry.category, *(token.word for token in tokenise(term)), term.endswith("*"))
        for entry, term in _terms()
    )
    assert [term for term, times in said.items() if times > 1] == []


def test_every_term_is_found_where_it_stands_alone() -> None:
    lost = []
    for entry in lexicon().entries:
        terms = [term.rstrip("*") for term in entry.terms]
        cues = lexicon().read(f"Het stuk zegt: {'; '.join(terms)}.")
        found = {cue.sentence for cue in cues if cue.entry == entry}
        lost += [(entry.category, entry.name, t) for n, t in enumerate(terms, 1) if n not in found]
    assert lost == []


def test_a_cue_is_read_in_another_form_of_its_words() -> None:
    names = {cue.entry.name for cue in lexicon().read("Zij worstelen met de regels.")}
    assert names == {cue.entry.name for cue in lexicon().read("Zij worstelden met de regels.")}
    assert "challenge" in names


def test_of_two_terms_of_a_category_the_longest_counts() -> None:
    for text in ("Er zouden kinderen ziek zijn.", "Het zou kunnen dat kinderen ziek zijn."):
        hedges = [c for c in lexicon().read(text) if c.entry.category is Category.HEDGE]
        assert len(hedges) == 1


def test_a_negated_or_quoted_cue_does_not_count() -> None:
    bare = {cue.entry.category for cue in lexicon().read("Bezwaar is niet mogelijk.")}
    assert not bare & {Category.HEDGE, Category.HARDSHIP}
    quoted = {cue.entry.category for cue in lexicon().read("Hij zei: 'dat is mogelijk een fout'.")}
    assert not quoted & {Category.HEDGE, Category.HARDSHIP}


def test_a_negation_that_is_part_of_the_expression_does_not_void_it() -> None:
    entry = next(entry for entry in lexicon().entries if entry.lexical)
    assert _found(entry, entry.example)


def test_an_entry_is_read_from_its_table() -> None:
    tables = {
        category: {
            "x": {
                "terms": [category.value],
                "weight": 1,
                "source": "s",
                "example": "",
                "counter": "",
            }
        }
        for category in Category
    }
    other = Lexicon({"s": "a test"}, tables)
    found = {cue.entry.category for cue in other.read("hedge; euphemism; hardship")}
    assert found == {Category.HEDGE, Category.EUPHEMISM, Category.HARDSHIP}
