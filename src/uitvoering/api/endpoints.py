"""How is a read put at its path? In one way, so that all of them are described alike."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Response

BASE = "/api/v1"


def add_get(
    api: FastAPI,
    path: str,
    name: str,
    endpoint: Callable[..., Response | Coroutine[Any, Any, Response]],
    model: Any,
    tag: str = "",
    **marks: Any,
) -> None:
    """`name` is the operationId: generated clients call their functions so."""
    endpoint.__name__ = name
    for mark, value in marks.items():
        setattr(endpoint, mark, value)
    api.add_api_route(
        path,
        endpoint,
        methods=["GET"],
        name=name,
        response_model=model,
        tags=[tag or path.split("/")[1]],
    )


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower().replace("-", "_")
