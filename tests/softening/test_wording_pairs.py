"""Pairs a person can check at a glance: how restatements soften, and what is merely other words."""

import pytest

from uitvoering.domain.values import Statement
from uitvoering.softening.compare import compare

SOFTER = [
    ("De boetes zijn disproportioneel.", "Boetes moeten in verhouding staan tot de overtreding."),
    ("De veiligheid is genegeerd.", "Er was te weinig aandacht voor veiligheid."),
    ("De ouders zijn in de steek gelaten.", "De ouders voelen zich in de steek gelaten."),
    ("Het beleid is structureel bevooroordeeld.", "Het beleid was soms bevooroordeeld."),
    ("De fout kostte 30 gezinnen hun woning.", "Van een fout is niets gebleken."),
    (
        "De gemeente weigert 60 mantelzorgers een vergunning; drie zijn gestopt met zorgen.",
        "Voor mantelzorgers wordt gekeken naar passende oplossingen.",
    ),
]
FAITHFUL = [
    ("De dienst handelde onrechtmatig.", "De dienst handelde in strijd met de wet."),
    (
        "Van de 80 aanvragen zijn er 20 te laat behandeld.",
        "Van de tachtig aanvragen zijn er twintig te laat behandeld.",
    ),
    (
        "De vergunning van 12 ondernemers is ingetrokken zonder hoorzitting.",
        "Zonder hoorzitting is de vergunning van twaalf ondernemers ingetrokken.",
    ),
    ("Twelve families lost their home in March.", "In March, 12 families lost their homes."),
    (
        "De brief zegt: 'bezwaar is niet mogelijk'. Zij kregen geen antwoord.",
        "Antwoord kregen zij niet, en de brief zegt: 'bezwaar is niet mogelijk'.",
    ),
]


@pytest.mark.parametrize(("before", "after"), SOFTER)
def test_a_weaker_wording_is_found_and_its_words_are_shown(before: str, after: str) -> None:
    comparison = compare(Statement(text=before), Statement(text=after))
    assert comparison.softened
    assert comparison.text_only
    assert any(row.spans for row in comparison.dimensions)


@pytest.mark.parametrize(("before", "after"), FAITHFUL)
def test_the_same_in_other_words_is_unchanged(before: str, after: str) -> None:
    assert compare(Statement(text=before), Statement(text=after)).softened == ()


@pytest.mark.parametrize(("before", "after"), SOFTER)
def test_a_softened_pair_the_other_way_round_has_no_softened_wording(
    before: str, after: str
) -> None:
    back = compare(Statement(text=after), Statement(text=before))
    assert "wording" not in back.softened
