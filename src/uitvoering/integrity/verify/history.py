"""Are the checkpoints of a pack, of who verifies and of earlier verifications all one history?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.note import NoteMalformedError, SignatureWrongError
from uitvoering.integrity.notes.policy import Judgement, Policy
from uitvoering.integrity.verify.beside import untold_keys
from uitvoering.integrity.verify.checkpoints import (
    Agreed,
    Checkpoints,
    HeldCheckpoint,
    Source,
)
from uitvoering.integrity.verify.events import Tally
from uitvoering.integrity.verify.findings import Finding, Standing, broken, holds, unchecked
from uitvoering.integrity.verify.kept import kept_of
from uitvoering.integrity.verify.keys import key_history
from uitvoering.integrity.verify.moments import moment
from uitvoering.integrity.verify.pack import CHECKPOINT, Manifest
from uitvoering.integrity.verify.reading import read_listed
from uitvoering.integrity.verify.tree import LeafTree


@dataclass(frozen=True)
class Opened:
    """A pack whose leaves and events were gone through, and the policy it is judged by."""

    folder: Path
    manifest: Manifest
    policy: Policy
    tree: LeafTree
    tally: Tally
    before: Checkpoint | None
    """Where this log says that the one before it ended."""
    tiles_agree: bool
    """Whether every bundle and tile is what the leaves give."""


@dataclass(frozen=True)
class History:
    findings: tuple[Finding, ...]
    root: str
    """In hex, as the checkpoint of the pack states it; nothing where it states none."""
    is_uncontradicted: bool
    """Leaves and tiles give the root that the log signed, the policy knows the log, and nothing is
    wrong with a checkpoint or a note on keys."""


def history_of(
    opened: Opened, given: Mapping[str, bytes], kept: Path | None, *, older: bool
) -> History:
    """As `Asking` has what who verifies holds himself."""
    manifest, policy = opened.manifest, opened.policy
    judged, own, found = _own(opened)
    if manifest.origin not in policy.origins:
        known = ", ".join(sorted(policy.origins)) or "-"
        found.append(broken("origin-unknown", origin=manifest.origin, known=known))
    keys = key_history(opened.folder, manifest, policy)
    checkpoints = Checkpoints(
        policy,
        manifest.origin,
        opened.tree,
        keys.ended,
        opened.tally.newest,
        older=older,
        before=opened.before,
    )
    alone, in_pack, brought, earlier = Agreed(), Agreed(), Agreed(), Agreed()
    found += checkpoints.judged(own, alone)
    found += checkpoints.judged(_in_pack(opened, in_pack), in_pack)
    held = [HeldCheckpoint(Source.GIVEN, name, data) for name, data in given.items()]
    found += checkpoints.judged(held, brought)
    found += _kept(opened, kept, checkpoints, earlier)
    found += checkpoints.forks()
    found += keys.told(checkpoints.signed_on)
    found += [] if keys.are_told else untold_keys(policy, manifest.origin)
    stated = b"" if judged is None else judged.checkpoint.root
    gives_root = opened.tiles_agree and opened.tree.root(manifest.size) == stated
    is_uncontradicted = gives_root and all(each.standing is not Standing.BROKEN for each in found)
    if not is_uncontradicted:  # then leaf 0 may be none of the log: nothing agrees with it
        found = [each for each in found if each.code != "continues-agrees"]
    if judged is not None and judged.log_keys:
        quorum = _quorum_found(judged, policy, in_pack.last_cosigned)
        # Witnesses stand for their checkpoint, and not for leaves that it does not fit.
        if quorum.standing is not Standing.HOLDS or not alone.contradicted:
            found.append(quorum)
    if gives_root:
        found.append(holds("tree", size=manifest.size, root=stated.hex()))
    if in_pack.unknown:
        found.append(unchecked("checkpoints-unknown", count=in_pack.unknown))
    for code, agreed in (("checkpoints", in_pack), ("given", brought), ("kept", earlier)):
        if agreed.count and not agreed.contradicted:
            found.append(holds(code, count=agreed.count, cosigned=agreed.cosigned))
    return History(tuple(found), stated.hex(), is_uncontradicted)


def _own(opened: Opened) -> tuple[Judgement | None, list[HeldCheckpoint], list[Finding]]:
    """The checkpoint of the pack as the policy judges it, to be held against the leaves as well."""
    manifest = opened.manifest
    note = read_listed(opened.folder, CHECKPOINT, manifest.files.get(CHECKPOINT))
    if isinstance(note, Finding):
        return None, [], [note]
    judged, wrong = _own_checkpoint(note, opened.policy, manifest.origin, manifest.size)
    held = [] if judged is None else [HeldCheckpoint(Source.PACK, CHECKPOINT, note)]
    return judged, held, wrong


def _own_checkpoint(
    note: bytes, policy: Policy, origin: str, size: int
) -> tuple[Judgement | None, list[Finding]]:
    """Of the pack itself: of this log, signed by it, and over these leaves."""
    about = {"file": CHECKPOINT, "source": Source.PACK.value}
    try:
        judgement = policy.judge(note)
    except SignatureWrongError as error:
        return None, [broken("signature-wrong", **about, name=error.values["name"])]
    except NoteMalformedError as error:
        return None, [broken("note-unreadable", **about, cause=error.values["cause"])]
    checkpoint = judgement.checkpoint
    if checkpoint.origin != origin:
        told = {"file": CHECKPOINT, "origin": origin, "found": checkpoint.origin}
        return None, [broken("checkpoint-elsewhere", **told)]
    found: list[Finding] = []
    if checkpoint.size != size:
        found.append(broken("size-differs", size=checkpoint.size, leaves=size))
    if not judgement.log_keys:
        found.append(broken("checkpoint-unsigned", **about, size=checkpoint.size))
    return judgement, found


def _in_pack(opened: Opened, agreed: Agreed) -> Iterator[HeldCheckpoint]:
    for name, listed in opened.manifest.files.items():
        if name.startswith("checkpoints/"):
            note = read_listed(opened.folder, name, listed)
            if isinstance(note, Finding):
                agreed.contradicted = True  # it was told with the files
            else:
                yield HeldCheckpoint(Source.PACK, name, note)


def _kept(
    opened: Opened, folder: Path | None, checkpoints: Checkpoints, agreed: Agreed
) -> Iterator[Finding]:
    """Of this log, and of the one before it."""
    if folder is None:
        yield unchecked("kept-unasked")
        return
    earlier = kept_of(folder, opened.manifest.origin)
    first = next(earlier, None)
    if first is None:
        yield unchecked("kept-none", folder=str(folder))
    else:
        yield from checkpoints.judged(chain([first], earlier), agreed)
    if opened.before is not None:
        yield from checkpoints.judged(kept_of(folder, opened.before.origin), Agreed())


def _quorum_found(judgement: Judgement, policy: Policy, last_cosigned: int) -> Finding:
    """Whether those whom the policy names have seen this very tree."""
    checkpoint = judgement.checkpoint
    names = ", ".join(row.witness.name for row in judgement.cosigned) or "-"
    if policy.unwitnessed:
        return unchecked("quorum-none", size=checkpoint.size)
    if judgement.quorum:
        reached = judgement.reached_at
        if reached is None:
            return holds("quorum-undated", size=checkpoint.size, names=names)
        return holds("quorum", size=checkpoint.size, names=names, at=moment(reached))
    absent = ", ".join(witness.name for witness in judgement.absent) or "-"
    if last_cosigned:
        return broken(
            "quorum-older",
            last_cosigned,
            size=checkpoint.size,
            names=names,
            absent=absent,
            last=last_cosigned - 1,
        )
    return broken("quorum-missing", size=checkpoint.size, names=names, absent=absent)
