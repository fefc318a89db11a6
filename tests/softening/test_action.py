"""What is asked may be said in other words; it may not become less without being seen."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.softening.statements import statement
from uitvoering.softening.action import action, action_class
from uitvoering.softening.facets import Result

SOFTENED = [
    # a lower class
    ("Stop de invordering", "Onderzoek de invordering", "action-class-lower"),
    ("Stop de invordering", "Onderzoek of de invordering kan stoppen", "action-class-lower"),
    ("Stop de invordering", "Laat de invordering tegen het licht houden", "action-class-lower"),
    ("Trek de erkenning in", "Ga met de stations in gesprek", "action-class-lower"),
    ("Haal de kinderen weg", "Breng de situatie in kaart", "action-class-lower"),
    ("De boetes terugbetalen", "De Kamer informeren over de boetes", "action-class-lower"),
    ("De kranen afsluiten", "De tuinders vragen het water te mijden", "action-class-lower"),
    (
        "De zaken moeten worden geseponeerd",
        "De zaken moeten worden besproken",
        "action-class-lower",
    ),
    ("Onmiddellijke stopzetting", "Onderzoek naar stopzetting", "action-class-lower"),
    (
        "Wij vragen u de boetes in te trekken",
        "Wij vragen u de boetes te bezien",
        "action-class-lower",
    ),
    ("Schrap de eigen bijdrage", "Verlaag de eigen bijdrage", "action-class-lower"),
    ("Bespreek de brandveiligheid", "Geen verdere actie", "action-class-lower"),
    ("Herstel de uitkering", "Herstel de uitkering niet", "action-class-lower"),
    ("Stop de inning en onderzoek de oorzaak", "Onderzoek de oorzaak", "action-class-lower"),
    ("Repay the fines", "Carry out a study into the fines", "action-class-lower"),
    ("The fines must be repaid", "The fines must be reviewed", "action-class-lower"),
    ("Shut the building", "Keep the parents informed", "action-class-lower"),
    # the edge taken off
    ("Vergoed de schade", "Vergoed de schade waar mogelijk", "action-softener-added"),
    ("Vul de vacatures in", "Streef naar invulling van de vacatures", "action-softener-added"),
    ("Los dit op", "Los dit op indien de capaciteit dat toelaat", "action-softener-added"),
    ("Vervang de ketel", "Vervang op termijn de ketel", "action-softener-added"),
    ("Los de storing op", "Probeer de storing op te lossen", "action-softener-added"),
    ("Fill the posts", "Aim to fill the posts", "action-softener-added"),
    # for fewer people, or for less
    ("Betaal alle 310 huurders uit", "Betaal schrijnende gevallen uit", "action-extent-smaller"),
    ("Help alle bewoners", "Help bewoners met een hulpvraag", "action-extent-smaller"),
    ("Stel zes rechters aan", "Stel twee rechters aan", "action-extent-smaller"),
    ("Neem twintig examinatoren aan", "Neem examinatoren aan", "action-extent-smaller"),
    ("Repay all deposits", "Repay deposits in hardship cases", "action-extent-smaller"),
    # later
    ("Stop per direct met de controle", "Stop binnen een jaar met de controle", "action-later"),
    ("Betaal binnen twee weken uit", "Betaal uit", "action-later"),
    ("Sluit vandaag de brug", "Sluit de brug", "action-later"),
    # one of two
    ("Trek de boete in en herstel het dossier", "Trek de boete in", "action-part-gone"),
    (
        "Vergoed de fiets en het gederfde loon",
        "Geef de fiets terug en onderzoek vergoeding van het loon",
        "action-part-gone",
    ),
]
UNCHANGED = [
    ("Stop de invordering", "De invordering moet worden gestopt"),
    ("Stop de invordering", "Beëindiging van de invordering"),
    ("Stop de invordering", "Graag de invordering staken"),
    ("Stop de invordering en onderzoek de oorzaak", "Staak de inning en zoek de oorzaak uit"),
    ("Betaal binnen vier weken", "Voldoe binnen 28 dagen"),
    ("Stuur vandaag iemand langs", "Laat nog vandaag een collega langsgaan"),
    ("Schaf de grens van zes minuten af", "Laat de gesprekslimiet vallen"),
    ("Vorder niet terug", "Zie af van terugvordering"),
    ("Stop met controle op aankopen", "Geen controle meer op aankopen"),
    ("Onderzoek de schade", "Laat de schade onderzoeken"),
    ("Onderzoek de schade", "Er dient onderzoek te worden gedaan naar de schade"),
    ("Informeer de bewoners", "Stel de bewoners op de hoogte"),
    ("Regel vervoer", "Zorg dat er vervoer komt"),
    ("Bed de brug in beton", "Giet een betonnen brugdek"),  # verbs the lexicon does not know
    ("Plan de 96 mensen opnieuw in", "Geef alle 96 mensen een nieuwe datum"),
    ("Vergoed de schade waar mogelijk", "Betaal de schade zo mogelijk"),
    ("Laat de partner inloggen", "De partner moet kunnen inloggen"),
    ("Revoke the permit", "The permit must be withdrawn"),
    ("Rehouse the workers and refund the rent", "Move the workers and pay back the rent"),
]
SHARPENED = [
    ("Onderzoek de vorderingen", "Herstel de schade", "action-class-higher"),
    ("Ter kennisname", "Bespreek dit", "action-class-higher"),
    ("Monitor the rota", "Fund a second nurse", "action-class-higher"),
    ("Herstel de fout waar mogelijk", "Herstel de fout", "action-softener-gone"),
    ("Stop de inning", "Stop de inning per direct", "action-sooner"),
    ("Stel twee rechters aan", "Stel zes rechters aan", "action-extent-larger"),
    ("Trek de boete in", "Trek de boete in en herstel het dossier", "action-part-added"),
]
ASKS = sorted({ask for row in (*SOFTENED, *UNCHANGED, *SHARPENED) for ask in row[:2]})


@pytest.mark.parametrize(("asked", "restated", "rule"), SOFTENED)
def test_an_ask_that_became_less_is_softened(asked: str, restated: str, rule: str) -> None:
    found = action(statement(requested_action=asked), statement(requested_action=restated))
    assert (found.result, found.rule) == (Result.SOFTENED, rule)
    assert found.strength > 0


@pytest.mark.parametrize(("asked", "restated"), UNCHANGED)
def test_the_same_ask_in_other_words_is_unchanged(asked: str, restated: str) -> None:
    found = action(statement(requested_action=asked), statement(requested_action=restated))
    assert (found.result, found.strength) == (Result.UNCHANGED, 0), found.rule


@pytest.mark.parametrize(("asked", "restated", "rule"), SHARPENED)
def test_an_ask_that_became_more_is_sharpened(asked: str, restated: str, rule: str) -> None:
    found = action(statement(requested_action=asked), statement(requested_action=restated))
    assert (found.result, found.rule) == (Result.SHARPENED, rule)


@pytest.mark.parametrize(
    ("asked", "restated", "result", "rule"),
    [
        ("Stop de inning", None, Result.MISSING, "action-gone"),
        (None, "Stop de inning", Result.SHARPENED, "action-new"),
        (None, None, Result.UNCHANGED, "action-equal"),
        ("Sluit de brug", "Sluit de brug niet", Result.SOFTENED, "action-reversed"),
    ],
)
def test_an_ask_that_goes_comes_or_turns_round(
    asked: str | None, restated: str | None, result: Result, rule: str
) -> None:
    found = action(statement(requested_action=asked), statement(requested_action=restated))
    assert (found.result, found.rule) == (result, rule)


def test_further_down_is_stronger() -> None:
    doing = statement(requested_action="Stop de inning")
    falls = ("Beperk de inning", "Bespreek de inning", "Geen verdere actie")
    found = [action(doing, statement(requested_action=fall)).strength for fall in falls]
    assert found == [1, 2, 3]


def test_both_asks_are_shown_and_no_offsets() -> None:
    found = action(statement(requested_action="Betaal"), statement(requested_action="Bezie het"))
    assert (found.before, found.after, found.spans) == ('"Betaal"', '"Bezie het"', ())


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("Stop de invordering", "remedy"),
        ("Pas de brief aan", "change"),
        ("Onderzoek of de invordering gestopt kan worden", "study"),
        ("Study the collection", "study"),
        ("Stop de invordering en onderzoek de oorzaak", "remedy"),
        ("Neem de vraag mee in de evaluatie", "study"),
        ("Ter kennisname", "nothing"),
        ("Leg drempelhulpen neer", None),
        ("-", None),
        ("", None),
    ],
)
def test_the_class_of_an_ask_is_that_of_its_strongest_verb(asked: str, kind: str | None) -> None:
    assert action_class(asked) == kind


@given(
    st.one_of(
        st.sampled_from(ASKS),
        st.from_regex(r"[\w ,.'-]{0,60}[a-z0-9][\w ,.'-]{0,20}", fullmatch=True),
    )
)
@settings(deadline=None)
def test_an_identical_ask_is_unchanged(asked: str) -> None:
    said = statement(requested_action=asked)
    assert action(said, said).result is Result.UNCHANGED


@given(st.sampled_from(ASKS), st.sampled_from(ASKS))
@settings(deadline=None)
def test_a_softening_read_backwards_is_none(one: str, other: str) -> None:
    before, after = statement(requested_action=one), statement(requested_action=other)
    found = action(before, after)
    if found.result is Result.SOFTENED and found.rule != "action-reversed":
        assert action(after, before).result is not Result.SOFTENED


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).upper()


@given(st.sampled_from(ASKS), st.sampled_from(ASKS), st.sampled_from(["", ".", "!", " ."]))
@settings(deadline=None)
def test_case_diacritics_and_closing_marks_do_not_matter(one: str, other: str, mark: str) -> None:
    before = statement(requested_action=one)
    plain = action(before, statement(requested_action=other))
    shouted = action(before, statement(requested_action=_bare(other) + mark))
    assert (shouted.result, shouted.rule) == (plain.result, plain.rule)
