"""Keys of logs, promises and witnesses: what they sign, and how they are written down (C2SP).

0x01 signs a note's text, 0x04 a checkpoint with a time (tlog-cosignature v1), 0x06 the same with
ML-DSA-44 over a message of its own, which names the cosigner and the log.
"""

import base64
import binascii
import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from uitvoering.integrity.checkpoint import Checkpoint
from uitvoering.integrity.note import KeyMalformedError, is_name, key_id, signature_line

_SEED_BYTES = 32
_PRIVATE = "PRIVATE+KEY+"
_TIME = struct.Struct(">Q")


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

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    def signed_text(self, text: str, value: bytes) -> bool:
        """Whether this is the signature (0x01) over that text."""
        return self.kind is Kind.ED25519 and self._holds(value, text.encode())

    def cosigned(self, checkpoint: Checkpoint, value: bytes) -> int | None:
        """The time stated with the signature over that checkpoint; None when it does not hold.

        0 for a signature that states no time: every 0x01, and a 0x06 that leaves it out.
        """
        if self.kind is Kind.ED25519:
            return 0 if self._holds(value, checkpoint.text.encode()) else None
        if len(value) < _TIME.size:
            return None
        (time,) = _TIME.unpack_from(value)
        message = cosigned_message(self.kind, self.name, time, checkpoint)
        return time if self._holds(value[_TIME.size :], message) else None

    def _holds(self, value: bytes, message: bytes) -> bool:
        try:
            if self.kind is Kind.MLDSA44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(value, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class PrivateKey:
    """What signs; `repr` shows its name only, `encoded` is for its file alone."""

    name: str
    kind: Kind
    seed: bytes

    def __repr__(self) -> str:
        return f"PrivateKey({self.name!r})"

    @property
    def public(self) -> PublicKey:
        if self.kind is Kind.MLDSA44:
            raw = MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw()
        else:
            raw = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return PublicKey(self.name, self.kind, raw)

    def encoded(self) -> str:
        secret = _base64(bytes([self.kind]) + self.seed)
        return f"{_PRIVATE}{self.name}+{self.public.id.hex()}+{secret}"

    def text_line(self, text: str) -> str:
        """The signature line (0x01) under a text, with its newline."""
        if self.kind is not Kind.ED25519:
            raise ValueError("a text is signed by a key of kind 0x01")
        return signature_line(self.name, self.public.id, self._signed(text.encode()))

    def cosignature_line(self, checkpoint: Checkpoint, time: int) -> str:
        """The line under a checkpoint; `time` in seconds since 1970, not said by a 0x01."""
        if self.kind is Kind.ED25519:
            return self.text_line(checkpoint.text)
        message = cosigned_message(self.kind, self.name, time, checkpoint)
        value = _TIME.pack(time) + self._signed(message)
        return signature_line(self.name, self.public.id, value)

    def _signed(self, message: bytes) -> bytes:
        if self.kind is Kind.MLDSA44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed).sign(message)
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def cosigned_message(kind: Kind, name: str, time: int, checkpoint: Checkpoint) -> bytes:
    """What a cosigner signs; 0x04 does not commit to the name, 0x06 does."""
    if kind is Kind.COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(cosigner)]) + cosigner,
            _TIME.pack(time),
            bytes([len(origin)]) + origin,
            _TIME.pack(0),
            _TIME.pack(checkpoint.size),
            checkpoint.root,
        )
    )


def new_key(name: str, kind: Kind) -> PrivateKey:
    if not is_name(name) or len(name.encode()) > 255:  # noqa: PLR2004 its length is one byte in 0x06
        raise KeyMalformedError(key=name, cause="a name has no space, no + and at most 255 bytes")
    return PrivateKey(name, kind, secrets.token_bytes(_SEED_BYTES))


def public_key(encoded: str) -> PublicKey:
    """Of a verifier key, `name+id+base64`. KeyMalformedError."""
    name, identity, kind, rest = _parts(encoded, encoded)
    if len(rest) != _PUBLIC_BYTES[kind]:
        raise KeyMalformedError(key=name, cause="it is not as long as its kind asks")
    key = PublicKey(name, kind, rest)
    if key.id.hex() != identity:
        raise KeyMalformedError(key=name, cause="its id does not belong to it")
    return key


def private_key(encoded: str) -> PrivateKey:
    """Of a signer key. KeyMalformedError, which never shows the key."""
    hidden = "this text"
    if not encoded.startswith(_PRIVATE):
        raise KeyMalformedError(key=hidden, cause=f"it does not begin with {_PRIVATE}")
    name, identity, kind, seed = _parts(encoded.removeprefix(_PRIVATE), hidden)
    if len(seed) != _SEED_BYTES:
        raise KeyMalformedError(key=name, cause="it is not as long as its kind asks")
    key = PrivateKey(name, kind, seed)
    if key.public.id.hex() != identity:
        raise KeyMalformedError(key=name, cause="its id does not belong to it")
    return key


def _parts(encoded: str, shown: str) -> tuple[str, str, Kind, bytes]:
    parts = encoded.split("+", 2)  # base64 may hold more of them
    if len(parts) != 3 or not is_name(parts[0]):  # noqa: PLR2004 name, id and key
        raise KeyMalformedError(key=shown, cause="it is not name+id+key")
    name, identity, body = parts
    try:
        raw = base64.b64decode(body, validate=True)
        return name, identity, Kind(raw[0]), raw[1:]
    except (binascii.Error, ValueError, IndexError) as error:
        raise KeyMalformedError(key=name, cause="its kind is not known here") from error


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
