"""What a pack brings beside its log and events: time stamps, a policy, a verifier, an older log."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.note import (
    NoteMalformedError,
    SignatureWrongError,
    as_sent,
    parsed,
)
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.stamps import StampUncheckableError, StampWrongError, check
from uitvoering.integrity.tree.leaf import continuation_leaf
from uitvoering.integrity.verify.diagnosis import mapping_of, text_in
from uitvoering.integrity.verify.findings import Finding, broken, holds, unchecked
from uitvoering.integrity.verify.moments import Newest, moment, too_late
from uitvoering.integrity.verify.pack import (
    POLICY,
    README,
    VERIFIER,
    Manifest,
    checkpoint_path,
    stamp_size,
)
from uitvoering.integrity.verify.reading import read_listed
from uitvoering.integrity.verify.tree import LeafTree

_LABELS = "labels/"


@dataclass(frozen=True)
class Before:
    """The log that this one says it goes on from."""

    ended: Checkpoint
    """Its last, by leaf 0."""
    known: bool
    """Whether it is signed with a key that the policy names; else it is the word of leaf 0."""

    def may_have_been(self, size: int, root: str) -> bool:
        """Whether it can have had this state: over no leaves every log is the same.

        An author may have seen it at more leaves than stand before his event here: a service that
        runs on after a restore still holds the end of that log.
        """
        if size == self.ended.size:
            return root == self.ended.root.hex()
        return 0 < size < self.ended.size

    def seen(self, count: int) -> Finding:
        """So many states that authors saw, none of this log."""
        if self.known:
            return unchecked("continues-seen", count=count, origin=self.ended.origin)
        told = {"origin": self.ended.origin, "size": self.ended.size}
        return unchecked("continues-seen-unsigned", count=count, **told)


def stamps_checked(
    folder: Path, manifest: Manifest, tree: LeafTree, roots: Sequence[bytes], newest: Newest
) -> Iterator[Finding]:
    """Each against the checkpoint of its size, under a root that who verifies brings.

    Of a checkpoint that is no state of this tree nothing is said: that is told with all of them.
    """
    sizes = {name: size for name in manifest.files if (size := stamp_size(name)) is not None}
    if not roots:
        if sizes:
            yield unchecked("stamps-unrooted", count=len(sizes))
        return
    if not sizes:  # who removes them leaves no trace in the log
        yield unchecked("stamps-none")
        return
    moments: list[str] = []
    for name, size in sizes.items():
        note_name = checkpoint_path(size)
        stamp = read_listed(folder, name, manifest.files[name])
        note = read_listed(folder, note_name, manifest.files.get(note_name))
        if isinstance(stamp, Finding) or isinstance(note, Finding):
            yield broken("stamp-wrong", file=name, cause=note_name)
            continue
        try:
            text = parsed(note).text
            stamped = check(stamp, text.encode(), roots)
        except StampUncheckableError:
            yield unchecked("stamps-uncheckable", count=len(sizes))
            return
        except (StampWrongError, NoteMalformedError) as error:
            yield broken("stamp-wrong", file=name, cause=error.values["cause"])
        else:
            known = tree.is_whole and size <= tree.size
            if not known or text != Checkpoint(manifest.origin, size, tree.root(size)).text:
                continue
            at = moment(int(stamped.timestamp()))
            moments.append(at)
            yield holds("stamp", size=size, at=at)
            yield from too_late(newest, size, int(stamped.timestamp()), "recorded-after-stamped")
    if moments:
        yield holds("stamps", count=len(moments), first=min(moments), last=max(moments))


def continued(tree: LeafTree, policy: Policy, origin: str) -> tuple[Before | None, list[Finding]]:
    """Whether this log follows another: then its first leaf holds the last word of that one.

    That it was the last no leaf can prove; see `Checkpoints` for those that others hold.
    """
    first = next(tree.leaves(), None)
    leaf = None if first is None or first[0] else mapping_of(first[1])
    if first is None or leaf is None or "continues" not in leaf:
        return None, []
    wrong = [broken("continues-wrong", 0)]
    try:
        note = text_in(leaf, "continues").encode()
        judged = policy.judge(note)
    except (NoteMalformedError, SignatureWrongError, UnicodeEncodeError):
        return None, wrong
    ended = judged.checkpoint
    # Of an event with a checkpoint in its leaf, no pack would need to hold the event.
    if ended.origin == origin or first[1] != continuation_leaf(origin, note):
        return None, wrong
    before = Before(ended, known=bool(judged.log_keys))
    told = {"origin": ended.origin, "size": ended.size}
    if not before.known:
        return before, [unchecked("continues-unsigned", **told)]
    if policy.unwitnessed or not judged.accepted:
        return before, [unchecked("continues-uncosigned", **told)]
    return before, [holds("continues", **told)]


def untold_keys(policy: Policy, origin: str) -> Iterator[Finding]:
    """A log signs with one key of each kind: a second one is there since it was replaced."""
    kinds = Counter(log.key.kind for log in policy.logs if log.key.name == origin)
    most = max(kinds.values(), default=0)
    if most > 1:
        yield unchecked("keys-untold", count=most)


def beside_the_log(
    folder: Path,
    manifest: Manifest,
    policy: bytes,
    own: Mapping[str, bytes],
    running_from: Path | None,
) -> Iterator[Finding]:
    """What is of the maker of the pack, and was not used to judge it."""
    program = folder / VERIFIER
    brought = read_listed(folder, POLICY, manifest.files.get(POLICY))
    if isinstance(brought, bytes) and as_sent(brought) != as_sent(policy):
        yield unchecked("policy-differs")
    judges_itself = running_from is not None and running_from.resolve() == program.resolve()
    if judges_itself:
        yield unchecked("verifier-own")
    unproved: list[str] = []
    for name in sorted(manifest.files):
        if name not in {README, VERIFIER} and not name.startswith(_LABELS):
            continue
        data = read_listed(folder, name, manifest.files[name])
        if isinstance(data, Finding) or (name == VERIFIER and judges_itself):
            continue  # that is told already
        if name == VERIFIER and name in own:
            yield holds("verifier-same") if data == own[name] else unchecked("verifier-differs")
        elif data != own.get(name):
            unproved.append(name)
    if unproved:
        yield unchecked("unproved", files=", ".join(unproved))
