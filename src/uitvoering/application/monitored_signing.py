"""Is what others are shown the newest that was signed, and does it come in time?

Whoever puts an older checkpoint back, or takes the log away, hides what he changes after it: so
the file that is served, the rows and the file beside the keys are held against each other.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from uitvoering.application.monitor_report import Difference, Findings, Unchecked
from uitvoering.application.monitored_rules import policies_adopted
from uitvoering.integrity.log.errors import LedgerDamagedError
from uitvoering.integrity.log.ledger import Ledger, Published
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import NoteMalformedError, SignatureWrongError, parsed
from uitvoering.integrity.notes.policy import unwitnessed_policy
from uitvoering.integrity.tree.merkle import root
from uitvoering.persistence.store import Store

LONGEST_WAIT = timedelta(minutes=10)
"""Ten times the term of a promise: a sequencer that is started anew has caught up by then."""
_PATIENCE = 2.0
"""Seconds a sequencer has to bring all three up to what it just signed."""
_PAUSE = 0.1

LastSigned = Callable[[], bytes | None]
"""The note in the file beside the keys; None where it is not there or not to be read."""


def not_readable() -> None:
    """Where nobody gave the folder of the keys."""


def newest_signed(
    ledger: Ledger, keys: Sequence[PublicKey], last_signed: LastSigned, findings: Findings
) -> Checkpoint:
    """What the log is looked at by: never an older one than was signed. TamperedError."""
    newest, published, kept = _settled(ledger, last_signed)
    shown, size = published.checkpoint, newest.checkpoint.size
    if shown != newest.checkpoint:
        findings.alarm(Difference.PUBLISHED_DIFFERS, size=shown.size, signed=size)
    if kept is None:
        findings.unchecked.append(Unchecked.NO_LAST_SIGNED)
    elif _beyond(kept, newest.checkpoint) or root(ledger.tree(size), kept.size) != kept.root:
        findings.alarm(Difference.LAST_SIGNED_DIFFERS, size=kept.size, signed=size)
    if not keys:
        findings.unchecked.append(Unchecked.NO_KEYS)
        return newest.checkpoint
    signed = [newest.checkpoint]
    for found in (newest, published):
        if _signed(found.note, keys):
            signed.append(found.checkpoint)
        else:
            unsigned = found.checkpoint
            findings.alarm(
                Difference.CHECKPOINT_UNSIGNED, origin=unsigned.origin, size=unsigned.size
            )
    return max(signed, key=lambda checkpoint: checkpoint.size)


def look_for_a_lost_log(store: Store, last_signed: LastSigned, findings: Findings) -> None:
    """Where no log is in use: was there ever one? TamperedError."""
    note = last_signed()
    if note is not None:
        kept = _checkpoint(note)
        findings.alarm(Difference.LOG_GONE, trace=f"last-signed, {kept.origin}, {kept.size}")
    elif adopted := policies_adopted(store):
        findings.alarm(Difference.LOG_GONE, trace=f"{adopted[-1].TOPIC}, {adopted[-1].sha256}")


def look_at_waiting(
    store: Store, ledger: Ledger, size: int, now: datetime, findings: Findings
) -> None:
    """Events that no checkpoint speaks of, at the moment before the look."""
    behind = store.backlog(ledger.position_reached(size))
    if behind.since is None:
        return
    # What was recorded before there was a log waits for it since then.
    since = max(behind.since, datetime.fromisoformat(ledger.created_at))
    if now - since > LONGEST_WAIT:
        findings.alarm(
            Difference.EVENTS_UNLOGGED,
            events=behind.events,
            since=behind.since.isoformat(timespec="seconds"),
        )


def _settled(
    ledger: Ledger, last_signed: LastSigned
) -> tuple[Published, Published, Checkpoint | None]:
    """The newest row, what is published, and what stands beside the keys.

    A sequencer writes them one after the other: what differs now may be equal in a moment.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        published, newest = ledger.published(), _newest_row(ledger)
        note = last_signed()
        kept = None if note is None else _checkpoint(note)
        if kept is not None and kept.origin != ledger.origin:  # of the log that goes on from this
            kept = None
        settled = published.checkpoint == newest.checkpoint and (
            kept is None or not _beyond(kept, newest.checkpoint)
        )
        if settled or time.monotonic() > until:
            return newest, published, kept
        time.sleep(_PAUSE)


def _newest_row(ledger: Ledger) -> Published:
    rows = ledger.rows()
    try:
        newest = rows.newest()
    finally:
        rows.close()
    if newest is None:
        raise LedgerDamagedError(file=ledger.rows_file, cause="it holds no checkpoint")
    return Published(newest.checkpoint, newest.note)


def _beyond(kept: Checkpoint, newest: Checkpoint) -> bool:
    return kept.size > newest.size


def _signed(note: bytes, keys: Sequence[PublicKey]) -> bool:
    try:
        return bool(unwitnessed_policy(keys).judge(parsed(note)).log_keys)
    except SignatureWrongError:
        return False


def _checkpoint(note: bytes) -> Checkpoint:
    try:
        return checkpoint_of(parsed(note).text)
    except NoteMalformedError as error:
        raise LedgerDamagedError(file="last-signed", cause="it is no checkpoint") from error
