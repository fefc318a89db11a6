"""Is it in the log? The proof of one event, for whoever holds its id: no account is asked."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import anyio
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import FastAPI, Path, Query, Response
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from uitvoering.api.guard import App
from uitvoering.application.awaited import AWAITED
from uitvoering.application.caller import Outcome
from uitvoering.application.receipts import LogMissingError, promise_again, proof_for, with_proofs
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import UitvoeringError

WAIT_SECONDS = 30.0
"""Longest wait for who asks for it; the sequencer signs at most once a second."""
_UNASKED_SECONDS = 3.0
"""Longest wait where a proof is the default: a filing is not held up by a log that stands still."""
_LOOK_SECONDS = 0.05
_LOOKING_AT_ONCE = 4
_T = TypeVar("_T")

ReceiptAsked = Annotated[Literal["promise", "wait"] | None, Query()]


def add_receipts(api: FastAPI) -> None:
    show_receipt.__dict__["open_to_all"] = True
    api.add_api_route(
        "/receipts/{id}",
        show_receipt,
        methods=["GET"],
        name="show_receipt",
        response_class=PlainTextResponse,
        responses={202: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
        tags=["receipts"],
    )


def show_receipt(
    id: Annotated[UUID, Path()],  # noqa: A002 the name of the path parameter
    app: App,
) -> Response:
    """200 with a tlog-proof that holds the leaf; 202 with a promise while it waits for one."""
    event = str(id)
    proof = proof_for(app, event)
    if proof is not None:
        return PlainTextResponse(proof)
    return PlainTextResponse(promise_again(app, event), 202)


def refuse_without_log(app: Uitvoering, asked: str | None) -> None:
    """Before anything is recorded."""
    if asked is not None and app.promises is None:
        raise LogMissingError


def with_receipts(
    answer: Response, outcome: Outcome, app: Uitvoering, command: str, asked: str | None
) -> Response:
    """The answer as it is, or held until its proofs are there."""
    waits = asked == "wait" or (asked is None and command in AWAITED)
    if not (waits and outcome.receipts):
        return answer
    return WithProofs(answer, outcome, app, WAIT_SECONDS if asked else _UNASKED_SECONDS)


class WithProofs(Response):
    """An answer that waits for its proofs before it leaves; no thread of requests waits with it."""

    def __init__(self, answer: Response, outcome: Outcome, app: Uitvoering, seconds: float) -> None:
        super().__init__(status_code=answer.status_code, media_type=answer.media_type)
        self._answer, self._outcome = answer, outcome
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        proved = await self._proved()
        headers = {k: v for k, v in self._answer.headers.items() if k != "content-length"}
        whole = Response(
            proved.model_dump_json(by_alias=True),
            self._answer.status_code,
            headers=headers,
            media_type="application/json",
        )
        await whole(scope, receive, send)

    async def _proved(self) -> Outcome:
        """What was filed is filed: a log that is damaged or out of reach leaves the promise."""
        proved = self._outcome
        with suppress(UitvoeringError, OSError):
            with anyio.move_on_after(self._seconds):
                return await self._final()
            with anyio.move_on_after(_UNASKED_SECONDS):
                proved = await _looked(with_proofs, self._app, self._outcome)
        return proved

    async def _final(self) -> Outcome:
        looked_at = None
        while True:
            mark = await _looked(_mark, self._app)
            if mark != looked_at:  # another checkpoint: only then can there be more to prove
                proved = await _looked(partial(with_proofs, final=True), self._app, self._outcome)
                if all(receipt.proof is not None for receipt in proved.receipts):
                    return proved
                looked_at = mark
            await anyio.sleep(_LOOK_SECONDS)


def _mark(app: Uitvoering) -> object:
    return None if app.promises is None else app.promises.proofs.mark()


async def _looked(look: Callable[..., _T], *given: object) -> _T:
    """In threads of its own, and left alone where the log's folder does not answer."""
    return await run_sync(look, *given, abandon_on_cancel=True, limiter=_looking())


@cache
def _looking() -> CapacityLimiter:
    return CapacityLimiter(_LOOKING_AT_ONCE)
