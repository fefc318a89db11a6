"""What can stand in the way of a backup, a restore or an export; leaves of the one error tree."""

from uitvoering.errors import InvalidError, NotFoundError, RefusedError, TamperedError


class BackupExistsError(RefusedError):
    code = "backup-exists"
    message = "file {file} is there already and a backup replaces nothing; name another file"


class BackupUnknownError(InvalidError):
    code = "backup-unknown"
    message = "{file} was not made by `uitvoering backup`; name a file that was"


class BackupDamagedError(TamperedError):
    code = "backup-damaged"
    message = "{file} does not hold what was backed up: {cause}; use another copy"


class StoreInUseError(RefusedError):
    code = "store-in-use"
    message = (
        "store {store} is there already and a restore replaces nothing; move it away, or name"
        " another in UITVOERING_STORE"
    )


class StreamUnknownError(NotFoundError):
    code = "stream-unknown"
    message = "there are no events with stream {stream}; check the id"


class FileUnreadableError(RefusedError):
    code = "file-unreadable"
    message = "file {file} cannot be read: {cause}; ask for access to it"
