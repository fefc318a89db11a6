"""Where do the ids of events and tokens come from? UUIDv7 (RFC 9562, section 5.7), as text."""

import secrets
import time
from uuid import UUID


def new_event_id() -> str:
    """Sorts by the millisecond it was made in; only uniqueness is promised, order is not."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(UUID(int=value))
