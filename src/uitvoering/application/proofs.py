"""Does an event stand in the log? The proof, read from what is published and nothing else."""

from uitvoering.integrity.ledger import Ledger, Published
from uitvoering.integrity.merkle import inclusion_proof
from uitvoering.integrity.proof_file import Proof
from uitvoering.persistence.store import Store


class Proofs:
    """The sequencer may be another process, or not running."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, event_id: str, store: Store) -> str | None:
        """The event's tlog-proof; None while it waits for a checkpoint.

        Under the newest checkpoint that the quorum cosigned, or while it waits for that, under
        the newest there is.
        """
        found = store.event(event_id)
        if found is None:
            return None
        for published in (self._ledger.cosigned(), self._ledger.published()):
            proof = None if published is None else self._under(published, found[0])
            if proof is not None:
                return proof
        return None

    def _under(self, published: Published, position: int) -> str | None:
        size = published.checkpoint.size
        index = self._ledger.positions.index_of(position, size)
        if index is None:
            return None
        tree = self._ledger.tree(size)
        hashes = tuple(inclusion_proof(tree, index, size))
        return bytes(Proof(index, hashes, published.note, tree.leaf(index))).decode()
