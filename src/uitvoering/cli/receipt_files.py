"""What a reporter kept, read as it comes back: from a disk, an editor, a mail or an export."""

import os
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from uitvoering.application.caller import Outcome, Receipt
from uitvoering.errors import FileUnknownError, InvalidError, RefusedError
from uitvoering.integrity.notes.keys import PublicKey, public_key
from uitvoering.integrity.notes.note import (
    KeyMalformedError,
    NoteMalformedError,
    as_sent,
    parsed,
    recoded,
)
from uitvoering.integrity.notes.promise import promise_of
from uitvoering.integrity.verify.reading import taken
from uitvoering.persistence.backup_errors import FileUnreadableError
from uitvoering.persistence.backup_file import written_whole

_NAMED = 10
"""Events that are named to choose from; of more their number says enough."""
_LINE = TypeAdapter[Receipt | Outcome](Receipt | Outcome)
"""Of the file that `--receipts` writes; or an answer of the API, kept as it came."""

_REMARK = "# promise "
"""As `keys list --policy` prints it."""


class ReceiptExistsError(RefusedError):
    code = "receipt-exists"
    message = "file {file} is there already and a receipt replaces nothing; name another file"


class ReceiptsMalformedError(InvalidError):
    code = "receipts-malformed"
    message = (
        "line {line} of this file is no receipt; give the file that --receipts wrote, as it was"
        " written"
    )


class ReceiptUnchosenError(InvalidError):
    code = "receipt-unchosen"
    message = "the receipts in this file are of {count} events; name one with --event: {events}"


def refuse_existing(file: Path) -> None:
    """Before anything is asked: ReceiptExistsError."""
    if os.path.lexists(file):
        raise ReceiptExistsError(file=file)


def save(file: Path, text: str) -> None:
    """Whole or not at all. ReceiptExistsError, FileUnwritableError."""
    try:
        with written_whole(file) as part:
            part.write_text(text, encoding="utf-8")
    except FileExistsError as error:
        raise ReceiptExistsError(file=file) from error


def read(file: Path) -> bytes:
    """Of a link, what it leads to; a pipe is refused, for it may never end."""
    try:
        return taken(Path(os.path.realpath(file)))
    except FileNotFoundError as error:
        raise FileUnknownError(file=file) from error
    except OSError as error:
        raise FileUnreadableError(file=file, cause=error.strerror) from error


def received(file: Path) -> bytes:
    """A proof, a promise or receipts, as they were sent."""
    return as_sent(read(file)).strip() + b"\n"


def text_in(file: Path) -> str:
    """A passage, letter for letter."""
    return recoded(read(file)).decode("utf-8", "replace")


def key_in(given: str) -> PublicKey:
    """A key, or the one in a file of this name. KeyMalformedError."""
    file = Path(given)
    return public_key(
        received(file).decode("utf-8", "replace").strip() if os.path.lexists(file) else given
    )


def key_remarked(policy: bytes, promise: bytes) -> PublicKey | None:
    """That of promises, where a policy has it in a remark; of several the one that signed this.

    NoteMalformedError.
    """
    keys: list[PublicKey] = []
    for line in as_sent(policy).decode("utf-8", "replace").splitlines():
        if line.startswith(_REMARK):
            with suppress(KeyMalformedError):  # a remark in words
                keys.append(public_key(line.removeprefix(_REMARK)))
    signed = {line.key_id for line in parsed(promise).signatures}
    return next((key for key in keys if key.id in signed), keys[-1] if keys else None)


def holds_receipts(held: bytes) -> bool:
    """Neither a promise nor a proof begins so."""
    return held.startswith(b"{")


def receipt_in(held: bytes, event: str) -> Receipt:
    """That of this event, or the only one. ReceiptsMalformedError, ReceiptUnchosenError."""
    found: dict[str, Receipt] = {}
    for number, line in enumerate(held.splitlines(), 1):
        try:
            for receipt in _receipts(line):
                # The first promise ends first, and openings are given once; a proof comes later.
                first = found.setdefault(receipt.event, receipt)
                if receipt.proof is not None:
                    found[receipt.event] = first.model_copy(update={"proof": receipt.proof})
        except (ValueError, NoteMalformedError) as error:
            raise ReceiptsMalformedError(line=number) from error
    chosen = event or (next(iter(found)) if len(found) == 1 else "")
    if chosen not in found:
        raise ReceiptUnchosenError(count=len(found), events=tuple(found)[:_NAMED])
    return found[chosen]


def _receipts(line: bytes) -> tuple[Receipt, ...]:
    if not line.strip():
        return ()
    kept = _LINE.validate_json(line)
    receipts = kept.receipts if isinstance(kept, Outcome) else (kept,)
    for receipt in receipts:
        if promise_of(parsed(receipt.promise.encode()).text).event_id != receipt.event:
            raise ValueError("the promise is of another event")
    return receipts
