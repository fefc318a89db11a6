"""Was the promise kept? What whoever holds the id of an event is given, with no account asked."""

from uitvoering.application.caller import Outcome
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import BusyError, EventUnknownError, RefusedError


class LogMissingError(RefusedError):
    code = "log-missing"
    message = "this store has no log to prove it by; make one with `uitvoering ledger create`"


class NotInTheLogYetError(BusyError):
    code = "not-in-the-log-yet"
    message = "event {event} waits for the next checkpoint of the log; ask again in a moment"


def proof_of(app: Uitvoering, event_id: str) -> str | None:
    """The tlog-proof; None while the event waits for a checkpoint.

    LogMissingError, EventUnknownError.
    """
    if app.promises is None:
        raise LogMissingError
    if app.store.stored_bytes(event_id) is None:
        raise EventUnknownError(event=event_id)
    return app.promises.proofs.of(event_id, app.store)


def promise_of(app: Uitvoering, event_id: str) -> str:
    """A promise made now, for an event that is not in the log. NotInTheLogYetError without a key.

    It opens nothing: that was given to who filed, once.
    """
    found = app.store.event(event_id)
    if found is None or app.promises is None or app.promises.key is None:
        raise NotInTheLogYetError(event=event_id)
    return app.promises.promise(app.promises.key, found[1], app.store, app.clock())


def with_proofs(app: Uitvoering, outcome: Outcome) -> Outcome:
    """The same with the proofs there are by now."""
    promises = app.promises
    if promises is None:
        return outcome
    receipts = tuple(
        receipt
        if receipt.proof is not None
        else receipt.model_copy(update={"proof": promises.proofs.of(receipt.event, app.store)})
        for receipt in outcome.receipts
    )
    return outcome.model_copy(update={"receipts": receipts})
