"""How is JSON from outside read? One way for HTTP and bulk filing, and nothing in it is guessed."""

import json
from typing import Any


class KeyRepeatedError(ValueError):
    """One object says the same thing twice: which of the two is meant cannot be known."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def read_json(text: str) -> Any:
    """Raises ValueError or RecursionError for what is no JSON (RFC 8259; I-JSON, RFC 7493, 2.3).

    3.0 is the whole number 3 (JSON Schema 2020-12, 6.1.1); Python alone would read a float.
    """
    return json.loads(text, parse_float=_number, object_pairs_hook=_object)


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise KeyRepeatedError(next(key for key in keys if keys.count(key) > 1))
    return found
