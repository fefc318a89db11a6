"""What a reporter kept, read as it comes back: from a disk, an editor, a mail or an export."""

import os
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from pydantic import TypeAdapter

from uitvoering.application.caller import Outcome, Receipt
from uitvoering.errors import FileUnknownError, InvalidError, RefusedError
from uitvoering.integrity.notes.keys import PublicKey, public_key
from uitvoering.integrity.notes.note import NoteMalformedError, parsed
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
    """A proof, a promise or receipts, without what editors and mails put around their lines.

    It makes nothing hold: hashes and signatures are checked over what is left.
    """
    text = read(file)
    if text.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        text = text.decode("utf-16", "replace").encode()
    text = text.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
    lines = text.strip().split(b"\n")
    while all(line.startswith(b">") for line in lines):
        lines = [line[1:].removeprefix(b" ") for line in lines]
    return b"\n".join(lines).strip() + b"\n"


def text_in(file: Path) -> str:
    """A passage, letter for letter."""
    text = read(file)
    coded = "utf-16" if text.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    return text.decode(coded, "replace")


def key_in(given: str) -> PublicKey:
    """A key, or the one in a file of this name. KeyMalformedError."""
    file = Path(given)
    return public_key(
        received(file).decode("utf-8", "replace").strip() if os.path.lexists(file) else given
    )


def key_remarked(policy: bytes, promise: bytes) -> PublicKey | None:
    """That of promises, where a policy has it in a remark; of several the one that signed this.

    KeyMalformedError, NoteMalformedError.
    """
    lines = policy.decode("utf-8", "replace").splitlines()
    keys = [public_key(line.removeprefix(_REMARK)) for line in lines if line.startswith(_REMARK)]
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
                # The first: its promise ends first, and openings are given once.
                found.setdefault(receipt.event, receipt)
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
