"""Signatures that are not what they seem: borrowed, of a namesake, or of a key nobody published."""

from pathlib import Path

import pytest

from tests.attacks.operator_ import relist
from tests.attacks.scene import BODIES, ORIGIN, Scene
from tests.attacks.test_store import codes
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import Note, formatted, parsed
from uitvoering.integrity.verify.receipts import PromiseKeyError, check_promise


def rewritten(scene: Scene) -> tuple[Path, Note]:
    """A pack of a history signed again, and its checkpoint."""
    with scene.operator.history() as events:
        events[0] = events[0].one_byte_changed()
    scene.operator.signs_again()
    pack = scene.pack()
    return pack, parsed((pack / "log" / "checkpoint").read_bytes())


def shown(pack: Path, note: Note, *further: str) -> Path:
    """With these lines below it as well."""
    lines = [signature.line for signature in note.signatures]
    made = formatted(note.text, [*lines, *further])
    size = checkpoint_of(note.text).size
    for name in ("log/checkpoint", f"checkpoints/{size}.note"):
        (pack / name).write_bytes(made)
    relist(pack)
    return pack


def test_cosignatures_borrowed_from_the_true_history(scene: Scene, true_history: Scene) -> None:
    pack, note = rewritten(scene)
    true = parsed(true_history.log.published().note)
    borrowed = [given.line for given in true.signatures if given.name in BODIES]
    report = scene.verified(shown(pack, note, *borrowed))
    assert "signature-wrong" in codes(report)
    assert {f.values["name"] for f in report.findings if f.code == "signature-wrong"} <= {*BODIES}


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE, Kind.MLDSA44])
def test_witnesses_of_his_own_under_the_names_of_the_true_ones(scene: Scene, kind: Kind) -> None:
    pack, note = rewritten(scene)
    checkpoint, now = checkpoint_of(note.text), int(scene.clock().timestamp())
    own = [new_key(body, kind).cosignature_line(checkpoint, now) for body in BODIES]
    assert codes(scene.verified(shown(pack, note, *own))) == {"quorum-missing"}


def test_the_key_of_the_log_as_a_witness(scene: Scene) -> None:
    """What he holds himself counts for nobody else."""
    pack, note = rewritten(scene)
    checkpoint, now = checkpoint_of(note.text), int(scene.clock().timestamp())
    again = [
        key.cosignature_line(checkpoint, now) for key in key_files.signing_keys(scene.keys, ORIGIN)
    ]
    assert codes(scene.verified(shown(pack, note, *again))) == {"quorum-missing"}


def test_a_key_of_the_log_that_nobody_published(scene: Scene) -> None:
    pack, note = rewritten(scene)
    line = new_key(ORIGIN, Kind.ED25519).cosignature_line(checkpoint_of(note.text), 0)
    found = codes(scene.verified(shown(pack, Note(note.text, ()), line)))
    assert "checkpoint-unsigned" in found


def test_a_promise_signed_with_another_key(scene: Scene) -> None:
    receipt = scene.file()
    with pytest.raises(PromiseKeyError):
        check_promise(receipt.promise.encode(), new_key(f"{ORIGIN}/promise", Kind.ED25519).public)


def test_a_checkpoint_that_is_signed_as_a_promise_is_none(scene: Scene) -> None:
    """One key never signs two kinds of text: the promise key is no key of the log."""
    pack, note = rewritten(scene)
    key = key_files.promise_key(scene.keys, ORIGIN)
    assert key is not None
    line = key.text_line(note.text)
    found = codes(scene.verified(shown(pack, Note(note.text, ()), line)))
    assert "checkpoint-unsigned" in found
