"""What was told in numbers, quotations and names of law is found back, or it is named as lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uitvoering.softening.facets import Result
from uitvoering.softening.facts import Facts
from uitvoering.softening.findings import Finding, Known
from uitvoering.softening.numbers import Kind, Number
from uitvoering.softening.people import scope_in_words
from uitvoering.softening.reading import read

_NOTHING = Known()
_PIECES = st.sampled_from((
    *("41", "huurders", "drie", "maanden", "€ 5.000", "60 procent", "een op de drie", "half jaar"),
    *("'geen cent'", "artikel 8 Awb", "de helft", "van hen", "twee kinderen", "3 en 4 juni"),
    *("om vijf uur", ".", ";", "enkele ouders", "niet alle gezinnen", "1.", "2.", "tien", "dozen"),
))  # fmt: skip
_TEXTS = st.lists(_PIECES, min_size=1, max_size=40).map(" ".join)


def facts(before: str, after: str, known: Known = _NOTHING) -> Facts:
    return Facts(read(before), read(after), known)


def scope(before: str, after: str, known: Known = _NOTHING) -> Finding:
    return scope_in_words(read(before), read(after), known)


def lost(found: Facts) -> list[str]:
    return [found.before.text[part.start : part.end] for part in found.lost]


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_a_text_loses_nothing_against_itself(text: str) -> None:
    found = facts(text, text)
    assert found.lost == ()
    assert found.new == ()
    assert scope(text, text).result is Result.UNCHANGED


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ("Bij 41 huurders is gas afgesloten.", "Bij enkele huurders is gas afgesloten.", ["41"]),
        ("Zij wachten zes weken.", "Zij wachten.", ["zes weken"]),
        ("Zij riep 'wij gaan dood'.", "Zij riep iets.", ["wij gaan dood"]),
        ("Zij riep 'wij gaan dood'.", "Wij gaan dood, riep zij.", []),
        ("In strijd met artikel 4:8 Awb.", "Tegen art. 4:8 Algemene wet bestuursrecht.", []),
        ("Zonder rechtsgrond ingevorderd.", "Ingevorderd zonder wettelijke grondslag.", []),
        ("De rechter gaf hun gelijk.", "Zij kregen gelijk.", ["rechter"]),
    ],
)
def test_what_stands_nowhere_any_more_is_lost(before: str, after: str, gone: list[str]) -> None:
    assert lost(facts(before, after)) == gone


def test_a_number_that_a_field_still_holds_is_not_lost() -> None:
    field = Known(numbers=(Number(Kind.COUNT, 41, 0, 0, 0),))
    assert facts("41 huurders zitten zonder gas.", "Huurders zitten zonder gas.", field).lost == ()


def test_a_total_that_stayed_does_not_stand_in_for_the_part() -> None:
    found = facts("Van 63 jongeren slapen 19 jongeren buiten.", "Van 63 jongeren slapen er buiten.")
    assert lost(found) == ["19"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("41 huurders zitten zonder gas.", "Enkele huurders zitten zonder gas."),
        ("41 huurders zitten zonder gas.", "Diverse huurders zitten zonder gas."),
        ("Alle ouders kregen een boete.", "Veel ouders kregen een boete."),
        ("Veel ouders kregen een boete.", "Sommige ouders kregen een boete."),
        ("Alle ouders kregen een boete.", "Niet alle ouders kregen een boete."),
        ("Gedetineerden blijven op cel.", "Sommige gedetineerden blijven op cel."),
        ("Van 128 gezinnen zijn 41 kinderen weg.", "Van 128 gezinnen is een aantal kinderen weg."),
        ("Zestien kermisfamilies betaalden.", "Een paar kermisfamilies betaalden."),
        ("Thirty tenants lost their home.", "Some tenants lost their home."),
    ],
)
def test_fewer_or_vaguer_people_soften_and_the_way_back_does_not(before: str, after: str) -> None:
    there, back = scope(before, after), scope(after, before)
    assert there.result is Result.SOFTENED
    assert there.spans
    assert back.result is not Result.SOFTENED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Sommige cliënten wachten.", "Cliënten wachten negen weken."),
        ("Een deel van de ouders betaalde.", "De ouders betaalden."),
        ("41 huurders zitten zonder gas.", "82 huurders zitten zonder gas."),
        ("Enkele ouders klagen.", "Alle ouders klagen."),
    ],
)
def test_more_people_sharpen(before: str, after: str) -> None:
    assert scope(before, after).result is Result.SHARPENED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Drie keer stond een man bij vrouwen.", "Er stond een man bij vrouwen."),
        ("Het werd 46 graden, mensen vielen flauw.", "Het werd heet, mensen vielen flauw."),
        ("Ouders kregen weinig hulp.", "Ouders kregen minder geld voor kinderen."),
        ("Het aantal ouders groeit.", "De groep ouders groeit."),
        ("41 huurders klagen.", "Eenenveertig mensen klagen."),
    ],
)
def test_other_numbers_and_amounts_say_nothing_about_people(before: str, after: str) -> None:
    assert scope(before, after).result is Result.UNCHANGED


def test_a_count_in_the_field_may_leave_the_text_when_the_people_stay_known() -> None:
    field = Known(same_count=True, count_before=41)
    known = scope("41 huurders zitten zonder gas.", "De huurders zitten zonder gas.", field)
    assert (known.result, known.rule) == (Result.UNCHANGED, "count-kept-in-field")
    vague = scope("41 huurders zitten zonder gas.", "Bewoners zitten zonder gas.", field)
    assert vague.result is Result.SOFTENED
