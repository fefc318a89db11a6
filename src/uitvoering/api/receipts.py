"""Is it in the log? The proof of one event, for whoever holds its id: no account is asked."""

from typing import Annotated, Literal
from uuid import UUID

import anyio
from anyio.to_thread import run_sync
from fastapi import FastAPI, Path, Query, Response
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from uitvoering.api.guard import App
from uitvoering.application.caller import Outcome
from uitvoering.application.receipts import LogMissingError, promise_of, proof_of, with_proofs
from uitvoering.application.uitvoering import Uitvoering

WAIT_SECONDS = 30.0
"""Longest wait for who asks for it; the sequencer signs at most once a second."""
_UNASKED_SECONDS = 3.0
"""Longest wait where a proof is the default: a filing is not held up by a log that stands still."""
_LOOK_SECONDS = 0.02
_WAITED_FOR = frozenset({"signal-hardship"})
"""INTEGRITY 5: so that the reporter needs nobody afterwards (DOMAIN R5)."""

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
    proof = proof_of(app, event)
    if proof is not None:
        return PlainTextResponse(proof)
    return PlainTextResponse(promise_of(app, event), 202)


def refuse_without_log(app: Uitvoering, asked: str | None) -> None:
    """Before anything is recorded."""
    if asked is not None and app.promises is None:
        raise LogMissingError


def with_receipts(
    answer: Response, outcome: Outcome, app: Uitvoering, command: str, asked: str | None
) -> Response:
    """The answer as it is, or held until its proofs are there."""
    waits = asked == "wait" or (asked is None and command in _WAITED_FOR)
    if not (waits and outcome.receipts):
        return answer
    return WithProofs(answer, outcome, app, WAIT_SECONDS if asked else _UNASKED_SECONDS)


class WithProofs(Response):
    """An answer that waits for its proofs before it leaves; it keeps no request thread busy."""

    def __init__(self, answer: Response, outcome: Outcome, app: Uitvoering, seconds: float) -> None:
        super().__init__(status_code=answer.status_code, media_type=answer.media_type)
        self._answer, self._outcome = answer, outcome
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        proved = self._outcome
        with anyio.move_on_after(self._seconds):
            while any(receipt.proof is None for receipt in proved.receipts):
                proved = await run_sync(with_proofs, self._app, proved)
                await anyio.sleep(_LOOK_SECONDS)
        headers = {k: v for k, v in self._answer.headers.items() if k != "content-length"}
        whole = Response(
            proved.model_dump_json(by_alias=True),
            self._answer.status_code,
            headers=headers,
            media_type="application/json",
        )
        await whole(scope, receive, send)
