"""What does someone who files hold in hand at once? A signed promise, and what opens his words."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from eventsourcing.persistence import StoredEvent

from uitvoering.application.caller import Opening, Receipt
from uitvoering.application.proofs import Proofs
from uitvoering.domain.events.fact import Commitment, Proof, Seen
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.log.errors import LedgerDamagedError, LedgerUnreadableError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.publishing import stated_at
from uitvoering.integrity.notes.keys import PrivateKey
from uitvoering.integrity.notes.note import formatted
from uitvoering.integrity.notes.promise import Promise
from uitvoering.integrity.tree.leaf import OPENING_BYTES, commitment, leaf_of, opening_of
from uitvoering.integrity.tree.merkle import EMPTY_ROOT, leaf_hash
from uitvoering.persistence.event_schemas import newest
from uitvoering.persistence.sealing import passages
from uitvoering.persistence.store import Store
from uitvoering.persistence.topics import recorded_type

MOST_AHEAD = timedelta(hours=1)
"""By which a stated time may lie in the future, as clocks differ; one further ahead is no time."""
TERM_SECONDS = 60
"""INTEGRITY 5: within which an event that was taken in stands in the log."""

_OUT_OF_REACH = (OSError, LedgerDamagedError, LedgerUnreadableError, OverflowError, ValueError)
"""The last two of a time that is none."""


class Shown:
    """The newest published checkpoint, read again when its file was replaced."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._as_read: tuple[int, int] | None = None
        self._seen = Seen(root=EMPTY_ROOT.hex(), size=0)
        self._stated_at = datetime.min.replace(tzinfo=UTC)

    def newest(self) -> Seen:
        """The last that could be read: a log that is out of reach stops no filing."""
        self._look()
        return self._seen

    def not_before(self, at: datetime) -> datetime:
        """A moment, or the newest the log has stated, whichever is later; within reason.

        Promises count from it: where the log's clock is ahead of ours, what it signed before an
        event was filed would otherwise show that the event's term had passed.
        """
        self._look()
        ahead = self._stated_at - at
        return self._stated_at if timedelta() < ahead <= MOST_AHEAD else at

    def _look(self) -> None:
        with suppress(*_OUT_OF_REACH):
            found = self._ledger.checkpoint_file.stat()
            as_read = (found.st_mtime_ns, found.st_ino)
            if as_read != self._as_read:
                published = self._ledger.published()
                checkpoint, seconds = published.checkpoint, stated_at(published.note)
                self._seen = Seen(root=checkpoint.root.hex(), size=checkpoint.size)
                if seconds is not None:
                    self._stated_at = datetime.fromtimestamp(seconds, UTC)
                self._as_read = as_read


@dataclass(frozen=True)
class Promises:
    """Makes events provable, and promises their place in the log of this origin."""

    ledger: Ledger
    shown: Shown
    key: PrivateKey | None
    """Without it events are provable all the same; what is missing is the promise."""
    proofs: Proofs
    unusable: UitvoeringError | None = None
    """Why the keys that are there cannot be used: it keeps from filing, and nobody from reading."""

    @classmethod
    def of(cls, ledger: Ledger, key: PrivateKey | None) -> "Promises":
        return cls(ledger, Shown(ledger), key, Proofs(ledger))

    def refuse_unusable(self) -> None:
        if self.unusable is not None:
            raise self.unusable

    def proved(self, event: AnyRecorded, store: Store) -> AnyRecorded:
        """The event with its commitments; to be stored as it is returned, for they are random."""
        self.refuse_unusable()
        opening = secrets.token_hex(OPENING_BYTES)
        words = passages(orjson.loads(store.plain(event)), recorded_type(type(event.fact)))
        commits = tuple(
            Commitment(at=at, hmac=commitment(opening_of(opening, at), text))
            for at, text in words.items()
        )
        proof = Proof(
            commits=commits,
            opening=opening,
            schema_sha256=newest(),
            seen=self.shown.newest(),
        )
        return event.model_copy(update={"proof": proof})

    def receipt(self, event: AnyRecorded, store: Store, at: datetime) -> Receipt | None:
        """What its author is given, and nobody else; None without a key to promise with."""
        if self.key is None or event.proof is None:
            return None
        return Receipt(
            event=event.event_id,
            promise=self.promise(self.key, event.event_id, store.encoded(event), at),
            openings=tuple(
                Opening(at=commit.at, opening=opening_of(event.proof.opening, commit.at).hex())
                for commit in event.proof.commits
            ),
        )

    def promise(self, key: PrivateKey, event_id: str, stored: StoredEvent, at: datetime) -> str:
        """The signed note, over the leaf of these very bytes."""
        origin = self.ledger.origin
        leaf = leaf_of(origin, stored.topic, stored.state)
        begins = self.shown.not_before(at)
        promise = Promise(origin, leaf_hash(leaf), event_id, begins, TERM_SECONDS)
        return formatted(promise.text, [key.text_line(promise.text)]).decode()
