"""The log as others read it: the newest checkpoint, and tiles that never change (tlog-tiles)."""

import gzip
from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request, Response

from uitvoering.api.errors import PathUnknownError
from uitvoering.api.guard import App, caller_of
from uitvoering.domain.values import Role
from uitvoering.errors import ForbiddenError
from uitvoering.integrity.log.ledger import readable
from uitvoering.integrity.tree.tiles import (
    ENTRIES,
    TilePathMalformedError,
    tile_of,
)
from uitvoering.settings import Settings

_CHECKPOINT = "checkpoint"
_SECONDS = 2
"""A checkpoint may be kept: one is signed at most every second."""
_FOR_EVER = 31_536_000
"""Seconds; a year, as long as caches believe it (RFC 9111, 1.2.2)."""


def add_log(outer: FastAPI) -> None:
    """Beside /api/v1: its paths and media types are those of tlog-tiles, not ours to describe."""
    outer.add_api_route("/log/{path:path}", read_log, methods=["GET"], response_model=None)


def read_log(request: Request, path: str, app: App) -> Response:
    """A file of the log, or 404 for all that no checkpoint speaks of yet."""
    if app.promises is None:
        raise PathUnknownError(path=request.url.path)
    readers = cast(Settings, request.app.state.settings).log_readers
    if readers == "auditors":
        _refuse_others(request)
    ledger = app.promises.ledger
    with readable(ledger):
        published = ledger.published()
        if path == _CHECKPOINT:
            answer = Response(published.note, media_type="text/plain; charset=utf-8")
            cached = f"max-age={_SECONDS}"
        else:
            answer = _tile(request, path, ledger.public, published.checkpoint.size)
            cached = f"max-age={_FOR_EVER}, immutable"
    if readers == "public":
        answer.headers["Access-Control-Allow-Origin"] = "*"  # a verifier may run in a browser
        answer.headers["Cache-Control"] = f"public, {cached}"
    else:
        answer.headers["Cache-Control"] = f"private, {cached}"
    return answer


def _refuse_others(request: Request) -> None:
    held = caller_of(request).roles
    if Role.AUDITOR not in held:
        raise ForbiddenError(command="log", roles=[Role.AUDITOR], held=sorted(held))


def _tile(request: Request, path: str, public: Path, size: int) -> Response:
    try:
        tile = tile_of(path)
        if not tile.is_in(size):
            # Written already: but what is cached for ever must be what a checkpoint speaks of.
            raise PathUnknownError(path=request.url.path)
        data = (public / tile.path).read_bytes()
    except (TilePathMalformedError, FileNotFoundError) as error:
        raise PathUnknownError(path=request.url.path) from error
    if tile.level != ENTRIES:
        return Response(data, media_type="application/octet-stream")
    headers = {"Vary": "Accept-Encoding"}
    if _takes_gzip(request.headers.get("accept-encoding", "")):
        data = gzip.compress(data, compresslevel=6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(data, headers=headers, media_type="application/octet-stream")


def _takes_gzip(accepted: str) -> bool:
    """RFC 9110, 12.5.3: a weight of 0 is a refusal."""
    weights: dict[str, str] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        weights[name] = weight or "1"
    try:
        return float(weights.get("gzip", weights.get("*", "0"))) > 0
    except ValueError:
        return False
