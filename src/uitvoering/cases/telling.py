"""How a case fact is told: its moment, its source and its reply, as a command carries them."""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any

from uitvoering.application.uitvoering import AMSTERDAM
from uitvoering.cases.case import Case, CaseFact, CaseSource
from uitvoering.domain.acts import Reply, Source

_CODE = 64
"""The longest code the domain has."""


def moment_on(day: date) -> datetime:
    """Noon in Amsterdam: a case knows days, not hours."""
    return datetime.combine(day, time(12), tzinfo=AMSTERDAM).astimezone(UTC)


def common(fact: CaseFact, case: Case) -> dict[str, Any]:
    """The envelope a case fact gives to its command."""
    return {
        "happened_on": fact.counts_from,
        "happened_from": fact.possible_from,
        "source": told_by(fact.source),
        "reply": None
        if fact.reply is None
        else Reply(
            by=case.level(fact.reply.by).level,
            text=fact.reply.text,
            source=fact.reply.source.locator[:500],
        ),
    }


def implied(fact: CaseFact, case: Case) -> dict[str, Any]:
    """The envelope of what a source need not tell: it was there from the case's first day."""
    first = min(other.possible_from or other.counts_from for other in case.told)
    return {"happened_on": first, "source": told_by(fact.source)}


def known_at(case: Case) -> datetime:
    """When the first fact of a case was recorded."""
    return moment_on(min(fact.recorded_on for fact in case.told))


def told_by(source: CaseSource) -> Source:
    return Source(
        title=source.title[:200],
        publisher=source.publisher[:200],
        dated=source.date,
        locator=source.locator[:500],
    )


def code(*parts: str) -> str:
    """The parts as one code; where that is too long, cut off, with a digest to tell it apart."""
    whole = "-".join(parts)
    if len(whole) <= _CODE:
        return whole
    return f"{whole[: _CODE - 9]}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"
