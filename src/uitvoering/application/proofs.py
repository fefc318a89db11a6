"""Does an event stand in the log? The proof, read from what is published and nothing else."""

from pathlib import Path

from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.log.errors import LedgerDamagedError
from uitvoering.integrity.log.ledger import Ledger, Published, readable
from uitvoering.integrity.notes.proof_file import Proof
from uitvoering.integrity.tree.merkle import inclusion_proof
from uitvoering.persistence.store import Store


class Proofs:
    """The sequencer may be another process, or not running."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def mark(self) -> tuple[float, int]:
        """Another one when another checkpoint can be proved under: cheap, for who waits."""
        try:
            found = self._final.stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def of(self, event_id: str, store: Store, *, final: bool = False) -> str | None:
        """The event's tlog-proof; None while it waits for a checkpoint.

        TamperedError; LedgerAwayError and LedgerUnreadableError of a log that is out of reach.

        Under the newest checkpoint that the quorum cosigned. While it waits for that, under the
        newest there is, or with `final` none: what the policy asks for is not there yet.
        """
        found = store.event(event_id)
        if found is None:
            return None
        with readable(self._ledger):
            candidates = [self._ledger.cosigned()]
            if not (final and self._ledger.policy.exists()):
                candidates.append(self._ledger.published())
            for published in candidates:
                proof = None if published is None else self._under(published, event_id, found[0])
                if proof is not None:
                    return proof
        return None

    @property
    def _final(self) -> Path:
        ledger = self._ledger
        return ledger.cosigned_file if ledger.policy.exists() else ledger.checkpoint_file

    def _under(self, published: Published, event_id: str, position: int) -> str | None:
        size = published.checkpoint.size
        index = self._ledger.positions.index_of(position, size)
        if index is None:
            return None
        tree = self._ledger.tree(size)
        leaf = tree.leaf(index)
        if loads(leaf).get("eventId") != event_id:
            raise LedgerDamagedError(file="positions", cause=f"leaf {index} is of another event")
        hashes = tuple(inclusion_proof(tree, index, size))
        return bytes(Proof(index, hashes, published.note, leaf)).decode()
