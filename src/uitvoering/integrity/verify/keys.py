"""How the keys of a log were replaced and ended, as far as a policy that is pinned can tell."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from uitvoering.integrity.notes.key_notes import (
    Retirement,
    Rotation,
    handed_over_by,
    retirement_of,
    rotation_of,
    signers,
)
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import (
    KeyMalformedError,
    NoteMalformedError,
    SignatureWrongError,
    parsed,
)
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.verify.findings import Finding, broken, holds, unchecked
from uitvoering.integrity.verify.pack import Manifest
from uitvoering.integrity.verify.reading import read_listed

ROTATIONS, RETIRED = "keys/rotations/", "keys/retired/"
_WRONG = (NoteMalformedError, SignatureWrongError, KeyMalformedError)


@dataclass(frozen=True)
class KeyHistory:
    findings: tuple[Finding, ...]
    ended: dict[PublicKey, int]
    """Ended keys, and how many leaves the largest tree has that they may have signed."""
    ends: tuple[tuple[PublicKey, Finding], ...]
    """That a key was ended and signed nothing larger: for who has looked at all it signed."""

    @property
    def are_told(self) -> bool:
        """Whether the pack says anything of them."""
        return bool(self.findings or self.ends)

    def told(self, signed_on: Container[PublicKey]) -> list[Finding]:
        """All that its notes say, but of keys that signed on after their end."""
        return [*self.findings, *(end for key, end in self.ends if key not in signed_on)]


def key_history(folder: Path, manifest: Manifest, policy: Policy) -> KeyHistory:
    """What its notes say counts only when a key signed it that the policy names."""
    known = [log.key for log in policy.logs if log.key.name == manifest.origin]
    findings: list[Finding] = []
    ended: dict[PublicKey, int] = {}
    ends: list[tuple[PublicKey, Finding]] = []
    for name in manifest.files:
        if name.startswith(ROTATIONS):
            findings += _rotation(folder, manifest, name, known)
        elif name.startswith(RETIRED):
            end = _retirement(folder, manifest, name, known)
            if isinstance(end, Finding):
                findings.append(end)
            elif end is not None:
                last = end.last_size or 0
                # Where two notes end one key, the smaller size is what it may have signed.
                ended[end.key] = min(last, ended.get(end.key, last))
                told = {"key": end.key.id.hex(), "retired": end.retired_at, "size": last}
                ends.append((end.key, holds("retirement", **told)))
    return KeyHistory(tuple(findings), ended, tuple(ends))


def _rotation(
    folder: Path, manifest: Manifest, name: str, known: list[PublicKey]
) -> Iterator[Finding]:
    note = read_listed(folder, name, manifest.files[name])
    if isinstance(note, Finding):
        return  # told with the files
    try:
        rotation: Rotation = rotation_of(note)
        vouched = handed_over_by(note, known)
    except _WRONG as error:
        yield broken("rotation-wrong", file=name, cause=_cause(error))
        return
    if rotation.old[0].name != manifest.origin:
        return  # of the keys that promise, or of another log: they sign no checkpoints of this
    if not vouched:
        yield unchecked("rotation-strange", file=name)
        return
    yield holds("rotation", made=rotation.made_at)
    for key in rotation.new:
        if key not in known:
            yield unchecked("rotation-unpinned", made=rotation.made_at, key=str(key))


def _retirement(
    folder: Path, manifest: Manifest, name: str, known: list[PublicKey]
) -> Retirement | Finding | None:
    """One that a known key of this log vouches for; else what is to be said of the note, if any."""
    note = read_listed(folder, name, manifest.files[name])
    if isinstance(note, Finding):
        return None  # told with the files
    try:
        found = retirement_of(note)
        vouched = signers(parsed(note), [key for key in known if key != found.key])
    except _WRONG as error:
        return broken("rotation-wrong", file=name, cause=_cause(error))
    if found.key.name != manifest.origin:
        return None
    return found if vouched else unchecked("rotation-strange", file=name)


def _cause(error: NoteMalformedError | SignatureWrongError | KeyMalformedError) -> str:
    return error.values.get("cause") or error.values["name"]
