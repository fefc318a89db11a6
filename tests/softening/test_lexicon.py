"""Every entry fires on its own example, stays silent on its counter-example, and has a source."""

import pytest

from uitvoering.softening.lexicon import Category, Entry, Lexicon, lexicon
from uitvoering.softening.tokens import tokenise


def _found(entry: Entry, text: str) -> bool:
    return any(cue.entry == entry for cue in lexicon().find(tokenise(text)))


@pytest.mark.parametrize("entry", lexicon().entries, ids=lambda e: f"{e.category}-{e.name}")
def test_an_entry_fires_on_its_example_and_not_on_its_counter_example(entry: Entry) -> None:
    assert _found(entry, entry.example)
    assert not _found(entry, entry.counter)


@pytest.mark.parametrize("entry", lexicon().entries, ids=lambda e: f"{e.category}-{e.name}")
def test_an_entry_has_a_source_and_every_term_once(entry: Entry) -> None:
    assert entry.source in lexicon().sources
    assert len(set(entry.terms)) == len(entry.terms)


def test_a_negated_or_quoted_cue_does_not_count() -> None:
    assert {c.entry.name for c in lexicon().find(tokenise("Bezwaar is niet mogelijk."))} == {"word"}
    quoted = lexicon().find(tokenise("Hij zei: 'dat is mogelijk een fout'."))
    assert not {c.entry.category for c in quoted} & {Category.HEDGE, Category.HARDSHIP}


def test_another_lexicon_has_another_hash() -> None:
    row = 'x = {{ terms = ["{0}"], weight = 1.0, source = "s", example = "{0}", counter = "-" }}'
    tables = [f"[{category}]\n{row.format(category)}" for category in Category]
    other = Lexicon("\n".join(["[source]", "s = 'a test'", *tables]).encode())
    assert other.hash != lexicon().hash
