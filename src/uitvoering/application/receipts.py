"""Was the promise kept? What whoever holds the id of an event is given, with no account asked."""

from collections.abc import Iterable

from uitvoering.application.caller import Outcome, Receipt
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import BusyError, EventUnknownError, NotFoundError


class LogMissingError(NotFoundError):
    code = "log-missing"
    message = "this store has no log to prove it by; make one with `uitvoering ledger create`"


class NotInTheLogYetError(BusyError):
    code = "not-in-the-log-yet"
    message = "event {event} waits for the next checkpoint of the log; ask again in a moment"


def proof_for(app: Uitvoering, event_id: str, *, final: bool = False) -> str | None:
    """The tlog-proof; None while the event waits for a checkpoint, or with `final` for its quorum.

    LogMissingError, EventUnknownError.
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
