"""Is what others are shown the newest that was signed, and does it come in time?

Whoever puts an older checkpoint back, or takes the log away, hides what he changes after it: so
the file that is served, the rows and the file beside the keys are held against each other.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from uitvoering.application.monitor_report import Difference, Findings, Unchecked
from uitvoering.application.monitored_rules import policies_adopted
from uitvoering.application.promises import TERM_SECONDS
from uitvoering.integrity.log.errors import LedgerDamagedError
from uitvoering.integrity.log.ledger import Ledger, Published
from uitvoering.integrity.log.rows import SignedCheckpoint
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


class _Shown(NamedTuple):
    """What was signed last, as each of the three places has it."""

    newest: SignedCheckpoint
    before: Checkpoint | None
    """Of the row directly before the newest."""
    published: Published
    kept: Checkpoint | None
    """Beside the keys."""

    @property
    def settled(self) -> bool:
        return self.published.checkpoint == self.newest.checkpoint and not self.is_kept_beyond

    @property
    def is_kept_beyond(self) -> bool:
        return self.kept is not None and self.kept.size > self.newest.checkpoint.size

    @property
    def unpublished(self) -> bool:
        """As a sequencer leaves it that found no room after its row, and tries again."""
        return self.published.checkpoint == self.before and not self.is_kept_beyond


def newest_signed(
    ledger: Ledger,
    keys: Sequence[PublicKey],
    last_signed: LastSigned,
    now: datetime,
    findings: Findings,
) -> Checkpoint:
    """What the log is looked at by: never an older one than was signed. TamperedError."""
    found = _settled(ledger, last_signed)
    newest, _, published, kept = found
    shown, size = published.checkpoint, newest.checkpoint.size
    late = abs(now.timestamp() - newest.signed_at) > TERM_SECONDS
    if shown != newest.checkpoint and (late or not found.unpublished):
        findings.alarm(Difference.PUBLISHED_DIFFERS, size=shown.size, signed=size)
    if kept is None:
        findings.unchecked.append(Unchecked.NO_LAST_SIGNED)
    elif found.is_kept_beyond or root(ledger.tree(size), kept.size) != kept.root:
        findings.alarm(Difference.LAST_SIGNED_DIFFERS, size=kept.size, signed=size)
    if not keys:
        findings.unchecked.append(Unchecked.NO_KEYS)
        return newest.checkpoint
    signed = [newest.checkpoint]
    for noted in (newest, published):
        if _signed(noted.note, keys):
            signed.append(noted.checkpoint)
        else:
            unsigned = noted.checkpoint
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


def _settled(ledger: Ledger, last_signed: LastSigned) -> _Shown:
    """A sequencer writes them one after the other: what differs now may be equal in a moment."""
    until = time.monotonic() + _PATIENCE
    while True:
        published, (newest, before) = ledger.published(), _newest_rows(ledger)
        note = last_signed()
        kept = None if note is None else _checkpoint(note)
        if kept is not None and kept.origin != ledger.origin:  # of the log that goes on from this
            kept = None
        found = _Shown(newest, before, published, kept)
        if found.settled or time.monotonic() > until:
            return found
        time.sleep(_PAUSE)


def _newest_rows(ledger: Ledger) -> tuple[SignedCheckpoint, Checkpoint | None]:
    """The newest, and the checkpoint of the one before it."""
    with closing(ledger.rows()) as rows:
        newest = list(islice(rows.checkpoints(newest_first=True), 2))
    if not newest:
        raise LedgerDamagedError(file=ledger.rows_file, cause="it holds no checkpoint")
    return newest[0], newest[1].checkpoint if len(newest) > 1 else None


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
