"""Keys of logs, promises and witnesses: what they sign, and how they are written down (C2SP).

0x01 signs a note's text, 0x04 a checkpoint with a time (tlog-cosignature v1), 0x06 the same with
ML-DSA-44 over a message of its own, which names the cosigner and the log.
"""

import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from uitvoering.integrity.notes.checkpoint import LARGEST, Checkpoint
from uitvoering.integrity.notes.note import (
    KeyMalformedError,
    base64_of,
    bytes_of,
    is_name,
    key_id,
    signature_line,
)

_SEED_BYTES = 32
_PRIVATE = "PRIVATE+KEY+"
_U64 = struct.Struct(">Q")
_UNSHOWN = "this text"
"""In a message instead of what was read: it may be a private key."""


class Kind(IntEnum):
    """The signature type, the first byte of an encoded key."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    MLDSA44 = 0x06


_PUBLIC_BYTES = {Kind.ED25519: 32, Kind.COSIGNATURE: 32, Kind.MLDSA44: 1312}


@dataclass(frozen=True)
class PublicKey:
    """What a note is checked with; `str` is the verifier key as its owner publishes it."""

    name: str
    kind: Kind
    public: bytes

    @cached_property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_of(bytes([self.kind]) + self.public)}"

    def __getstate__(self) -> dict[str, object]:
        """What another process is sent: without the key as the library holds it."""
        return {"name": self.name, "kind": self.kind, "public": self.public}

    def signed_text(self, text: str, value: bytes) -> bool:
        """Whether this is the signature (0x01) over that text."""
        return self.kind is Kind.ED25519 and self._holds(value, text.encode())

    def cosigned(self, checkpoint: Checkpoint, value: bytes) -> int | None:
        """The time stated with the signature over that checkpoint; None when it does not hold.

        0 for a signature that states no time: every 0x01, and a 0x06 that leaves it out.
        """
        if self.kind is Kind.ED25519:
            return 0 if self._holds(value, checkpoint.text.encode()) else None
        if len(value) < _U64.size:
            return None
        (time,) = _U64.unpack_from(value)
        if time > LARGEST:
            return None
        message = cosigned_message(self.kind, self.name, time, checkpoint)
        return time if self._holds(value[_U64.size :], message) else None

    def _holds(self, value: bytes, message: bytes) -> bool:
        try:
            self._loaded.verify(value, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def _loaded(self) -> Ed25519PublicKey | MLDSA44PublicKey:
        if self.kind is Kind.MLDSA44:
            return MLDSA44PublicKey.from_public_bytes(self.public)
        return Ed25519PublicKey.from_public_bytes(self.public)


@dataclass(frozen=True)
class PrivateKey:
    """What signs; `repr` shows its name only, `encoded` is for its file alone."""

    name: str
    kind: Kind
    seed: bytes

    def __repr__(self) -> str:
        return f"PrivateKey({self.name!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key leaves its process in its own file only")

    @cached_property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.kind, self._loaded.public_key().public_bytes_raw())

    def encoded(self) -> str:
        secret = base64_of(bytes([self.kind]) + self.seed)
        return f"{_PRIVATE}{self.name}+{self.public.id.hex()}+{secret}"

    def text_line(self, text: str) -> str:
        """The signature line (0x01) under a text, with its newline."""
        if self.kind is not Kind.ED25519:
            raise ValueError("a text is signed by a key of kind 0x01")
        return signature_line(self.name, self.public.id, self._loaded.sign(text.encode()))

    def cosignature_line(self, checkpoint: Checkpoint, time: int) -> str:
        """The line under a checkpoint; `time` in seconds since 1970, not said by a 0x01."""
        if self.kind is Kind.ED25519:
            return self.text_line(checkpoint.text)
        if not 0 <= time <= LARGEST:
            raise ValueError("the time of a cosignature is in seconds since 1970")
        message = cosigned_message(self.kind, self.name, time, checkpoint)
        value = _U64.pack(time) + self._loaded.sign(message)
        return signature_line(self.name, self.public.id, value)

    @cached_property
    def _loaded(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.kind is Kind.MLDSA44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def cosigned_message(kind: Kind, name: str, time: int, checkpoint: Checkpoint) -> bytes:
    """What a cosigner signs; 0x04 does not commit to the name, 0x06 does."""
    if kind is Kind.COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(cosigner)]) + cosigner,
            _U64.pack(time),
            bytes([len(origin)]) + origin,
            _U64.pack(0),
            _U64.pack(checkpoint.size),
            checkpoint.root,
        )
    )


def new_key(name: str, kind: Kind) -> PrivateKey:
    """Of 256 random bits. KeyMalformedError when a key may not be called so."""
    if not is_name(name):
        raise KeyMalformedError(key=name, cause="a name has no space, no + and at most 255 bytes")
    return PrivateKey(name, kind, secrets.token_bytes(_SEED_BYTES))


def public_key(encoded: str) -> PublicKey:
    """Of a verifier key, `name+id+base64`, in the one spelling it has. KeyMalformedError."""
    if encoded.startswith(_PRIVATE):
        raise KeyMalformedError(key=_UNSHOWN, cause="it is the private half, which signs")
    name, identity, kind, rest = _parts(encoded)
    if len(rest) != _PUBLIC_BYTES[kind]:
        raise KeyMalformedError(key=name, cause="it is not as long as its kind asks")
    key = PublicKey(name, kind, rest)
    if key.id.hex() != identity:
        raise KeyMalformedError(key=name, cause="its id does not belong to it")
    return key


def private_key(encoded: str) -> PrivateKey:
    """Of a signer key. KeyMalformedError, which never shows the key."""
    if not encoded.startswith(_PRIVATE):
        raise KeyMalformedError(key=_UNSHOWN, cause=f"it does not begin with {_PRIVATE}")
    name, identity, kind, seed = _parts(encoded.removeprefix(_PRIVATE))
    if len(seed) != _SEED_BYTES:
        raise KeyMalformedError(key=name, cause="it is not as long as its kind asks")
    key = PrivateKey(name, kind, seed)
    if key.public.id.hex() != identity:
        raise KeyMalformedError(key=name, cause="its id does not belong to it")
    return key


def _parts(encoded: str) -> tuple[str, str, Kind, bytes]:
    parts = encoded.split("+", 2)  # base64 may hold more of them
    if len(parts) != 3 or not is_name(parts[0]):  # noqa: PLR2004 name, id and key
        raise KeyMalformedError(key=_UNSHOWN, cause="it is not name+id+key")
    name, identity, body = parts
    raw = bytes_of(body)
    if not raw:
        raise KeyMalformedError(key=name, cause="it is not base64")
    if raw[0] not in set(Kind):
        raise KeyMalformedError(key=name, cause="its kind is not known here")
    return name, identity, Kind(raw[0]), raw[1:]
