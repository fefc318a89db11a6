"""Time stamps (RFC 3161): that a text existed no later than a clock which is not ours says.

`rfc3161-client` is loaded when a stamp is asked for or looked at: all else here works without it.
"""

import http.client
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.x509 import (
    Certificate,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)

from uitvoering.errors import BusyError, InvalidError, NotFoundError, RefusedError, TamperedError
from uitvoering.integrity.direct_http import exchanged

MOST_BYTES = 65_536
"""Of a response; one with a chain of three certificates has about 6,000."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"  # RFC 3161, 3.4
_PEM = b"-----BEGIN"


class StampUncheckableError(NotFoundError):
    code = "stamp-uncheckable"
    message = (
        "no time stamp can be checked here, because rfc3161-client is not installed; "
        "install it, or use `openssl ts -verify`"
    )


class StampWrongError(TamperedError):
    code = "stamp-wrong"
    message = "this time stamp does not hold for this text: {cause}; keep both, ask for a new one"


class StampRefusedError(RefusedError):
    code = "stamp-refused"
    message = (
        "{authority} gave no time stamp that holds: {cause}; nothing was stored; "
        "check the address and the root certificate, or ask another authority"
    )


class StampAuthoritySilentError(BusyError):
    code = "stamp-authority-silent"
    message = "{authority} gave no answer: {cause}; nothing was stored; ask again in a moment"


class StampRootMalformedError(InvalidError):
    code = "stamp-root-malformed"
    message = "this is no root certificate: {cause}; give it as PEM or DER, from its owner"


@dataclass(frozen=True)
class Stamp:
    moment: datetime
    """By the clock of the authority, in UTC."""
    response: bytes
    """The whole response in DER, as `openssl ts -verify` reads it."""


def check(
    response: bytes, message: bytes, roots: Sequence[bytes], nonce: int | None = None
) -> datetime:
    """When the message existed at the latest, by the clock of an authority under one of the roots.

    A root is the content of a file: PEM, one certificate or more, or DER. `nonce` is known only to
    who asked, and guards against an old answer; the proof does not need it. StampWrongError.
    """
    trusted = [certificate for root in roots for certificate in _certificates(root)]
    if not trusted:
        raise StampRootMalformedError(cause="none was given")
    try:
        from rfc3161_client import (  # noqa: PLC0415 optional: the zipapp runs without it
            VerificationError,
            VerifierBuilder,
            decode_timestamp_response,
        )
    except ImportError as error:
        raise StampUncheckableError from error
    if len(response) > MOST_BYTES:
        raise StampWrongError(cause=f"it is over {MOST_BYTES} bytes")
    try:
        stamp = decode_timestamp_response(response)
        VerifierBuilder(roots=trusted, nonce=nonce).build().verify_message(stamp, message)
        return stamp.tst_info.gen_time.astimezone(UTC)
    except (VerificationError, ValueError) as error:
        raise StampWrongError(cause=_one_line(error)) from error


def asked(authority: str, message: bytes, roots: Sequence[bytes], seconds: float) -> Stamp:
    """A stamp on the message from the authority at that address, checked before it is given.

    StampAuthoritySilentError when it did not answer within so many seconds, StampRefusedError
    when its answer does not hold.
    """
    query, nonce = _query(message)
    response = _answer(authority, query, time.monotonic() + seconds)
    try:
        return Stamp(check(response, message, roots, nonce), response)
    except StampWrongError as error:  # of a stranger's answer; nothing of ours was touched
        raise StampRefusedError(authority=authority, cause=error.values["cause"]) from error


def _query(message: bytes) -> tuple[bytes, int]:
    """The request over the SHA-256 of the message, and its nonce."""
    try:
        from rfc3161_client import (  # noqa: PLC0415 optional: the zipapp runs without it
            HashAlgorithm,
            TimestampRequestBuilder,
        )
    except ImportError as error:
        raise StampUncheckableError from error
    made = TimestampRequestBuilder(data=message, hash_algorithm=HashAlgorithm.SHA256).build()
    if made.nonce is None:
        raise AssertionError("a request is made with a nonce")
    return made.as_bytes(), made.nonce


def _answer(authority: str, query: bytes, deadline: float) -> bytes:
    try:
        if urlsplit(authority).scheme not in {"http", "https"}:
            raise StampRefusedError(authority=authority, cause="its address is not http or https")
        request = urllib.request.Request(  # noqa: S310 the scheme was looked at
            authority, data=query, headers={"Content-Type": _QUERY, "Accept": _REPLY}
        )
    except ValueError as error:
        cause = f"its address cannot be read: {_one_line(error)}"
        raise StampRefusedError(authority=authority, cause=cause) from error
    try:
        reply = exchanged(request, deadline, MOST_BYTES)
    except (OSError, http.client.HTTPException, ValueError) as error:
        cause = _one_line(getattr(error, "reason", None) or error)
        raise StampAuthoritySilentError(authority=authority, cause=cause) from error
    if reply.status != http.client.OK:
        cause = f"HTTP {reply.status} {reply.reason}"
        raise StampAuthoritySilentError(authority=authority, cause=cause)
    if reply.content_type != _REPLY:
        cause = f"it answers with {reply.content_type}"
        raise StampRefusedError(authority=authority, cause=cause)
    return reply.body


def _certificates(root: bytes) -> list[Certificate]:
    try:
        if _PEM in root:
            return load_pem_x509_certificates(root)
        return [load_der_x509_certificate(root)]
    except ValueError as error:
        raise StampRootMalformedError(cause=_one_line(error)) from error


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
