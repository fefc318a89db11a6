"""The sequencer signs nothing on a store or log that is not what it signed before."""

import shutil

import pytest

from tests.attacks.scene import MILDER, Scene
from tests.application.desk import WORDS
from uitvoering.integrity.ledger_errors import (
    EventNotAsLoggedError,
    LogForkedError,
    LogRolledBackError,
    RootWrongError,
    StoreDiffersError,
)


def test_the_true_history_is_carried_on(scene_on_either: Scene) -> None:
    scene_on_either.file()
    before = scene_on_either.log.published().checkpoint.size
    assert scene_on_either.sequence().checkpoint.size > before
    assert scene_on_either.log.cosigned() == scene_on_either.log.published()


def test_a_changed_last_event(scene_on_either: Scene) -> None:
    with scene_on_either.operator.history() as events:
        events[-1] = events[-1].reworded(WORDS.text, MILDER)
    with pytest.raises(EventNotAsLoggedError) as caught:
        scene_on_either.sequence()
    assert caught.value.values["index"] == len(events) - 1


def test_rewritten(scene: Scene) -> None:
    with scene.operator.history() as events:
        events[-4] = events[-4].reworded(WORDS.text, MILDER)
    scene.operator.signs_again()
    with pytest.raises(LogForkedError) as caught:
        scene.sequence()
    print(caught.value)
