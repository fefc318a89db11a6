"""The whole error tree: one branch per remedy, one leaf per case, a stable code on every leaf."""

from collections.abc import Collection
from typing import Any, ClassVar, cast


class UitvoeringError(Exception):
    """`code` is shared by API, CLI and docs; `values` fill the label of the code."""

    code: ClassVar[str]
    message: ClassVar[str]
    """What is the case, with values; then what to do. Filled with `values`."""

    def __init__(self, **values: Any) -> None:
        self.values = {name: _readable(value) for name, value in values.items()}
        super().__init__(self.message.format(**self.values))


def _readable(value: object) -> str:
    if not isinstance(value, (tuple, list, frozenset, set)):
        return str(value)
    items = [str(item) for item in cast(Collection[object], value)]
    if isinstance(value, (set, frozenset)):
        items.sort()
    return ", ".join(items) or "-"


class NotFoundError(UitvoeringError):
    """Look elsewhere (404)."""


class RefusedError(UitvoeringError):
    """Change the request (409)."""


class InvalidError(UitvoeringError):
    """Mend the input (400)."""


class StaleVersionError(UitvoeringError):
    """Read again (412)."""

    code = "stale-version"
    message = "{kind} {id} is at version {version}, not at {expected}; read it again and repeat"


class BusyError(UitvoeringError):
    """Wait (503)."""

    code = "busy"
    message = "the store is busy: {cause}; try again in a moment"


class TamperedError(UitvoeringError):
    """Call an auditor (500)."""

    code = "tampered"
    message = "position {position} does not hold what was stored: {cause}; call an auditor"


class ForbiddenError(UitvoeringError):
    """Ask someone with the role (403)."""

    code = "role-missing"
    message = "{command} is for {roles}, and you act as {held}; ask someone with that role"


# --- application


class OrganisationUnknownError(NotFoundError):
    code = "organisation-unknown"
    message = "organisation {organisation} is not in the register; register it first"


class RouteUnknownError(NotFoundError):
    code = "route-unknown"
    message = "route {route} is not in the register; set it first"


class TemplateUnknownError(NotFoundError):
    code = "template-unknown"
    message = "template {template} is not in the register; in the register: {known}"


class ProposalVersionUnknownError(NotFoundError):
    code = "proposal-version-unknown"
    message = "proposal {proposal} has no version {version}; it has: {known}"


class SubjectUnknownError(NotFoundError):
    code = "subject-unknown"
    message = "there is no {kind} with id {id}; look it up in the list of {kind}"


class EventUnknownError(NotFoundError):
    code = "event-unknown"
    message = "there is no event {event}; look it up in the history of what it belongs to"


class DateInFutureError(RefusedError):
    code = "date-in-future"
    message = "{happened_on} has not come yet: today is {today}; give the day it happened"


class IdempotencyKeyReusedError(RefusedError):
    code = "idempotency-key-reused"
    message = "idempotency key {key} was used for another request; choose a new key"


class CaseUnknownError(NotFoundError):
    code = "case-unknown"
    message = "{file} is no file and no case in the package; in the package: {shipped}"


class CaseInvalidError(InvalidError):
    code = "case-invalid"
    message = "{file} is no case file: at {place}: {cause}; mend it and run it again"


class InputInvalidError(InvalidError):
    """The input does not have the right form; every fault at once in `names`."""

    code = "input-invalid"
    message = "{count} parts of the input are not right: {names}; mend them and try again"


class TooLargeError(InvalidError):
    code = "too-large"
    message = "this is over {limit} bytes; send less at a time"


class MomentInFutureError(InvalidError):
    code = "moment-in-future"
    message = "{key} {moment} has not come yet; give a moment that has passed"


class CommandUnknownError(InvalidError):
    code = "command-unknown"
    message = "there is no command {command}; choose one of: {known}"


class ImportIdReusedError(RefusedError):
    code = "import-id-reused"
    message = "line id {id} was used for something else; give this line an id of its own"


class ReadModelUnknownError(NotFoundError):
    code = "read-model-unknown"
    message = "there is no read model {name}; there are: {known}"


# --- persistence


class TopicUnknownError(TamperedError):
    code = "topic-unknown"
    message = (
        "event {version} of stream {stream} has topic {topic}, which is not ours; call an auditor"
    )


class IdsDifferError(TamperedError):
    code = "ids-differ"
    message = (
        "event {version} of stream {stream} says of itself that it is {inside}; call an auditor"
    )


class StateUnreadableError(TamperedError):
    code = "state-unreadable"
    message = "event {version} of stream {stream} cannot be read ({cause}); call an auditor"


class StoreCorruptError(TamperedError):
    code = "store-corrupt"
    message = "store {store} is damaged; stop writing, keep the file and call an auditor"


class SealingMissingError(RefusedError):
    code = "sealing-missing"
    message = "event {version} of stream {stream} holds sealed fields; start with the keys at hand"


class SchemaMissingError(RefusedError):
    code = "schema-missing"
    message = "store {store} has not been made yet; run `uitvoering migrate`"


class SchemaOutdatedError(RefusedError):
    code = "schema-outdated"
    message = (
        "store {store} has schema version {found} and {known} is needed; run `uitvoering migrate`"
    )


class SchemaNewerError(RefusedError):
    code = "schema-newer"
    message = (
        "store {store} has schema version {found} and this version knows {known}; "
        "install the version that made it, or a newer one"
    )


class JournalModeError(RefusedError):
    code = "journal-mode"
    message = (
        "store {store} does not keep a write-ahead log, so readers would stop the writer; "
        "run `uitvoering migrate`"
    )


class StoreAddressError(InvalidError):
    code = "store-address"
    message = (
        "{store} is not the address of a store; "
        "give sqlite:///path/file.db or postgresql://user@host:port/db"
    )


class DatabaseFunctionsSetError(RefusedError):
    code = "database-functions-set"
    message = "{variable} is set, and with it events get lost; remove it from the environment"


class StoreLockedError(BusyError):
    code = "store-locked"
    message = "another writer held store {store} too long; nothing was recorded, try again"


class ViewBehindError(BusyError):
    code = "view-behind"
    message = "view {view} does not hold position {position} yet; ask again in a moment"


class ViewStoppedError(BusyError):
    code = "view-stopped"
    message = (
        "view {view} stopped before position {position}: {cause}; nothing was recorded, an operator"
        " must mend the cause and rebuild the view"
    )


class StoreFullError(BusyError):
    code = "store-full"
    message = (
        "store {store} cannot write to its disk; nothing was recorded, make room and try again"
    )


class StoreUnreachableError(BusyError):
    code = "store-unreachable"
    message = "store {store} cannot be reached; nothing was recorded, try again in a moment"


class OutcomeUnknownError(BusyError):
    code = "outcome-unknown"
    message = (
        "store {store} was lost while it confirmed, so it is not known whether this was recorded; "
        "send the same request again"
    )


class AppendTooLargeError(RefusedError):
    code = "append-too-large"
    message = "more than {most} events in one transaction; record them in smaller parts"


class OrderUnsoundError(RefusedError):
    code = "order-unsound"
    message = (
        "store {store} was ordered by another database cluster; nothing was recorded, run"
        " `uitvoering migrate`"
    )


class TokenUnknownError(NotFoundError):
    code = "token-unknown"
    message = "there is no token {id}; look it up in the list of tokens"


# --- command line


class FileUnknownError(NotFoundError):
    code = "file-unknown"
    message = "there is no file {file}; check the name"


class FileUnwritableError(RefusedError):
    code = "file-unwritable"
    message = "file {file} cannot be written: {cause}; choose another place"


class AddressTakenError(RefusedError):
    code = "address-taken"
    message = "cannot listen on {host}:{port}: {cause}; choose another port with --port"
