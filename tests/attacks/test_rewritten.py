"""History rewritten and signed again with the true key: what an auditor sees of it."""

from dataclasses import replace

import pytest

from tests.attacks.scene import MILDER, POINTS, Scene
from tests.attacks.test_receipts_attacked import proof
from uitvoering.integrity.notes.proof_file import proof_of
from uitvoering.integrity.verify.findings import Finding, Report, Standing
from uitvoering.integrity.verify.verify import verify


def rewritten(scene: Scene, at: int, *, careless: bool = False) -> None:
    with scene.operator.history() as events:
        events[at] = events[at].one_byte_changed()
    scene.operator.signs_again(careless=careless)


def broken(report: Report) -> dict[str, Finding]:
    return {found.code: found for found in report.of(Standing.BROKEN)}


@pytest.mark.parametrize("point", POINTS)
def test_without_the_cosignatures_it_is_refused(scene: Scene, point: str) -> None:
    at = scene.leaf(point)
    rewritten(scene, at)
    found = broken(scene.verified())
    if at < scene.signal:  # before the first checkpoint that was cosigned
        assert found.keys() == {"quorum-missing"}
    else:  # and the last leaf before the lie that the witnesses stand for is named
        assert found.keys() == {"quorum-older"}
        assert (found["quorum-older"].index or 0) <= at


@pytest.mark.parametrize("point", POINTS)
def test_whoever_kept_an_older_checkpoint_knows_it_even_without_witnesses(
    scene: Scene, true_history: Scene, point: str
) -> None:
    at = scene.leaf(point)
    rewritten(scene, at)
    mine = true_history.log.published().note
    found = broken(scene.verified(None, "none", mine=mine))
    assert found.keys() == {"forked-given"}
    assert (found["forked-given"].index or 0) <= at <= int(found["forked-given"].values["last"])


def test_two_kept_checkpoints_tell_between_which_leaves_the_lie_begins(
    scene: Scene, true_history: Scene, older: Scene
) -> None:
    rewritten(scene, scene.last)
    old, new = (each.log.published().note for each in (older, true_history))
    found = broken(scene.verified(None, "none", old=old, new=new))["forked-given"]
    size = older.log.published().checkpoint.size
    assert (found.index, found.values["last"]) == (size, scene.last)


def test_the_receipt_of_a_reporter_is_such_a_checkpoint(scene: Scene) -> None:
    receipt = scene.file()
    scene.sequence()
    held = proof_of(proof(scene, receipt.event))
    with scene.operator.history() as events:
        events[held.index] = events[held.index].reworded(MILDER).recommitted()
    scene.operator.signs_again()
    found = broken(scene.verified(None, "none", receipt=held.note))
    assert found.keys() == {"forked-given"}
    assert (found["forked-given"].index or 0) <= held.index


def test_the_same_auditor_a_year_later(scene: Scene) -> None:
    def looked(pack: str) -> Report:
        asking = scene.asking(scene.pack(pack), "none")
        return verify(replace(asking, kept=scene.folder / "kept"))

    assert looked("this-year").code == 0
    scene.file()
    scene.sequence()
    assert "kept" in {found.code for found in looked("next-year").of(Standing.HOLDS)}
    rewritten(scene, scene.signal)
    assert broken(looked("the-year-after")).keys() == {"forked-kept"}


def test_what_later_authors_had_seen_has_to_be_rewritten_with_it(scene: Scene) -> None:
    """Who forgets that is caught by the events themselves, with no witness and nothing kept."""
    rewritten(scene, scene.leaf("middle"), careless=True)
    report = scene.verified(None, "none")
    assert broken(report).keys() == {"seen-differs"}
    assert report.first is not None
    assert report.first.index == scene.signal


@pytest.mark.parametrize("point", POINTS)
def test_without_a_witness_and_with_nothing_kept_it_is_not_detected(
    scene: Scene, point: str
) -> None:
    """The limit: then the evidence is the word of who rewrote it, and the report says so."""
    rewritten(scene, scene.leaf(point))
    report = scene.verified(None, "none")
    assert report.code == 0
    assert "quorum-none" in {found.code for found in report.of(Standing.UNCHECKED)}
    assert any("quorum none" in line for line in report.lines("en"))
    assert scene.monitored().alarms == ()


def test_a_tail_cut_off_where_it_was_cosigned_shows_only_to_who_has_a_newer_checkpoint(
    scene: Scene, older: Scene
) -> None:
    """The limit of a quorum: the older history was true. Ask a witness what it holds now."""
    size = older.log.published().checkpoint.size
    with scene.operator.history() as events:
        del events[size:]
    scene.operator.signs_again()
    pack = scene.pack()
    assert scene.verified(pack).code == 0
    witness = scene.served["ministry"].view().body
    found = broken(scene.verified(pack, witness=witness))
    assert found.keys() == {"tail-missing"}
    assert found["tail-missing"].index == size
