"""One full statement, and the same with some fields changed."""

from datetime import date
from typing import Any

from uitvoering.domain.values import Evidence, Statement

TEXT = "Van 300 huurders is de toeslag op een onjuiste grondslag stopgezet."
OLDER = Evidence(locator="memo-1", dated=date(2025, 12, 1))
FULL: dict[str, Any] = {
    "text": TEXT,
    "severity": 4,
    "light": "red",
    "affected_groups": ("huurders",),
    "affected_count": 300,
    "requested_action": "Stop the collection",
    "act_within_days": 14,
    "evidence": (OLDER,),
    "recurrence": "recurrent",
    "certainty": "suspected",
    "causes": ("law",),
    "legality": "unlawful",
}


def statement(**changed: Any) -> Statement:
    return Statement.model_validate(FULL | changed)
