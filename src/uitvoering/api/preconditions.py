"""Did the caller see the present version? ETag, If-Match and If-None-Match (RFC 9110, 13.1)."""

import re
from typing import Annotated

from fastapi import Header

from uitvoering.api.errors import VersionRequiredError
from uitvoering.errors import StaleVersionError

_STRONG = re.compile(r'"([1-9][0-9]{0,17})"', re.ASCII)
IfMatch = Annotated[str | None, Header(alias="If-Match")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]


def etag(version: int) -> str:
    """Strong, and the version alone."""
    return f'"{version}"'


def expected_version(given: str | None, kind: str, subject: str, version: int) -> int:
    """The version the caller read; absent is 428, weak or of another shape is 412."""
    if given is None:
        raise VersionRequiredError(kind=kind, id=subject)
    found = _STRONG.fullmatch(given.strip())
    if found is None:
        raise StaleVersionError(kind=kind, id=subject, version=version, expected=given)
    return int(found[1])


def is_current(given: str | None, version: int) -> bool:
    """If-None-Match compares weakly: `*`, or any tag of the list with this version."""
    tags = {tag.strip().removeprefix("W/") for tag in (given or "").split(",")}
    return "*" in tags or etag(version) in tags
