"""Facts of tests, answers, proposals and journeys, told in order, for the read models' tests."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from tests.given import By, act
from tests.given import event_id as nth
from uitvoering.domain.events.fact import Fact, Recorded
from uitvoering.domain.events.implementation_test import TestKind, TestRequested
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.projections import (
    advice,
    findings,
    follow_ups,
    implementation_tests,
    journeys,
    proposals,
)
from uitvoering.projections.documents import Document, Documents, InMemory, Moment

FOLDS = (implementation_tests, advice, follow_ups, proposals, journeys, findings)


def stream(n: int) -> str:
    return str(UUID(int=n + (4 << 76) + (2 << 62)))


TEST, LAW, ANSWER, JOURNEY, SIGNAL, AUDIT = (stream(n) for n in range(1, 7))
OTHER_TEST, OTHER_LAW, OTHER_ANSWER = (stream(n) for n in range(11, 14))


def moment(day: str = "2026-06-30") -> Moment:
    return Moment(now=datetime.fromisoformat(day).replace(tzinfo=UTC))


def said(text: str, **fields: Any) -> Statement:
    return Statement(text=text, **fields)


def by_tester(fact: Fact, on: str, **more: Any) -> By:
    return By(fact, act(Level.EXPERT, on, Role.TESTER, "uwv", **more))


def by_ministry(fact: Fact, on: str, **more: Any) -> By:
    return By(fact, act(Level.PRINCIPAL, on, Role.REQUESTER, "szw", **more))


def requested(proposal: str = LAW, on: str = "2026-01-05") -> By:
    return by_ministry(
        TestRequested(
            proposal=proposal,
            proposal_version="1",
            kind=TestKind.UITVOERINGSTOETS,
            template="general",
            tester="uwv",
            term_days=42,
            aspects=("proces", "keten"),
        ),
        on,
    )


@dataclass
class Story:
    """What happened, in the order of recording; the n-th fact has the n-th event id."""

    events: list[AnyRecorded] = field(default_factory=list)

    def tell(self, where: str, *facts: By) -> "Story":
        for by in facts:
            version = 1 + sum(e.originator_id == where for e in self.events)
            self.events.append(
                Recorded[Fact].model_construct(
                    **{name: getattr(by.act, name) for name in type(by.act).model_fields},
                    event_id=nth(len(self.events) + 1),
                    originator_id=where,
                    originator_version=version,
                    timestamp=datetime(2026, 1, 5, 12, tzinfo=UTC),
                    fact=by.fact,
                )
            )
        return self

    @property
    def last(self) -> str:
        return self.events[-1].event_id

    def known(self) -> InMemory:
        return told(self.events, InMemory())


def told(events: Iterable[AnyRecorded], documents: InMemory) -> InMemory:
    for event in events:
        fold(event, documents)
    return documents


def fold(event: AnyRecorded, documents: Documents) -> None:
    for projection in FOLDS:
        projection.fold(event, documents)


class Stored(InMemory):
    """Documents that pass through bytes at every step, as in a stored view."""

    def put(self, key: str, document: Document) -> None:
        stored = TypeAdapter(type(document)).validate_json(document.model_dump_json(by_alias=True))
        super().put(key, stored)
