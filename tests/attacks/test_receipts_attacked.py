"""Whoever filed holds a receipt: what it proves, and what does not pass for it."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.application.desk import WORDS
from tests.attacks.scene import MILDER, ORIGIN, Scene
from uitvoering.application.caller import Receipt
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.policy import QuorumMissingError
from uitvoering.integrity.notes.promise import Promise
from uitvoering.integrity.notes.proof_file import InclusionWrongError, proof_of
from uitvoering.integrity.verify.receipts import (
    KeepingUnshownError,
    OtherProofError,
    PromiseBrokenError,
    PromiseUnkeptError,
    TextNotFiledError,
    TooEarlyError,
    check_promise,
    check_proof,
    check_text,
    refuse_broken,
    refuse_unkept,
)


def promise_key(scene: Scene) -> PublicKey:
    key = key_files.promise_key(scene.keys, ORIGIN)
    assert key is not None
    return key.public


def promised(scene: Scene, receipt: Receipt) -> Promise:
    return check_promise(receipt.promise.encode(), promise_key(scene))


def proof(scene: Scene, event: str) -> bytes:
    with scene.app() as app:
        assert app.promises is not None
        found = app.promises.proofs.of(event, app.store)
    assert found is not None
    return found.encode()


@pytest.fixture
def filed(scene: Scene) -> Receipt:
    """Promised, and in the log: kept by who filed."""
    receipt = scene.file()
    scene.sequence()
    return receipt


def test_the_true_receipt_holds(scene: Scene, filed: Receipt) -> None:
    held = check_proof(proof(scene, filed.event), scene.pinned())
    assert held.leaf["eventId"] == filed.event
    check_text(held.leaf, WORDS.text, filed.openings[0].opening)
    assert (
        refuse_broken(promised(scene, filed), scene.log.public, scene.pinned()).checkpoint
        == held.checkpoint
    )


def test_the_leaf_of_another_event_in_this_proof(scene: Scene, filed: Receipt) -> None:
    own, other = (proof_of(proof(scene, event)) for event in (filed.event, _another(scene)))
    forged = bytes(replace(own, extra=other.extra))
    with pytest.raises(InclusionWrongError) as caught:
        check_proof(forged, scene.pinned())
    assert caught.value.values["index"] == f"{own.index}"


def test_this_leaf_said_to_stand_in_another_place(scene: Scene, filed: Receipt) -> None:
    own = proof_of(proof(scene, filed.event))
    with pytest.raises(InclusionWrongError):
        check_proof(bytes(replace(own, index=own.index - 1)), scene.pinned())


def test_a_true_proof_of_another_event_is_not_what_was_promised(
    scene: Scene, filed: Receipt
) -> None:
    other = proof(scene, _another(scene))
    check_proof(other, scene.pinned())
    with pytest.raises(OtherProofError) as caught:
        refuse_unkept(promised(scene, filed), other, scene.pinned())
    assert caught.value.values["event"] == filed.event


def test_a_milder_text_is_not_what_was_filed(scene: Scene, filed: Receipt) -> None:
    held = check_proof(proof(scene, filed.event), scene.pinned())
    with pytest.raises(TextNotFiledError) as caught:
        check_text(held.leaf, MILDER, filed.openings[0].opening)
    assert caught.value.values["event"] == filed.event


def test_a_proof_from_a_log_that_was_rewritten_and_signed_again(
    scene: Scene, filed: Receipt
) -> None:
    """With a milder wording and a commitment that fits it: all is right but quorum and promise."""
    with scene.operator.history() as events:
        at = next(at for at, event in enumerate(events) if event.event_id == filed.event)
        events[at] = events[at].reworded(MILDER).recommitted()
    scene.operator.signs_again()
    shown = proof(scene, filed.event)
    with pytest.raises(QuorumMissingError):
        check_proof(shown, scene.pinned())
    # Also where no witness is asked: the leaf is not the one that was promised.
    with pytest.raises(PromiseUnkeptError) as caught:
        refuse_unkept(promised(scene, filed), shown, scene.pinned("none"))
    assert caught.value.values["event"] == filed.event


@pytest.mark.parametrize("lost", ["deleted", "changed"])
def test_a_promise_not_kept_is_proved_with_the_log_cosigned_after_its_term(
    scene: Scene, lost: str
) -> None:
    """Filed and promised; and before the sequencer saw it, the operator laid hands on it."""
    receipt = scene.file()
    with scene.operator.history() as events:
        at = next(at for at, event in enumerate(events) if event.event_id == receipt.event)
        if lost == "deleted":
            del events[at]
        else:
            events[at] = events[at].reworded(MILDER).recommitted()
    promise = promised(scene, receipt)
    scene.clock.now -= timedelta(seconds=30)
    scene.sequence()
    with pytest.raises(TooEarlyError):  # the term has not ended: this proves nothing yet
        refuse_broken(promise, scene.log.public, scene.pinned())
    scene.file()
    scene.sequence()
    with pytest.raises(PromiseBrokenError) as caught:
        refuse_broken(promise, scene.log.public, scene.pinned())
    assert caught.value.values["event"] == receipt.event


def test_an_older_state_cosigned_again_does_not_frame_a_log_that_kept_its_promise(
    scene: Scene,
) -> None:
    """Whoever filed asks the witnesses, after the term, to sign the state of before once more."""
    older = scene.folder / "older"
    receipt = scene.file()
    shutil.copytree(scene.log.public, older)
    scene.sequence()
    promise = promised(scene, receipt)
    refuse_broken(promise, scene.log.public, scene.pinned())
    before = scene.log.published()
    file = older / "checkpoint"
    checkpoint = checkpoint_of(parsed(file.read_bytes()).text)
    assert checkpoint.size < before.checkpoint.size
    later = int(promise.due.timestamp()) + 3_600
    lines = [
        key.cosignature_line(checkpoint, later)
        for body in scene.bodies.values()
        for key in body.keys
    ]
    file.write_bytes(file.read_bytes() + "".join(lines).encode())
    with pytest.raises(KeepingUnshownError) as caught:
        refuse_broken(promise, older, scene.pinned())
    assert caught.value.values["event"] == receipt.event


def _another(scene: Scene) -> str:
    leaf = scene.log.tree(scene.last + 1).leaf(scene.signal)
    return str(loads(leaf)["eventId"])
