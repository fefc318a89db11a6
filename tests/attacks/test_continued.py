"""A new log, under a new name and new keys, that says it goes on where the old one ended."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.attacks.scene import Scene
from tests.attacks.test_store import codes, seen_otherwise
from uitvoering.application.evidence_pack import Evidence, export
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import KeyFiles, Use
from uitvoering.integrity.log import founding
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.verify.events import unwatched
from uitvoering.integrity.verify.findings import Report, Standing
from uitvoering.integrity.verify.pack import Asked
from uitvoering.integrity.verify.verify import Asking, verify
from uitvoering.persistence.store import open_store

ORIGIN = "log.example.nl/anew"


def going_on(scene: Scene, ended: bytes, folder: Path, seen: bytes) -> Report:
    """The same store in a log that goes on from `ended`; who verifies has `seen` of the old one."""
    keys = folder / "keys"
    now = int(scene.clock().timestamp())
    key_files.create(keys, ORIGIN, [Use.CHECKPOINT], scene.clock())
    signer = KeyFiles(keys, ORIGIN)
    ledger = Ledger(folder / "ledger", ORIGIN, "2026-11-22T12:00:00Z", ended.decode())
    founding.create(ledger, signer, lambda: now)
    with closing(open_store(scene.store)) as store:
        app = Uitvoering(store, scene.clock)
        Sequencing(app, ledger, signer, scene.told.append).once()
        evidence = Evidence(app, ledger, with_read_models=False)
        export(evidence, folder / "pack", Asked(), unwatched)
    lines = [f"log {key.public}\n" for key in signer.checkpoint_keys()]
    policy = "".join(lines).encode() + scene.policy_text("none")
    return verify(Asking(folder / "pack", policy, now, given={"seen": seen}))


def test_a_new_log_that_goes_on_from_before_the_tail_of_the_old(
    scene: Scene, older: Scene, true_history: Scene, tmp_path: Path
) -> None:
    old, seen = (each.log.published().note for each in (older, true_history))
    assert "continues-cut" in codes(going_on(scene, old, tmp_path / "cut", seen))
    whole = going_on(scene, seen, tmp_path / "whole", seen)
    assert not whole.is_broken
    assert "continues-agrees" in {found.code for found in whole.of(Standing.HOLDS)}


def test_a_new_log_that_goes_on_from_a_rewritten_old_one(
    scene: Scene, true_history: Scene, tmp_path: Path
) -> None:
    seen = true_history.log.published().note
    with scene.operator.history() as events:
        events[scene.signal] = events[scene.signal].one_byte_changed()
    scene.operator.signs_again()
    report = going_on(scene, scene.log.published().note, tmp_path / "new", seen)
    assert "continues-forked" in codes(report)


@pytest.mark.parametrize("later", [0, 500])
def test_a_new_log_that_goes_on_from_one_that_was_made_up(
    scene: Scene, tmp_path: Path, later: int
) -> None:
    """Who founds a log writes what he likes in leaf 0; then the verdict does not reach there."""
    seen_otherwise(scene, later)
    invented = new_key("log.example.nl/invented", Kind.ED25519)
    ended = Checkpoint(invented.name, 2**63 - 1, bytes(32))
    leaf = formatted(ended.text, [invented.cosignature_line(ended, 0)])
    report = going_on(scene, leaf, tmp_path / "new", scene.log.published().note)
    (told,) = [found for found in report.findings if found.code == "continues-seen-unsigned"]
    assert told.standing is Standing.UNCHECKED
    assert (told.values["origin"], told.values["size"]) == (invented.name, ended.size)
    assert "the word of leaf 0 alone" in told.text("en")
    assert "alleen het woord van blad 0" in told.text("nl")
    assert report.verdict == "holds-as-checked"
    assert "continued" in report.open_topics
