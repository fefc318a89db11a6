"""A witness cosigns a checkpoint only when it extends the last one it cosigned of that log.

c2sp.org/tlog-witness v1.0.0, with the later rule that another root at the same size is a proof
that fails (422).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from uitvoering.errors import BusyError, InvalidError
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.keys import Kind, PrivateKey, PublicKey
from uitvoering.integrity.notes.note import (
    MOST_NAME_BYTES,
    KeyMalformedError,
    NoteMalformedError,
    Signature,
    parsed,
)
from uitvoering.integrity.notes.promise import PROMISE_SUFFIX
from uitvoering.integrity.witness.evidence import folder_of, keep_evidence
from uitvoering.integrity.witness.judging import (
    MOST_KEPT,
    MOST_UNSHOWN,
    is_unshown,
    judged,
    reason_to_keep,
)
from uitvoering.integrity.witness.request import Request, body_of, request_of
from uitvoering.integrity.witness.store import (
    NOTHING,
    Cosigned,
    Record,
    Refused,
    WitnessStore,
)

PLAIN = "text/plain; charset=utf-8"
TREE_SIZE = "text/x.tlog.size"
RENEWED_AFTER = 50 * 60
"""Seconds: what a witness shows of a log was stated at most an hour ago."""
MOST_BEHIND = 60
"""Seconds that a clock may run back and still be taken for one that is being set right."""
MOST_AHEAD = 31 * 24 * 60 * 60
"""Seconds beyond what was stated last: a clock that jumps further is first said to be right.

What was stated once is never taken back: after one hour in another century nothing can be stated.
"""
REPEATED_AFTER = 30
"""Seconds within which the same checkpoint is answered with what was stated of it: anyone may send
a public checkpoint, and that fills no disk."""


class PromiseKeyEnrolledError(InvalidError):
    code = "promise-key-enrolled"
    message = (
        "the key {key} signs promises and never a checkpoint; enrol the checkpoint key of the log, "
        "which is named {origin} and stands in checkpoint-ed25519.pub"
    )


class WitnessClockBehindError(BusyError):
    code = "witness-clock-behind"
    message = (
        "the clock of this witness runs {seconds} seconds behind what it stated before; nothing "
        "was cosigned, set the clock right"
    )


class WitnessClockAheadError(BusyError):
    code = "witness-clock-ahead"
    message = (
        "the clock of this witness runs {seconds} seconds ahead of what it stated last; nothing "
        "was cosigned, set the clock right, or say that it is with "
        "`uitvoering-witness confirm-clock`"
    )


class WitnessEvidenceUnwritableError(BusyError):
    code = "witness-evidence-unwritable"
    message = (
        "the evidence in {directory} cannot be written: {cause}; nothing is lost, it stands in "
        "witness.db, make room or open the folder, and start again"
    )


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    body: str
    content_type: str = PLAIN
    about: str = ""
    """For the request log: which log, which size, and what is kept of it."""


class Witness:
    def __init__(
        self,
        store: WitnessStore,
        evidence: Path,
        keys: Sequence[PrivateKey],
        clock: Callable[[], int],
    ) -> None:
        """`keys` of kinds 0x04 and 0x06; `clock` in seconds since 1970; `evidence` is a folder.

        WitnessEvidenceUnwritableError.
        """
        self._store, self._evidence, self._keys, self._clock = store, evidence, keys, clock
        try:
            with store.reading() as record:  # a crash may have come between a refusal and its files
                for number in record.refused_numbers():
                    if not folder_of(evidence, number).exists():
                        self.keep_evidence(*record.refused("id = ?", number))
        except OSError as error:
            cause = error.strerror or error
            raise WitnessEvidenceUnwritableError(directory=evidence, cause=cause) from error

    @property
    def keys(self) -> list[PublicKey]:
        return [key.public for key in self._keys]

    @property
    def store(self) -> WitnessStore:
        return self._store

    def enrol(self, key: PublicKey) -> bool:
        """Watch the log that signs with this key; False when it was trusted already.

        KeyMalformedError, PromiseKeyEnrolledError.
        """
        if key.name.endswith(PROMISE_SUFFIX):
            origin = key.name.removesuffix(PROMISE_SUFFIX)
            raise PromiseKeyEnrolledError(key=key.name, origin=origin)
        if key.kind is Kind.COSIGNATURE:
            raise KeyMalformedError(key=key.name, cause="a log signs with a key of kind 01 or 06")
        if len(key.name.encode()) > MOST_NAME_BYTES:
            raise KeyMalformedError(key=key.name, cause=f"it is over {MOST_NAME_BYTES} bytes")
        return self._trust(key, trusted=True)

    def withdraw(self, key: PublicKey) -> bool:
        """Trust it no more: after a rotation, or once it was stolen; False when it was not."""
        return self._trust(key, trusted=False)

    def _trust(self, key: PublicKey, *, trusted: bool) -> bool:
        with self._store.writing() as record:
            if record.keys(key.name).get(key, False) is trusted:
                return False
            record.enrol(key, self._clock(), trusted=trusted)
        return True

    def add_checkpoint(self, body: bytes) -> Answer:
        """What is stated is on disk before it is signed, and before anybody can read it."""
        try:
            request = request_of(body)
        except NoteMalformedError as error:
            return _plain(HTTPStatus.BAD_REQUEST, error.values["cause"])
        offered = request.checkpoint
        with self._store.reading() as record:
            keys, held = record.keys(offered.origin), record.held(offered.origin)
        if not keys:
            return _plain(HTTPStatus.NOT_FOUND, "this witness does not watch that log")
        signed = request.signed_by(key for key, trusted in keys.items() if trusted)
        if not signed:
            return _plain(HTTPStatus.FORBIDDEN, "no signature of a key that is trusted for it")
        about = f"{offered.origin} {offered.size}"
        if self._stated_just_now(request, held):
            return Answer(HTTPStatus.OK, "".join(self._lines(held)), about=about)
        stated, answer, kept = NOTHING, None, None
        # One transaction from here: of two requests at once the second sees what the first stored.
        with self._store.writing() as record:
            held = record.held(offered.origin)
            status = judged(request, held)
            if status is HTTPStatus.OK:
                note = request.note_with(signed)
                stated = record.cosign(offered, note, self._time(record))
            else:
                answer = _refusal(status, held)
                kept = self._keep(record, request, signed, status, held)
        # A crash before this line: nobody was told, and the log may send the same again. A crash
        # after it: the log is told by 409 what is held, and asks once more from there.
        if answer is None:
            return Answer(HTTPStatus.OK, "".join(self._lines(stated)), about=about)
        if kept is None:
            return Answer(answer.status, answer.body, answer.content_type, about)
        try:
            self.keep_evidence(kept)
        except OSError as error:  # its row stands; the files are written at the next start
            about += f" (files not written: {error.strerror})"
        return Answer(answer.status, answer.body, answer.content_type, f"{about} {kept.reason}")

    def view(self, origin_sha256: str) -> bytes | None:
        """The newest checkpoint cosigned of the log with this digest (hex); None without one.

        Stated at most an hour ago, as long as a key that signed it is trusted.
        """
        with self._store.reading() as record:
            origins = {sha256(name.encode()).hexdigest(): name for name in record.origins()}
            origin = origins.get(origin_sha256)
            held = record.held(origin) if origin is not None else NOTHING
            keys = record.keys(origin) if origin is not None else {}
        if origin is None or held is NOTHING:
            return None
        # Under a key that is trusted no more nothing is stated anew: what was stated is shown.
        trusted = {(key.name, key.id) for key, is_trusted in keys.items() if is_trusted}
        vouched = any((s.name, s.key_id) in trusted for s in parsed(held.note).signatures)
        if vouched and self._clock() - held.at > RENEWED_AFTER:
            with self._store.writing() as record:
                held = record.held(origin)
                checkpoint = checkpoint_of(parsed(held.note).text)
                held = record.cosign(checkpoint, held.note, self._time(record))
        return self.cosigned_note(held)

    def cosigned_note(self, held: Cosigned) -> bytes:
        """With the signatures of the log, and ours for the time that was stated."""
        return held.note + "".join(self._lines(held)).encode()

    def keep_evidence(self, *rows: Refused) -> None:
        """Write to the folder what the record holds and the folder does not."""
        for row in rows:
            held = b"" if row.held is NOTHING else self.cosigned_note(row.held)
            keep_evidence(self._evidence, row, held)

    def confirm_clock(self) -> int:
        """Whoever runs the witness says that its clock is right now; the time that it has."""
        with self._store.writing() as record:
            now = self._clock()
            self._refuse_behind(now, record.last_stated())
            record.confirm_clock(now)
        return now

    def _stated_just_now(self, request: Request, held: Cosigned) -> bool:
        """Asked for what was cosigned as the newest, of that size: nothing would be new but now."""
        return (
            held is not NOTHING
            and request.checkpoint.size == held.size
            and judged(request, held) is HTTPStatus.OK
            and -MOST_BEHIND <= self._clock() - held.at < REPEATED_AFTER
        )

    def _lines(self, stated: Cosigned) -> list[str]:
        checkpoint = checkpoint_of(parsed(stated.note).text)
        return [key.cosignature_line(checkpoint, stated.at) for key in self._keys]

    def _time(self, record: Record) -> int:
        """Never earlier than stated before: nothing is dated back, whatever the clock says."""
        now, before = self._clock(), record.last_stated()
        self._refuse_behind(now, before)
        ahead = before > 0 and now - before > MOST_AHEAD
        if ahead and abs(now - record.clock_confirmed()) > MOST_AHEAD:
            raise WitnessClockAheadError(seconds=now - before)
        return max(now, before)

    def _refuse_behind(self, now: int, before: int) -> None:
        if before - now > MOST_BEHIND or now <= 0:
            raise WitnessClockBehindError(seconds=before - now)

    def _keep(
        self,
        record: Record,
        request: Request,
        signed: Iterable[Signature],
        status: HTTPStatus,
        held: Cosigned,
    ) -> Refused | None:
        offered, at = request.checkpoint, record.held_at
        same, before = at(offered.origin, offered.size), at(offered.origin, request.old)
        found = reason_to_keep(request, status, held, same, before)
        if found is None:
            return None
        reason, against = found
        counts = record.count_refused(offered.origin, reason)
        if is_unshown(reason, held.size):
            room = MOST_UNSHOWN - counts.get(held.size, 0)
        else:
            room = MOST_KEPT[reason] - sum(
                count for size, count in counts.items() if not is_unshown(reason, size)
            )
        # Not as it was received: strangers may have put any number of lines under it.
        body = body_of(request.old, request.proof, request.note_with(signed))
        now = self._clock()
        return record.refuse(offered, reason, status, against, body, now, is_new_kept=room > 0)


def _refusal(status: HTTPStatus, held: Cosigned) -> Answer:
    if status is HTTPStatus.BAD_REQUEST:
        return _plain(status, "the old size is above that of the checkpoint")
    if status is HTTPStatus.CONFLICT:
        return Answer(status, f"{held.size}\n", TREE_SIZE)
    return _plain(status, f"not proved to extend the tree of {held.size} that was cosigned")


def _plain(status: HTTPStatus, told: str) -> Answer:
    return Answer(status, f"{told}\n")
