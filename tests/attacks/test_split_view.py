"""Two histories shown to two readers: each right in itself, and together they prove the lie."""

from pathlib import Path

import pytest

from tests.attacks.scene import BODIES, MILDER, Scene
from uitvoering.domain.values import Statement
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.verify.findings import Standing
from uitvoering.integrity.witness.client import WitnessForkError


@pytest.fixture
def other(scene: Scene, tmp_path: Path) -> Scene:
    """The same up to now; another signal comes next. Both have the same two witnesses."""
    found = scene.copy(tmp_path / "other")
    found.served = scene.served
    scene.file()
    found.file(statement=Statement(text=MILDER, severity=2))
    return found


@pytest.fixture
def halves(scene: Scene, other: Scene) -> tuple[Scene, Scene]:
    """Each shown to one of the witnesses."""
    for history, body in ((scene, "ministry"), (other, "audit-office")):
        history.ask_only(body)
        history.sequence()
    return scene, other


def test_neither_half_has_the_quorum_that_the_auditors_ask(halves: tuple[Scene, Scene]) -> None:
    for history in halves:
        # What `export` would hand over by itself ends before the lie.
        assert history.log.cosigned() != history.log.published()
        (history.ledger / "cosigned").unlink()
        found = history.verified().of(Standing.BROKEN)
        assert [(each.code, each.index) for each in found] == [("quorum-older", history.last + 1)]


def test_where_either_witness_is_enough_each_half_holds_and_an_exchange_proves_the_lie(
    halves: tuple[Scene, Scene],
) -> None:
    packs = []
    for history in halves:
        (history.ledger / "cosigned").unlink()
        packs.append(history.pack())
        assert history.verified(packs[-1], "either").code == 0
    left, right = halves
    for history, pack, shown in (
        (left, packs[0], right.log.published().note),
        (right, packs[1], left.log.published().note),
    ):
        (found,) = history.verified(pack, "either", theirs=shown).of(Standing.BROKEN)
        assert (found.code, found.index) == ("forked-given", history.last + 1)


def test_shown_to_nobody_neither_has_a_cosignature(scene: Scene, other: Scene) -> None:
    for history in (scene, other):
        (history.ledger / "policy").unlink()
        history.sequence()
        (history.ledger / "cosigned").unlink()
    for history, shown in ((scene, other), (other, scene)):
        note = shown.log.published().note
        found = history.verified(theirs=note).of(Standing.BROKEN)
        assert {each.code for each in found} == {"quorum-older", "forked-given"}


def test_a_witness_that_saw_one_refuses_the_other(scene: Scene, other: Scene) -> None:
    other.ask_only("nobody")
    other.sequence()
    other.ask_only(*BODIES)
    scene.sequence()
    with pytest.raises(WitnessForkError):
        other.ask()
    for body in BODIES:
        (kept,) = scene.evidence(body)
        texts = [parsed(kept[name]).text for name in ("held", "offered")]
        assert texts == [each.log.published().checkpoint.text for each in (scene, other)]
