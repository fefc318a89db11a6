"""What a policy file says (c2sp.org/tlog-policy): read whole, or refused with the line at fault."""

import re

from uitvoering.errors import RefusedError
from uitvoering.integrity.notes.keys import Kind, PublicKey, public_key
from uitvoering.integrity.notes.note import (
    MOST_SIGNATURES,
    KeyMalformedError,
    as_sent,
)
from uitvoering.integrity.notes.policy import Group, Log, Policy, Witness

MOST_BYTES = 1_000_000
"""500 witnesses with ML-DSA-44; tlog-policy asks for 32 logs, 32 witnesses and 32 groups."""
MOST_ASKED = MOST_SIGNATURES - 4
"""Witnesses that one log can ask: a note holds no more, with two keys of its own, old and new."""
_LOG_KINDS = frozenset({Kind.ED25519, Kind.MLDSA44})
_WITNESS_KINDS = frozenset({Kind.COSIGNATURE, Kind.MLDSA44})
_NONE = b"none"
_CONTROL = frozenset({*range(0x20), 0x7F}) - {0x09}
"""Of ASCII a line holds tabs and what can be seen; octets above it are opaque."""
_NUMBER = re.compile(rb"[1-9][0-9]{0,5}")


class PolicyMalformedError(RefusedError):
    code = "policy-malformed"
    message = "line {line} of the policy is not right: {cause}; mend it and try again"


def policy_of(data: bytes, most_witnesses: int | None = None) -> Policy:
    """Of the octets of a policy file. PolicyMalformedError, which names the line.

    Nobody signs it: as an editor or a mail leaves it, it says the same.

    `most_witnesses` are the lines `witness` that it may have: `MOST_ASKED` for a log, which must
    fit their cosignatures into one note. Who only judges notes sets no limit.
    """
    if len(data) > MOST_BYTES:
        raise PolicyMalformedError(line=1, cause=f"the file is over {MOST_BYTES} bytes")
    *lines, rest = as_sent(data).split(b"\n")
    if not any((*lines, rest)):
        raise PolicyMalformedError(line=1, cause="the file is empty")
    file = _File(most_witnesses)
    for number, line in enumerate(lines, 1):
        try:
            file.read(line)
        except _LineError as error:
            raise PolicyMalformedError(line=number, cause=error) from error
    if rest:  # half a line may be another line: a file that was cut off is no policy
        raise PolicyMalformedError(line=len(lines) + 1, cause="the file ends within a line")
    if not file.quorums:
        raise PolicyMalformedError(line=len(lines), cause="the file ends without a quorum")
    return Policy(tuple(file.logs), file.named, file.quorums[0])


class _LineError(ValueError):
    """Why one line is refused."""


class _File:
    """What the lines so far have said."""

    def __init__(self, most_witnesses: int | None) -> None:
        self._most_witnesses, self._witnesses = most_witnesses, 0
        self.logs: list[Log] = []
        self.named: dict[bytes, Witness | Group] = {}
        self.quorums: list[bytes | None] = []
        self._keys: set[bytes] = set()
        self._signers: set[tuple[str, bytes]] = set()
        self._members: set[bytes] = set()

    def read(self, line: bytes) -> None:
        if any(octet in _CONTROL for octet in line):
            raise _LineError("it holds a control character")
        match line.split():
            case [keyword, *_] if keyword.startswith(b"#"):
                pass
            case [b"log", key, *url] if len(url) <= 1:
                self.logs.append(Log(self._key(key, _LOG_KINDS), *map(_shown, url)))
            case [b"witness", name, key, *url] if len(url) <= 1:
                self._refuse_name(name)
                self._count_witness()
                found = self._key(key, _WITNESS_KINDS)
                self.named[name] = Witness(_shown(name), found, *map(_shown, url))
            case [b"group", name, threshold, *members] if members:
                self._group(name, threshold, tuple(members))
            case [b"quorum", name]:
                self._quorum(name)
            case [keyword, *_] if keyword in {b"log", b"witness", b"group", b"quorum"}:
                raise _LineError(f"{_shown(keyword)} has too few words or too many")
            case [_, *_]:  # not shown: who mixes up two files may have put a private key here
                raise _LineError("it begins with none of log, witness, group and quorum")
            case _:
                pass  # an empty line

    def _key(self, encoded: bytes, kinds: frozenset[Kind]) -> PublicKey:
        try:
            key = public_key(encoded.decode())
        except UnicodeDecodeError as error:
            raise _LineError("the key is not UTF-8") from error
        except KeyMalformedError as error:
            raise _LineError(f"the key is no key: {error.values['cause']}") from error
        if key.kind not in kinds:
            wanted = " or ".join(f"0x{kind:02x}" for kind in sorted(kinds))
            raise _LineError(f"the key is of kind 0x{key.kind:02x} and must be {wanted}")
        if key.public in self._keys:  # whoever holds it would count twice
            raise _LineError("the same key stands on a line above")
        if (key.name, key.id) in self._signers:
            raise _LineError("another key with this name and id stands on a line above")
        self._keys.add(key.public)
        self._signers.add((key.name, key.id))
        return key

    def _count_witness(self) -> None:
        self._witnesses += 1
        most = self._most_witnesses
        if most is not None and self._witnesses > most:
            raise _LineError(f"a checkpoint has room for {most} witnesses")

    def _refuse_name(self, name: bytes) -> None:
        if name == _NONE:
            raise _LineError("none is the name of no witness and no group")
        if name in self.named:
            raise _LineError(f"the name {_shown(name)} stands on a line above")

    def _group(self, name: bytes, threshold: bytes, members: tuple[bytes, ...]) -> None:
        self._refuse_name(name)
        for member in members:
            if member not in self.named:
                raise _LineError(f"no line above defines {_shown(member)}")
            if member in self._members:
                raise _LineError(f"{_shown(member)} is a member already")
            self._members.add(member)
        match threshold:
            case b"any":
                asked = 1
            case b"all":
                asked = len(members)
            case _ if _NUMBER.fullmatch(threshold):
                asked = int(threshold)
            case _:
                raise _LineError("a group is any, all or a number of its members")
        if asked > len(members):
            raise _LineError(f"the group asks for more than its {len(members)} members")
        self.named[name] = Group(asked, members)

    def _quorum(self, name: bytes) -> None:
        if self.quorums:
            raise _LineError("there is a quorum on a line above")
        if name != _NONE and name not in self.named:
            raise _LineError(f"no line above defines {_shown(name)}")
        self.quorums.append(None if name == _NONE else name)


def _shown(octets: bytes) -> str:
    """For people; octets that are no UTF-8 are written out."""
    return octets.decode(errors="backslashreplace")
