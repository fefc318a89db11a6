"""The sequencer signs nothing more on a store, a log or keys that are not what it signed before."""

import shutil

import pytest

from tests.attacks.scene import MILDER, Scene
from uitvoering.errors import TamperedError
from uitvoering.integrity.log.errors import (
    EventNotAsLoggedError,
    LastSignedMissingError,
    LogForkedError,
    LogRolledBackError,
    RootWrongError,
    StoreDiffersError,
)
from uitvoering.integrity.verify.findings import Standing
from uitvoering.persistence import backup


def refused(scene: Scene, error: type[TamperedError]) -> dict[str, str]:
    """What the refusal names; nothing was signed."""
    before = scene.log.checkpoint_file.read_bytes()
    with pytest.raises(error) as caught:
        scene.sequence()
    assert scene.log.checkpoint_file.read_bytes() == before
    return caught.value.values


def sizes(scene: Scene, older: Scene) -> dict[str, str]:
    return {"seen": f"{scene.last + 1}", "size": f"{older.log.published().checkpoint.size}"}


def test_the_true_history_is_carried_on(either: Scene) -> None:
    before = either.log.published().checkpoint.size
    either.file()
    assert either.sequence().checkpoint.size > before
    assert either.log.cosigned() == either.log.published()


def test_one_byte_changed_in_the_last_event_is_named(either: Scene) -> None:
    with either.operator.history() as events:
        events[-1] = events[-1].one_byte_changed()
    told = refused(either, EventNotAsLoggedError)
    assert told == {"position": f"{events[-1].position}", "index": f"{len(events) - 1}"}


def test_an_event_that_was_deleted_is_missed(either: Scene) -> None:
    with either.operator.history() as events:
        last, leaves = events[-1].position, len(events)
        del events[-8]
    told = refused(either, StoreDiffersError)
    assert told == {"leaves": f"{leaves}", "position": f"{last}", "events": f"{leaves - 1}"}


def test_an_event_that_was_inserted_pushes_another_into_the_place_of_the_last(
    either: Scene,
) -> None:
    with either.operator.history() as events:
        leaves = len(events)
        events.insert(-8, events[-8].forged())
    assert refused(either, EventNotAsLoggedError)["index"] == f"{leaves - 1}"


def test_an_older_backup_of_the_store_never_gets_a_shorter_tree(either: Scene) -> None:
    with either.operator.history() as events:
        leaves = len(events)
        del events[-5:]
    told = refused(either, StoreDiffersError)
    assert (told["leaves"], told["events"]) == (f"{leaves}", f"{leaves - 5}")


@pytest.mark.parametrize("filed_on", [False, True], ids=["as it was", "and filed on"])
def test_a_restored_backup_of_the_store_is_not_what_was_signed(
    scene: Scene, older: Scene, *, filed_on: bool
) -> None:
    kept = scene.folder / "kept.backup"
    backup.backup(older.store, kept, scene.clock())
    (scene.folder / "store.db").unlink()
    backup.restore(scene.store, kept)
    if filed_on:  # until it is as long as the log again
        scene.file()
        scene.file(hand_on=False)
    told = refused(scene, EventNotAsLoggedError if filed_on else StoreDiffersError)
    assert told.get("index", f"{scene.last}") == f"{scene.last}"


def test_a_checkpoint_put_back_for_readers_is_published_anew(scene: Scene, older: Scene) -> None:
    newest = scene.log.published()
    for name in ("public/checkpoint", "cosigned"):
        shutil.copy(older.ledger / name, scene.ledger / name)
    report = scene.verified(mine=newest.note)
    assert [found.code for found in report.of(Standing.BROKEN)] == ["tail-missing"]
    scene.sequence()
    assert scene.log.published().checkpoint == newest.checkpoint


def test_an_older_folder_of_the_log_is_not_what_was_signed_last(scene: Scene, older: Scene) -> None:
    shutil.rmtree(scene.ledger)
    shutil.copytree(older.ledger, scene.ledger)
    told = refused(scene, LogRolledBackError)
    assert told.pop("holder") == "last-signed"
    assert told == sizes(scene, older)


def test_store_log_and_keys_of_an_older_day_together_are_not_what_the_witnesses_hold(
    scene: Scene, older: Scene
) -> None:
    shutil.copy(older.folder / "store.db", scene.folder / "store.db")
    for place in ("ledger", "keys"):
        shutil.rmtree(scene.folder / place)
        shutil.copytree(older.folder / place, scene.folder / place)
    told = refused(scene, LogRolledBackError)
    assert "ministry" in told["holder"] or "audit-office" in told["holder"]
    assert told | sizes(scene, older) == told


def test_a_history_rewritten_and_signed_again_is_not_what_the_witnesses_hold(
    scene: Scene,
) -> None:
    with scene.operator.history() as events:
        at = next(at for at, event in enumerate(events) if event.is_signal)
        events[at] = events[at].reworded(MILDER).recommitted()
    scene.operator.signs_again()
    told = refused(scene, LogForkedError)
    assert "ministry" in told["holder"] or "audit-office" in told["holder"]
    assert told["size"] == f"{len(events)}"


def test_the_tiles_of_another_history_do_not_lead_to_the_signed_root(scene: Scene) -> None:
    other = scene.copy(scene.folder.with_name("other"))
    with other.operator.history() as events:
        events[0] = events[0].one_byte_changed()
    other.operator.signs_again()
    shutil.rmtree(scene.log.public / "tile")
    shutil.copytree(other.log.public / "tile", scene.log.public / "tile")
    assert refused(scene, RootWrongError)["size"] == f"{len(events)}"


def test_the_newest_signed_checkpoint_cannot_be_taken_away(scene: Scene) -> None:
    (scene.keys / "last-signed").unlink()
    assert refused(scene, LastSignedMissingError)["origin"] == scene.log.origin
