"""Was the promise kept? What whoever holds the id of an event is given, with no account asked."""

from collections.abc import Iterable
from datetime import datetime

from uitvoering.application.caller import Outcome, Receipt
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.values import Value
from uitvoering.errors import BusyError, EventUnknownError, NotFoundError
from uitvoering.integrity.log.ledger import readable
from uitvoering.integrity.log.publishing import policy_in
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.promise import promise_of
from uitvoering.integrity.notes.proof_file import proof_of
from uitvoering.integrity.tree.merkle import leaf_hash


class LogMissingError(NotFoundError):
    code = "log-missing"
    message = "this store has no log to prove it by; make one with `uitvoering ledger create`"


class NotInTheLogYetError(BusyError):
    code = "not-in-the-log-yet"
    message = "event {event} waits for the next checkpoint of the log; ask again in a moment"


class Cosigner(Value):
    name: str
    """In the policy of the log."""
    at: int
    """Seconds since 1970, as the witness states them."""


class Paper(Value):
    """What of a receipt fits on paper: enough to find the whole of it again, and to compare."""

    event: str
    log: str
    leaf_hash: str
    """Of the leaf of this event, in hex."""
    index: int | None = None
    """Of the leaf; it and the next three are there once the event stands in the log."""
    size: int | None = None
    """Leaves under the checkpoint."""
    root: str | None = None
    """Of the checkpoint, in hex."""
    cosigned: tuple[Cosigner, ...] = ()
    promised_at: datetime | None = None
    """UTC; it and the next are there as long as there is a promise only."""
    due: datetime | None = None


def proof_for(app: Uitvoering, event_id: str, *, final: bool = False) -> str | None:
    """The tlog-proof; None while the event waits for a checkpoint, or with `final` for its quorum.

    LogMissingError, EventUnknownError; the errors of `Proofs.of`.
    """
    if app.promises is None:
        raise LogMissingError
    if app.store.stored(event_id) is None:
        raise EventUnknownError(event=event_id)
    return app.promises.proofs.of(event_id, app.store, final=final)


def promise_again(app: Uitvoering, event_id: str) -> str:
    """A promise made now, over the bytes as they are stored, for an event that is not in the log.

    NotInTheLogYetError without a key. It opens nothing: that was given to who filed, once.
    """
    stored = app.store.stored(event_id)
    if stored is None or app.promises is None or app.promises.key is None:
        raise NotInTheLogYetError(event=event_id)
    return app.promises.promise(app.promises.key, event_id, stored, app.clock())


def paper_for(app: Uitvoering, event_id: str, proof: str | None) -> Paper:
    """Of this proof of the event, or without one of a promise made now: as `promise_again`.

    LogMissingError; PolicyMalformedError; LedgerAwayError, LedgerUnreadableError.
    """
    if app.promises is None:
        raise LogMissingError
    if proof is None:
        promise = promise_of(parsed(promise_again(app, event_id).encode()).text)
        return Paper(
            event=event_id,
            log=promise.origin,
            leaf_hash=promise.leaf_hash.hex(),
            promised_at=promise.at,
            due=promise.due,
        )
    held = proof_of(proof.encode())
    with readable(app.promises.ledger):
        policy = policy_in(app.promises.ledger)
    cosigned = () if policy is None else policy.judge(held.note).cosigned
    return Paper(
        event=event_id,
        log=held.checkpoint.origin,
        leaf_hash=leaf_hash(held.extra).hex(),
        index=held.index,
        size=held.checkpoint.size,
        root=held.checkpoint.root.hex(),
        cosigned=tuple(Cosigner(name=row.witness.name, at=row.time) for row in cosigned),
    )


def promised_now(app: Uitvoering, receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """The same with promises whose term begins now: for what was decided before it was recorded."""
    return tuple(
        receipt.model_copy(update={"promise": promise_again(app, receipt.event)})
        for receipt in receipts
    )


def with_proofs(app: Uitvoering, outcome: Outcome, *, final: bool = False) -> Outcome:
    """The same with the proofs there are by now."""
    promises = app.promises
    if promises is None:
        return outcome
    receipts = tuple(
        receipt.model_copy(
            update={"proof": promises.proofs.of(receipt.event, app.store, final=final)}
        )
        for receipt in outcome.receipts
    )
    return outcome.model_copy(update={"receipts": receipts})
