"""A number is the same number in figures and in Dutch or English words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitvoering.softening.number_pool import NumberPool
from uitvoering.softening.number_words import in_words
from uitvoering.softening.numbers import Kind, Number, implied_numbers, read_numbers
from uitvoering.softening.tokens import tokenise

_DUTCH = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
]
_DUTCH_TENS = [
    "twintig",
    "dertig",
    "veertig",
    "vijftig",
    "zestig",
    "zeventig",
    "tachtig",
    "negentig",
]
_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def dutch(number: int) -> str:
    """As the spelling rules write it, save for the space behind 'duizend'."""
    if number < 20:
        return _DUTCH[number]
    if number < 100:
        unit, tens = number % 10, _DUTCH_TENS[number // 10 - 2]
        between = "ën" if unit in {2, 3} else "en"
        return f"{_DUTCH[unit]}{between}{tens}" if unit else tens
    size, name = (100, "honderd") if number < 1000 else (1000, "duizend")
    times, rest = divmod(number, size)
    head = "" if times == 1 else dutch(times)
    return f"{head}{name}{dutch(rest) if rest else ''}"


def english(number: int) -> str:
    if number < 20:
        return _ENGLISH[number]
    if number < 100:
        unit, tens = number % 10, _ENGLISH_TENS[number // 10 - 2]
        return f"{tens}-{_ENGLISH[unit]}" if unit else tens
    if number < 1000:
        rest = number % 100
        return f"{_ENGLISH[number // 100]} hundred" + (f" and {english(rest)}" if rest else "")
    rest = number % 1000
    between = " and " if 0 < rest < 100 else " "
    return f"{english(number // 1000)} thousand" + (f"{between}{english(rest)}" if rest else "")


def only(text: str) -> Number:
    (number,) = read_numbers(tokenise(text))
    return number


def kept(before: str, after: str) -> bool:
    told, there = read_numbers(tokenise(before)), tokenise(after)
    pool = NumberPool(read_numbers(there), implied_numbers(there), told)
    return all(pool.holds(number) for number in told)


@given(st.integers(0, 9999))
def test_a_dutch_word_has_the_value_of_its_figures(number: int) -> None:
    assert in_words(dutch(number).replace("ë", "e")) == number


@given(st.integers(2, 9999).filter(lambda n: not 1900 <= n <= 2100))
def test_figures_and_words_read_the_same(number: int) -> None:
    read = [only(f"{said} huurders").value for said in (str(number), dutch(number))]
    assert read == [number, number]
    assert only(f"the {english(number)} tenants").value == number


@given(st.integers(2, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(2, 999))))
def test_a_space_behind_duizend_changes_nothing(parts: tuple[int, int]) -> None:
    thousands, rest = parts
    said = f"{dutch(thousands)}duizend {dutch(rest)} huurders"
    assert only(said).value == thousands * 1000 + rest


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("driehonderdtien ouders", Kind.COUNT, 310),
        ("eenenveertig huurders", Kind.COUNT, 41),
        ("Tweeëntwintig cliënten", Kind.COUNT, 22),
        ("forty-one tenants", Kind.COUNT, 41),
        ("one hundred and fifty tenants", Kind.COUNT, 150),
        ("half a dozen families", Kind.COUNT, 6),
        ("244.273 personen", Kind.COUNT, 244273),
        ("2000 huurders", Kind.COUNT, 2000),
        ("twaalfmaal", Kind.COUNT, 12),
        ("een zesjarige en haar broer", Kind.COUNT, 6),
        ("met zijn vieren", Kind.COUNT, 4),
        ("3,7 miljoen euro", Kind.EURO, 3_700_000),
        ("1,2 mln. euro", Kind.EURO, 1_200_000),
        ("€ 5.000", Kind.EURO, 5000),
        ("61 duizend euro", Kind.EURO, 61_000),
        ("60 procent", Kind.PERCENTAGE, 60),
        ("drie op de vijf", Kind.PERCENTAGE, 60),
        ("één op de driehonderd", Kind.PERCENTAGE, 100 / 300),
        ("een derde van hen", Kind.PERCENTAGE, 100 / 3),
        ("twee derde", Kind.PERCENTAGE, 200 / 3),
        ("viervijfde", Kind.PERCENTAGE, 80),
        ("driekwart", Kind.PERCENTAGE, 75),
        ("a quarter of them", Kind.PERCENTAGE, 25),
        ("48 uur", Kind.DAYS, 2),
        ("zes maanden", Kind.DAYS, 182.625),
        ("half jaar", Kind.DAYS, 182.625),
        ("anderhalf jaar", Kind.DAYS, 547.875),
        ("een uur en tien minuten", Kind.DAYS, 70 / 1440),
        ("drie kwartier", Kind.DAYS, 45 / 1440),
        ("two and a half years", Kind.DAYS, 2.5 * 365.25),
    ],
)
def test_a_number_is_read(text: str, kind: Kind, value: float) -> None:
    number = only(text)
    assert number.kind is kind
    assert number.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "in 2014", "op 4 juni", "in de nacht van 6 op 7 februari", "een ouder", "ten onrechte",
        "de brief is ten uitvoer gelegd", "artikel 8", "de derde keer", "de 28e etage",
        "de A50 en agendapunt 4b", "in week 28", "drie hoog", "in de jaren zeventig",
        "om vijf uur", "vanaf 17.00 uur", "na 21 uur", "vanaf half twaalf", "na tienen",
        "wij achten dit onjuist", "zij acht dit veilig", "de tweede helft",
        "1. Een brief. 2. Een klacht. 3. Een vraag.",
    ],
)  # fmt: skip
def test_dates_hours_labels_and_small_words_count_nothing(text: str) -> None:
    assert read_numbers(tokenise(text)) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("een half jaar", "zes maanden"),
        ("anderhalf jaar", "achttien maanden"),
        ("twaalf maanden uitstel", "een jaar uitstel"),
        ("tien jaar lang", "een decennium lang"),
        ("twee dagen", "48 uur"),
        ("negentig minuten", "anderhalf uur"),
        ("een uur en tien minuten", "zeventig minuten"),
        ("vier dagen in een zwembad", "vier werkdagen in een zwembad"),
        ("52 boeren", "twee boeren en vijftig andere"),
        ("290 van de 330", "40 van de 330 niet"),
        ("dertig procent", "30%"),
        ("71% te laat", "29% op tijd"),
        ("1 op de 9", "een negende deel"),
        ("80 procent", "viervijfde"),
        ("van de 156 de helft", "78 van de 156"),
        ("tweemaal", "dubbel"),
        ("drie keer zo groot", "verdrievoudigd"),
        ("al vier keer een aanslag", "nu de vierde aanslag"),
        ("twee kinderen", "beide kinderen"),
        ("zes gezinnen", "half a dozen families"),
        ("nul meldingen", "geen meldingen"),
        ("ruim 40 mensen", "41 mensen"),
        ("van 71 naar 44 procent", "van 71 naar 44"),
        ("zevenmaal de norm", "zeven keer de norm"),
    ],
)
def test_a_number_is_found_back_in_another_notation(before: str, after: str) -> None:
    assert kept(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("41 huurders", "enkele huurders"),
        ("drie kinderen", "drie weken"),
        ("drie maanden wachten", "drie weken wachten"),
        ("39 dagen", "41 dagen"),
        ("21 procent", "20 procent"),
        ("twee gewonden onder 48 van de 50 mensen", "48 van de 50 mensen"),
        ("een op de drie", "een op de vijf"),
    ],
)
def test_another_number_does_not_stand_in_for_it(before: str, after: str) -> None:
    assert not kept(before, after)
