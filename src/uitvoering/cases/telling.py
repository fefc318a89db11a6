"""How a case fact is told: its moment, its source and its reply, as a command carries them."""

from datetime import UTC, date, datetime, time
from typing import Any

from uitvoering.application.uitvoering import AMSTERDAM
from uitvoering.cases.case import Case, CaseFact, CaseSource
from uitvoering.domain.values import Reply, Source


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
            source=fact.reply.source.locator,
        ),
    }


def told_by(source: CaseSource) -> Source:
    return Source(
        title=source.title[:200],
        publisher=source.publisher[:200],
        dated=source.date,
        locator=source.locator[:500],
    )
