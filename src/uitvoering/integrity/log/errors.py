"""What keeps a log from being made or carried on, and what shows that its past was changed."""

from uitvoering.errors import BusyError, NotFoundError, RefusedError, TamperedError


class LedgerMissingError(NotFoundError):
    code = "ledger-missing"
    message = "there is no log in {directory}; make one with `uitvoering ledger create`"


class LedgerUnplacedError(RefusedError):
    code = "ledger-unplaced"
    message = "nothing says where the log stands; set UITVOERING_LEDGER and UITVOERING_KEYS"


class LedgerExistsError(RefusedError):
    code = "ledger-exists"
    message = "the log {origin} stands in {directory}; name another folder for a new one"


class LedgerFolderTakenError(RefusedError):
    code = "ledger-folder-taken"
    message = (
        "{directory} holds {names} and no log that is in use; name an empty folder for a new log,"
        " or bring the ledger.json of the log that stood there back"
    )


class OriginUsedError(RefusedError):
    code = "origin-used"
    message = (
        "a log {origin} was signed before, over {size} leaves; a log never begins anew, so give the"
        " new one another name and --after the old one"
    )


class ContinuationMissingError(RefusedError):
    code = "continuation-missing"
    message = (
        "these keys signed the log {origin} over {size} leaves, and the checkpoint given does not"
        " hold that; give --after the folder of that log or its last checkpoint"
    )


class LedgerBusyError(BusyError):
    code = "ledger-busy"
    message = "another process carries on the log in {directory}; stop that one first"


class LedgerUnwritableError(BusyError):
    code = "ledger-unwritable"
    message = "the log in {directory} cannot be written: {cause}; filing goes on, mend it soon"


class LedgerUnreadableError(BusyError):
    code = "ledger-unreadable"
    message = "the log in {directory} cannot be read: {cause}; filing goes on, mend it soon"


class LedgerAwayError(LedgerUnreadableError):
    code = "ledger-away"
    message = (
        "the log in {directory} is not there; filing goes on, bring its folder back or the disk it"
        " stands on"
    )


class LedgerDamagedError(TamperedError):
    code = "ledger-damaged"
    message = "{file} does not hold what was written there: {cause}; keep it and call an auditor"


class RootWrongError(TamperedError):
    code = "root-wrong"
    message = (
        "the tiles of the log lead to another root than was signed over {size} leaves; nothing more"
        " is signed, keep all files and call an auditor"
    )


class LogRolledBackError(TamperedError):
    code = "log-rolled-back"
    message = (
        "{holder} has seen this log with {seen} leaves and here it has {size}; nothing more is"
        " signed: bring the newer files back, or begin a new log after the old one"
    )


class LogForkedError(TamperedError):
    code = "log-forked"
    message = (
        "{holder} holds a checkpoint over {size} leaves that this log does not extend; nothing more"
        " is signed, keep both and call an auditor"
    )


class LastSignedMissingError(TamperedError):
    code = "last-signed-missing"
    message = (
        "the newest checkpoint of {origin} is not kept beside its keys; nothing more is signed:"
        " bring the folder of the keys back as it was, or begin a new log after the old one"
    )


class KeysOfAnotherLogError(RefusedError):
    code = "keys-of-another-log"
    message = (
        "these keys signed the log {other} last, and this one is {origin}; set UITVOERING_KEYS"
    )


class StoreDiffersError(TamperedError):
    code = "store-differs"
    message = (
        "the log holds {leaves} events up to position {position} and the store {events}; nothing"
        " more is signed: bring the right store back, or begin a new log after the old one"
    )


class EventNotAsLoggedError(TamperedError):
    code = "event-not-as-logged"
    message = (
        "the event at position {position} is not what leaf {index} of the log says; nothing more is"
        " signed, keep the store and call an auditor"
    )
