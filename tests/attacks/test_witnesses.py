"""History rewritten and signed with the true keys: no witness cosigns it, and each keeps it."""

import base64

import pytest

from tests.attacks.scene import BODIES, MILDER, ORIGIN, POINTS, Scene
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.note import formatted, parsed
from uitvoering.integrity.tree.merkle import Tree, consistency_proof, leaf_hash
from uitvoering.integrity.witness.client import WitnessAheadError, WitnessForkError
from uitvoering.integrity.witness.request import body_of


def rewritten(scene: Scene, at: int) -> None:
    """From this leaf on, with everything that follows from it, under the true keys."""
    with scene.operator.history() as events:
        events[at] = events[at].one_byte_changed()
    scene.operator.signs_again()


def refused(scene: Scene, reason: str) -> None:
    """By both, with 422 and both checkpoints kept; and no answer of theirs makes a quorum."""
    with pytest.raises(WitnessForkError) as caught:
        scene.ask()
    offered = scene.log.published()
    assert checkpoint_of(parsed(caught.value.offered).text) == offered.checkpoint
    policy = scene.pinned()
    assert not policy.judge(offered.note).quorum
    for body in BODIES:
        assert any("add-checkpoint 422" in line for line in scene.served[body].told)
        (kept,) = scene.evidence(body)
        assert kept["reason"] == reason
        # Two checkpoints that the log signed itself and that contradict each other.
        judged = [policy.judge(kept[name]) for name in ("held", "offered")]
        assert all(found.log_keys for found in judged)
        assert kept["held"] != kept["offered"]
        assert judged[1].checkpoint == offered.checkpoint


@pytest.mark.parametrize("point", POINTS)
def test_rewritten_from_any_point_at_the_same_size(scene: Scene, point: str) -> None:
    rewritten(scene, scene.leaf(point))
    refused(scene, "same-size")


@pytest.mark.parametrize("point", POINTS)
def test_rewritten_from_any_point_and_grown(scene: Scene, point: str) -> None:
    scene.file()
    rewritten(scene, scene.leaf(point))
    refused(scene, "other-past")


def test_a_milder_wording_with_a_commitment_that_fits(scene: Scene) -> None:
    with scene.operator.history() as events:
        events[scene.signal] = events[scene.signal].reworded(MILDER).recommitted()
    scene.operator.signs_again()
    refused(scene, "same-size")


def test_an_event_left_out_and_the_log_grown_past_it(scene: Scene) -> None:
    with scene.operator.history() as events:
        del events[scene.signal + 3]
    scene.operator.signs_again()
    scene.file()
    scene.operator.signs_again()
    refused(scene, "other-past")


def test_a_tail_that_was_cut_off(scene: Scene) -> None:
    with scene.operator.history() as events:
        del events[-2:]
    scene.operator.signs_again()
    with pytest.raises(WitnessAheadError) as caught:
        scene.ask()
    assert (caught.value.values["seen"], caught.value.values["size"]) == (
        f"{scene.last + 1}",
        f"{scene.last - 1}",
    )
    assert caught.value.held is not None
    assert checkpoint_of(parsed(caught.value.held).text).size == scene.last + 1
    assert scene.evidence("ministry")[0]["reason"] == "smaller"


def test_a_tail_that_was_cut_off_shown_with_the_size_that_was_cosigned(scene: Scene) -> None:
    with scene.operator.history() as events:
        del events[-2:]
    scene.operator.signs_again()
    body = body_of(scene.last + 1, [], scene.log.published().note)
    assert scene.served["ministry"].add(body).status == 400
    assert [kept["answered"] for kept in scene.evidence("ministry")] == [400]


def test_a_proof_over_made_up_hashes_does_not_convince(scene: Scene) -> None:
    """Another tree of the same leaves: only the keys of the log sign it, and they do."""
    tree = Tree(leaf_hash(b"%d" % number) for number in range(130))
    checkpoint = Checkpoint(ORIGIN, 130, tree.root())
    signing = key_files.signing_keys(scene.keys, ORIGIN)
    note = formatted(checkpoint.text, [key.cosignature_line(checkpoint, 0) for key in signing])
    witness = scene.served["ministry"]
    size = scene.last + 1
    assert witness.add(body_of(size, consistency_proof(tree, size, 130), note)).status == 422
    held = parsed(witness.view().body)
    assert checkpoint_of(held.text) == scene.log.published().checkpoint
    assert base64.b64encode(checkpoint.root).decode() not in held.text
