"""A number is the same number in figures and in Dutch or English words."""

import pytest

from uitvoering.softening.numbers import Kind, NumberPool, read_numbers
from uitvoering.softening.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("driehonderdtien ouders", Kind.COUNT, 310),
        ("eenenveertig huurders", Kind.COUNT, 41),
        ("Tweeëntwintig cliënten", Kind.COUNT, 22),
        ("forty-one tenants", Kind.COUNT, 41),
        ("two hundred residents", Kind.COUNT, 200),
        ("244.273 personen", Kind.COUNT, 244273),
        ("tweeduizend mensen", Kind.COUNT, 2000),
        ("twaalfmaal", Kind.COUNT, 12),
        ("3,7 miljoen euro", Kind.EURO, 3_700_000),
        ("€ 5.000", Kind.EURO, 5000),
        ("60 procent", Kind.PERCENTAGE, 60),
        ("drie op de vijf", Kind.PERCENTAGE, 60),
        ("driekwart", Kind.PERCENTAGE, 75),
        ("48 uur", Kind.DAYS, 2),
        ("zes maanden", Kind.DAYS, 182.64),
        ("half jaar", Kind.DAYS, 182.625),
        ("anderhalf jaar", Kind.DAYS, 547.875),
    ],
)
def test_a_number_is_read(text: str, kind: Kind, value: float) -> None:
    (number,) = read_numbers(tokenise(text))
    assert number.kind is kind
    assert number.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["in 2014", "op 4 juni", "een ouder", "ten onrechte", "artikel 8", "de derde keer"]
)
def test_years_dates_articles_and_small_words_are_no_counts(text: str) -> None:
    assert read_numbers(tokenise(text)) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("een half jaar", "zes maanden"),
        ("twee dagen", "48 uur"),
        ("52 boeren", "twee boeren en vijftig andere"),
        ("290 van de 330", "40 van de 330 niet"),
        ("dertig procent", "30%"),
    ],
)
def test_a_number_is_found_back_in_another_notation(before: str, after: str) -> None:
    pool = NumberPool(read_numbers(tokenise(after)))
    assert all(pool.holds(number) for number in read_numbers(tokenise(before)))
