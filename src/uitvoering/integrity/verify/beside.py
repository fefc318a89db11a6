"""What a pack brings beside its log and events: time stamps, a policy, a verifier, an older log."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from uitvoering.integrity.notes.note import NoteMalformedError, SignatureWrongError, parsed
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.stamps import StampUncheckableError, StampWrongError, check
from uitvoering.integrity.verify.diagnosis import mapping_of, text_in
from uitvoering.integrity.verify.findings import Finding, broken, holds, unchecked
from uitvoering.integrity.verify.moments import Newest, moment, too_late
from uitvoering.integrity.verify.pack import (
    POLICY,
    VERIFIER,
    Manifest,
    checkpoint_path,
)
from uitvoering.integrity.verify.reading import read_listed
from uitvoering.integrity.verify.tree import LeafTree

_STAMPS, _STAMP = "stamps/", ".tsr"


def stamps_checked(
    folder: Path, manifest: Manifest, roots: Sequence[bytes], newest: Newest
) -> Iterator[Finding]:
    """Each against the checkpoint of its size, under a root that who verifies brings."""
    names = [name for name in manifest.files if name.startswith(_STAMPS)]
    if names and not roots:
        yield unchecked("stamps-unrooted", count=len(names))
        return
    moments: list[str] = []
    for name in names:
        size = name.removeprefix(_STAMPS).removesuffix(_STAMP)
        note_name = checkpoint_path(int(size)) if re.fullmatch(r"\d{1,19}", size) else name
        stamp = read_listed(folder, name, manifest.files[name])
        note = read_listed(folder, note_name, manifest.files.get(note_name))
        if isinstance(stamp, Finding) or isinstance(note, Finding):
            yield broken("stamp-wrong", file=name, cause=note_name)
            continue
        try:
            stamped = check(stamp, parsed(note).text.encode(), roots)
        except StampUncheckableError:
            yield unchecked("stamps-uncheckable", count=len(names))
            return
        except (StampWrongError, NoteMalformedError) as error:
            yield broken("stamp-wrong", file=name, cause=error.values["cause"])
        else:
            at = moment(int(stamped.timestamp()))
            moments.append(at)
            yield holds("stamp", size=int(size), at=at)
            yield from too_late(
                newest, int(size), int(stamped.timestamp()), "recorded-after-stamped"
            )
    if moments:
        yield holds("stamps", count=len(moments), first=min(moments), last=max(moments))


def continued(tree: LeafTree, policy: Policy) -> Iterator[Finding]:
    """Whether this log follows another: then its first leaf holds the last word of that one."""
    first = next(tree.leaves(), None)
    leaf = None if first is None or first[0] else mapping_of(first[1])
    if leaf is None or "continues" not in leaf:
        return
    try:
        judged = policy.judge(text_in(leaf, "continues").encode())
    except (NoteMalformedError, SignatureWrongError, UnicodeEncodeError):
        yield broken("continues-wrong", 0)
        return
    told = {"origin": judged.checkpoint.origin, "size": judged.checkpoint.size}
    yield (holds if judged.log_keys else unchecked)(
        "continues" if judged.log_keys else "continues-unsigned", **told
    )


def beside_the_log(
    folder: Path,
    manifest: Manifest,
    policy: bytes,
    verifier: bytes | None,
    running_from: Path | None,
) -> Iterator[Finding]:
    """What is of the maker of the pack, and was not used to judge it."""
    brought = read_listed(folder, POLICY, manifest.files.get(POLICY))
    if isinstance(brought, bytes) and brought != policy:
        yield unchecked("policy-differs")
    if running_from is not None and running_from.resolve() == (folder / VERIFIER).resolve():
        yield unchecked("verifier-own")
    program = read_listed(folder, VERIFIER, manifest.files.get(VERIFIER))
    if verifier is not None and isinstance(program, bytes):
        yield holds("verifier-same") if program == verifier else unchecked("verifier-differs")
