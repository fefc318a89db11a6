"""What is on file about a signal, whatever order it was recorded in and wherever it is kept?"""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given import act, event_id
from tests.projections.signal_story import (
    AMBER,
    DEPARTMENT,
    FINDING,
    LEAD,
    RAISED,
    RED,
    REPORTER,
    SIGNAL,
    Story,
    at,
    registers_alone,
)
from uitvoering.domain.acts import Act
from uitvoering.domain.events.audit import FindingIssued
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.journey import SignalAttached
from uitvoering.domain.events.signal import (
    ContradictionFiled,
    HandOnLapsed,
    ReceiptIssued,
    RegimeRaised,
    SignalAcknowledged,
    SignalFact,
    SignalHandedOn,
    SignalHeldBack,
    SignalMerged,
    SignalRestated,
)
from uitvoering.domain.values import Level, Regime, Role
from uitvoering.projections import entries
from uitvoering.projections.documents import InMemory, Row
from uitvoering.projections.read_models import fold
from uitvoering.projections.read_models_signals import SIGNAL_READ_MODELS
from uitvoering.projections.signals import SignalDossier

JOURNEY = "00000000-0000-4000-8000-00000000000e"


def dossier(story: Story) -> SignalDossier:
    found = story.told().get(SignalDossier, SIGNAL)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", get_args(SignalFact))
def test_every_kind_of_fact_about_a_signal_is_filed(kind: type[Fact]) -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    fact = RAISED if kind is type(RAISED) else kind.model_construct(None, **_anything(kind))
    event = story.events[0].model_copy(update={"fact": fact, "event_id": event_id(2)})
    assert entries.entry_of(event).topic == kind.TOPIC


def _anything(kind: type[Fact]) -> dict[str, object]:
    return {name: None for name, field in kind.model_fields.items() if field.is_required()}


def test_a_dossier_read_back_from_its_stored_form_is_the_same() -> None:
    story = Story()
    story.tell(RAISED, REPORTER)
    story.tell(SignalHandedOn(to=Level.DEPARTMENT, statement=AMBER), LEAD)
    story.tell(RegimeRaised(to=Regime.WBK), LEAD)
    kept = dossier(story)
    stored = kept.model_dump_json()
    again = SignalDossier.model_validate_json(stored)
    assert again == kept
    assert again.model_dump_json() == stored
    assert again.entries == kept.entries


def test_entries_stand_in_the_order_in_which_they_happened() -> None:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    later = story.tell(SignalHandedOn(to=Level.DIRECTORATE, statement=RED), DEPARTMENT)
    earlier = story.tell(SignalAcknowledged(), LEAD)
    assert [e.event_id for e in dossier(story).entries] == [raised, earlier, later]


def test_the_regime_only_rises() -> None:
    story = Story()
    story.tell(RAISED, REPORTER.model_copy(update={"regime": Regime.CONFIDENTIAL}))
    story.tell(SignalAcknowledged(), LEAD.model_copy(update={"regime": Regime.OPEN}))
    assert dossier(story).regime is Regime.CONFIDENTIAL
    story.tell(RegimeRaised(to=Regime.WBK), LEAD)
    story.tell(SignalAcknowledged(), LEAD)
    assert dossier(story).regime is Regime.WBK


def test_what_was_filed_without_content_stays_so() -> None:
    story = Story()
    story.tell(RAISED, REPORTER.model_copy(update={"regime": Regime.NO_CONTENT}))
    story.tell(SignalAcknowledged(), LEAD)
    assert dossier(story).regime is Regime.NO_CONTENT


def test_receipt_journey_and_merger_are_on_file() -> None:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    story.tell(ReceiptIssued(of=raised, sha256="ab"), LEAD)
    story.tell(SignalAttached(signal=SIGNAL), LEAD, stream=JOURNEY)
    story.tell(SignalMerged(into=FINDING), LEAD)
    kept = dossier(story)
    assert (kept.receipt, kept.journeys, kept.merged_into) == ("ab", (JOURNEY,), FINDING)


def test_only_the_reporter_stands_in_the_dossier_and_nobody_in_a_row() -> None:
    story = _eventful()
    assert dossier(story).model_dump_json().count('"p-') == 1
    for name, answer in SIGNAL_READ_MODELS.items():
        for row in answer(story.told(), at("2026-04-01")):
            assert "p-melder" not in row.model_dump_json(), name


def test_no_row_has_a_field_for_a_person() -> None:
    def kinds(row: type[Row]) -> list[type[Row]]:
        return [row, *(kind for sub in row.__subclasses__() for kind in kinds(sub))]

    fields = {name for row in kinds(Row) for name in row.model_fields}
    assert not {name for name in fields if "pseudonym" in name or "reporter" in name}


def test_a_fact_of_a_signal_that_is_not_known_changes_nothing() -> None:
    story = Story()
    story.tell(SignalAcknowledged(), LEAD)
    assert list(story.told().all(SignalDossier)) == []


def test_every_read_model_answers_an_empty_store_with_nothing() -> None:
    for name, answer in SIGNAL_READ_MODELS.items():
        assert list(answer(registers_alone(), at("2026-01-05"))) == [], name


def _eventful() -> Story:
    story = Story()
    raised = story.tell(RAISED, REPORTER)
    softened = story.tell(SignalRestated(to=Level.DEPARTMENT, statement=AMBER), LEAD)
    story.tell(
        ContradictionFiled(against=softened, statement=RED),
        act(Level.FRONTLINE, "2026-01-14", pseudonym="p-ander"),
    )
    story.tell(
        FindingIssued(statement=RED, about=SIGNAL),
        act(Level.OMBUDSMAN, "2026-01-19", Role.AUDITOR, organisation="no"),
        stream=FINDING,
    )
    story.tell(SignalHeldBack(reason="eerst navragen"), DEPARTMENT)
    lapse = HandOnLapsed(level=Level.TEAM_LEAD, due_on=LEAD.happened_on, of=raised)
    story.tell(lapse, act(Level.FRONTLINE, "2026-01-20", Role.CLOCK))
    return story


_ACTS = st.builds(
    act,
    level=st.sampled_from([Level.TEAM_LEAD, Level.DEPARTMENT, Level.PRIVACY_OFFICER]),
    happened_on=st.sampled_from(["2026-01-06", "2026-01-09", "2026-02-02"]),
)
_LATER = st.sampled_from(
    [
        SignalHandedOn(to=Level.DEPARTMENT, statement=AMBER),
        SignalRestated(to=Level.DIRECTORATE, statement=RED),
        SignalAcknowledged(),
        SignalHeldBack(reason="eerst navragen"),
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_LATER, _ACTS), max_size=6))
def test_rebuilt_equals_kept_up_to_date(history: list[tuple[Fact, Act]]) -> None:
    """Documents that went to the store and back after every fact give the same rows."""
    story = Story()
    story.tell(RAISED, REPORTER)
    for fact, by in history:
        story.tell(fact, by)
    kept = registers_alone()
    for event in story.events:
        fold(event, kept)
        kept = _there_and_back(kept)
    for name, answer in SIGNAL_READ_MODELS.items():
        now = list(answer(kept, at("2026-03-02")))
        assert now == list(answer(story.told(), at("2026-03-02"))), name


def _there_and_back(documents: InMemory) -> InMemory:
    for key, found in list(documents.all(SignalDossier)):
        documents.put(key, SignalDossier.model_validate_json(found.model_dump_json()))
    return documents
