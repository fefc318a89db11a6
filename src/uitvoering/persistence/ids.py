"""Where do the ids of events and tokens come from? UUIDv7 (RFC 9562, section 5.7), as text."""

import secrets
import time
from uuid import UUID


def new_event_id() -> str:
    """Sorts by the millisecond it was made in; only uniqueness is promised, order is not."""
    return event_id_of(time.time_ns() // 1_000_000, secrets.randbits(80))


def event_id_of(milliseconds: int, bits: int) -> str:
    """The UUIDv7 of a moment (milliseconds since 1970) and 80 further bits, of which 74 count."""
    value = (milliseconds & (2**48 - 1)) << 80 | bits
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(UUID(int=value))
