"""Whose author waits for the receipt without asking: they need nobody afterwards (DOMAIN R5)."""

from uitvoering.domain.events.signal import HardshipSignalled

AWAITED = {"signal-hardship": HardshipSignalled.TOPIC}
"""By command, the topic of what it records; the witnesses are asked at once (INTEGRITY 5)."""
AWAITED_TOPICS = frozenset(AWAITED.values())
