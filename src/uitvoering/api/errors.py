"""What HTTP itself refuses: each case with its status, before or beside the rules of the domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from uitvoering import errors
from uitvoering.errors import (
    BusyError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RefusedError,
    SchemaMissingError,
    SchemaNewerError,
    SchemaOutdatedError,
    StaleVersionError,
    StoreAddressError,
    TamperedError,
    UitvoeringError,
)


class RequestError(UitvoeringError):
    """The request itself is not right; `headers` say what would be."""

    status: ClassVar[int]

    def __init__(self, headers: dict[str, str] | None = None, **values: Any) -> None:
        self.headers = headers or {}
        super().__init__(**values)


class LoginRequiredError(RequestError):
    status = 401
    code = "login-required"
    message = "no valid token was given; send Authorization: Bearer with a token that still counts"


class PathUnknownError(RequestError):
    status = 404
    code = "path-unknown"
    message = "nothing lives at {path}; follow a link from /api/v1/"


class MethodNotAllowedError(RequestError):
    status = 405
    code = "method-not-allowed"
    message = "{method} is not for this path; use {allowed}"


class TooLargeError(RequestError, errors.TooLargeError):
    """The same case as in bulk filing, with the status HTTP has for it."""

    status = 413


class MediaTypeError(RequestError):
    status = 415
    code = "media-type-unsupported"
    message = "the body is {given}; send application/json in UTF-8"


class VersionRequiredError(RequestError):
    status = 428
    code = "version-required"
    message = "which version of {kind} {id} you read was not said; send If-Match with its ETag"


Place = Literal["path", "query", "header", "body"]


@dataclass(frozen=True)
class Fault:
    """One part of the input that is not right; `kind` is pydantic's name of the error."""

    name: str
    place: Place
    kind: str
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])


class InputInvalidError(errors.InputInvalidError):
    """The input does not have the right form; every fault at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(faults), names=[fault.name for fault in faults])


class CursorUnknownError(NotFoundError):
    code = "cursor-unknown"
    message = "the list has no place {after} any more; begin again without after"


class InternalError(RequestError):
    status = 500
    code = "internal"
    message = "something went wrong on our side; give {instance} to the contact of this service"


class InputInconsistentError(RefusedError):
    """Every part is right by itself, and together they cannot be: a rule no schema can state."""

    code = "input-inconsistent"
    message = "parts of the input contradict each other: {names}; see invalidParams"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(names=[fault.name for fault in faults])


STATUS: tuple[tuple[type[UitvoeringError], int], ...] = (
    (NotFoundError, 404),
    (RefusedError, 409),
    (InvalidError, 400),
    (StaleVersionError, 412),
    (BusyError, 503),
    (ForbiddenError, 403),
    (TamperedError, 500),
)
"""One status per branch of the error tree (CONVENTIONS 4)."""


OURS = (SchemaMissingError, SchemaNewerError, SchemaOutdatedError, StoreAddressError)
"""On the command line the caller can mend these; over HTTP only whoever runs the service can."""


def status_of(error: UitvoeringError) -> int:
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, OURS):
        return 503
    return next(status for branch, status in STATUS if isinstance(error, branch))
