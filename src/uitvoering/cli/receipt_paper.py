"""A receipt on one page of paper: what to keep, and how anybody checks it later."""

import textwrap
from collections.abc import Iterator
from datetime import UTC

from uitvoering.application.receipts import Paper
from uitvoering.cli.console import say, settings
from uitvoering.errors import RefusedError
from uitvoering.integrity.verify.moments import moment

_WIDTH = 80
"""Columns; whatever is longer goes on below."""
_GROUP = 4
_GROUPS = 8
"""In a line: a hash of 32 bytes takes two lines, and can be typed over."""
_COSIGNERS = 12
"""By name; of more witnesses their number, so that it stays on the page."""


class AddressUnsetError(RefusedError):
    code = "address-unset"
    message = (
        "a receipt on paper says where anybody asks for the proof later, and that is not known; "
        "set UITVOERING_PUBLIC_URL to the address under which others reach this service"
    )


def address_to_ask() -> str:
    """Of the service, without /api/v1, as it was set: an example would mislead who asks there."""
    given = settings()
    if "public_url" not in given.model_fields_set:
        raise AddressUnsetError
    return given.public_url


def page(paper: Paper, address: str, promise_key: str = "") -> str:
    """At most a page of plain text; the key is that of the promises of this log."""
    proved = paper.index is not None
    rows = list(_rows(paper))
    if promise_key and not proved:
        rows.append((say("receipt.told.promise_key"), promise_key))
    column = max(len(name) for name, _ in rows) + 4
    lines = [say("receipt.paper.title").upper(), ""]
    for name, value in rows:
        lines += _wrapped(value, f"  {name}".ljust(column), " " * column)
    lines += ["", *_wrapped(say("receipt.paper.openings")), "", say("receipt.paper.how"), ""]
    kind = "proved" if proved else "promised"
    known = {"address": address.rstrip("/"), "size": paper.size, "due": _due(paper)}
    for number in range(1, 5):
        step = say(f"receipt.paper.{kind}.{number}", **known)
        lines += _wrapped(step, f"  {number}. ", "     ")
    return "\n".join(lines) + "\n"


def _rows(paper: Paper) -> Iterator[tuple[str, str]]:
    yield say("receipt.told.event"), paper.event
    yield say("receipt.told.log"), paper.log
    if paper.index is not None:
        yield say("receipt.told.index"), str(paper.index)
    yield from _hash("leaf_hash", paper.leaf_hash)
    if paper.size is None or paper.root is None:
        yield say("receipt.told.due"), _due(paper)
        return
    yield say("receipt.told.size"), str(paper.size)
    yield from _hash("root", paper.root)
    shown = [f"{moment(row.at)}  {row.name}" for row in paper.cosigned[:_COSIGNERS]]
    if len(paper.cosigned) > _COSIGNERS:
        shown.append(f"+ {len(paper.cosigned) - _COSIGNERS}")
    first, *others = shown or [say("receipt.paper.uncosigned")]
    yield say("receipt.told.cosigned"), first
    yield from (("", other) for other in others)


def _hash(name: str, hexed: str) -> Iterator[tuple[str, str]]:
    groups = [hexed[at : at + _GROUP] for at in range(0, len(hexed), _GROUP)]
    yield say(f"receipt.told.{name}"), " ".join(groups[:_GROUPS])
    yield "", " ".join(groups[_GROUPS:])


def _due(paper: Paper) -> str:
    return "" if paper.due is None else moment(int(paper.due.astimezone(UTC).timestamp()))


def _wrapped(text: str, first: str = "", others: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )
