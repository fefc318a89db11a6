"""Canonical JSON: by orjson where it is installed, by the standard library in a verifier alone.

On what a leaf may hold (ASCII names, text, integers below 2^53, no fractions, no null) both give
the bytes of RFC 8785.
"""

import json
from collections.abc import Callable
from typing import Any

loads: Callable[[bytes], Any]
dumps: Callable[[Any], bytes]
"""Keys sorted, no spaces, UTF-8."""


def plain_dumps(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


try:
    import orjson
except ImportError:
    loads, dumps = json.loads, plain_dumps
else:

    def _quick_dumps(value: Any) -> bytes:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)

    loads, dumps = orjson.loads, _quick_dumps
