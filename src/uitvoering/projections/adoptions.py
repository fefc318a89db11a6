"""Which softening method and which cosigning policy count, since when, and what counted before?

Kept apart from the other registers: no decision counts with these, so that none has to look
whether they changed. Each has one stream, and that is how a reader who is in no hurry finds it.
"""

from datetime import date
from typing import ClassVar, assert_never, cast

from uitvoering.domain.acts import Source
from uitvoering.domain.events.registers import (
    AdoptionFact,
    CosigningPolicyAdopted,
    MethodAdopted,
)
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.projections.documents import Document, Documents, Moment, Row
from uitvoering.projections.registers import in_force, standing

SOFTENING = "softening"
"""The one method there is: under this code it is found in the register."""
LEDGER = "ledger"
"""What the one cosigning policy is for."""
TOPICS = frozenset(kind.TOPIC for kind in (MethodAdopted, CosigningPolicyAdopted))


class MethodDocument(Document):
    VIEW: ClassVar[str] = "methods"
    rows: tuple[MethodAdopted, ...]
    """In the order of recording, as in every document here."""

    def on(self, day: date | None = None) -> MethodAdopted:
        return in_force(self.rows, day)


class CosigningPolicyDocument(Document):
    VIEW: ClassVar[str] = "cosigning_policies"
    rows: tuple[CosigningPolicyAdopted, ...]

    def on(self, day: date | None = None) -> CosigningPolicyAdopted:
        return in_force(self.rows, day)


def fold(event: AnyRecorded, documents: Documents) -> None:
    if event.fact.TOPIC not in TOPICS:
        return
    fact = cast("AdoptionFact", event.fact)
    match fact:
        case MethodAdopted() as row:
            method = documents.get(MethodDocument, SOFTENING)
            rows = method.rows if method else ()
            documents.put(SOFTENING, MethodDocument(rows=(*rows, row)))
        case CosigningPolicyAdopted() as row:
            policy = documents.get(CosigningPolicyDocument, LEDGER)
            earlier = policy.rows if policy else ()
            documents.put(LEDGER, CosigningPolicyDocument(rows=(*earlier, row)))
        case _:
            assert_never(fact)


class MethodRow(Row):
    name: str
    method: str
    digest: str
    in_force_from: date
    source: Source
    history: tuple[MethodAdopted, ...]
    """Every one that stands, oldest first, with those still to come."""


class CosigningPolicyRow(Row):
    name: str
    sha256: str
    text: str
    in_force_from: date
    source: Source
    history: tuple[CosigningPolicyAdopted, ...]


def methods(documents: Documents, moment: Moment) -> tuple[MethodRow, ...]:
    return tuple(
        MethodRow.model_validate(
            dict(document.on(moment.today))
            | {"name": name, "history": tuple(standing(document.rows).values())}
        )
        for name, document in documents.all(MethodDocument)
    )


def cosigning_policies(documents: Documents, moment: Moment) -> tuple[CosigningPolicyRow, ...]:
    return tuple(
        CosigningPolicyRow.model_validate(
            dict(document.on(moment.today))
            | {"name": name, "history": tuple(standing(document.rows).values())}
        )
        for name, document in documents.all(CosigningPolicyDocument)
    )
