"""What others may see of the log: its newest checkpoint, and the newest that has its quorum."""

from uitvoering.integrity.durable import shown
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.rows import LedgerRows
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.policy_file import MOST_ASKED, PolicyMalformedError, policy_of

_TIME = 8
_TIMED = _TIME + 2_420
"""Bytes of a signature by ML-DSA-44, which stands behind the time it states."""


def publish(ledger: Ledger, rows: LedgerRows, asked: int | None = None) -> None:
    """Bring both files up to what the rows say; `asked` is the row that witnesses answered on.

    Several processes may publish: each within its turn, so that none puts an older one back.
    """
    with rows.turn():
        newest = rows.newest()
        if newest is None:
            return
        shown(ledger.checkpoint_file, newest.note)
        try:
            policy = policy_in(ledger)
        except PolicyMalformedError:
            return  # who asks the witnesses tells it; the log itself goes on
        if policy is None:
            return
        candidates = [newest] if asked is None else [newest, *rows.numbered(asked)]
        cosigned = ledger.cosigned()
        for found in candidates:
            if cosigned is not None and found.checkpoint.size < cosigned.checkpoint.size:
                continue
            if policy.judge(found.note).quorum:
                shown(ledger.cosigned_file, found.note)
                break


def policy_in(ledger: Ledger) -> Policy | None:
    """None where no file says who must cosign. PolicyMalformedError."""
    if not ledger.policy.exists():
        return None
    return policy_of(ledger.policy.read_bytes(), MOST_ASKED)


def stated_at(note: bytes) -> int | None:
    """Seconds since 1970 at which the log says it signed; None when no signature of it says so."""
    read = parsed(note)
    origin = checkpoint_of(read.text).origin
    for given in read.signatures:
        if given.name == origin and len(given.value) == _TIMED:
            return int.from_bytes(given.value[:_TIME])
    return None
