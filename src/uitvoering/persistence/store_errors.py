"""What can keep a store from its work for a while; leaves of the one error tree."""

from uitvoering.errors import BusyError


class StoreReadOnlyError(BusyError):
    code = "store-read-only"
    message = (
        "store {store} takes no writes now: it is a standby, or closed to writing; nothing was "
        "recorded, open it to writing, or name the one that is, and try again"
    )


class StoreFailingError(BusyError):
    code = "store-failing"
    message = (
        "the server of store {store} failed by itself (SQLSTATE {sqlstate}); nothing was recorded, "
        "try again, and read in the log of the server what it lacks"
    )


class StoreSlowError(BusyError):
    code = "store-slow"
    message = (
        "store {store} took longer over one statement than it may, or an operator cut it off; "
        "nothing was recorded, try again when it has less to do"
    )
