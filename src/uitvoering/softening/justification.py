"""On what does a weaker statement rest: nothing, a claim, evidence, acceptance, or a dispute?"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from uitvoering.domain.values import Evidence, Level, ReasonCode, Role


class Justification(StrEnum):
    NONE = "none"
    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    ACCEPTED = "accepted"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who restated, as a place and a capacity; never as a person."""

    level: Level
    role: Role
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Competence:
    """At which levels and in which roles a reason may be given."""

    roles: frozenset[Role]
    levels: dict[ReasonCode, frozenset[Level]]

    def covers(self, reason: ReasonCode, speaker: Speaker) -> bool:
        return speaker.role in self.roles and speaker.level in self.levels[reason]


@cache
def competence() -> Competence:
    source = files("uitvoering.softening").joinpath("competence.toml").read_bytes()
    data: dict[str, Any] = tomllib.loads(source.decode())
    return Competence(
        roles=frozenset(Role(role) for role in data["decision"]["roles"]),
        levels={
            reason: frozenset(Level(level) for level in data["reason"][reason]["levels"])
            for reason in ReasonCode
        },
    )


def justify(
    *,
    reason_code: ReasonCode | None,
    signalled_on: date,
    earlier_evidence: tuple[Evidence, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    speaker: Speaker | None = None,
    contradicted: bool = False,
    accepted: bool = False,
    window_ended: bool = False,
) -> Justification:
    """The highest that applies, in the order of DOMAIN 5.

    `contradicted`: an objection is filed and not withdrawn or answered to the filer's
    satisfaction. `accepted`: by the reporter or a deliberation. `window_ended`: the contradiction
    window passed. Without a `speaker` nobody acted, and competence is not judged.
    """
    if contradicted:
        return Justification.CONTESTED
    if accepted:
        return Justification.ACCEPTED
    if reason_code is None:
        return Justification.NONE
    known = {reference.locator.strip() for reference in earlier_evidence}
    leans = any(
        reference.locator.strip() not in known and _bears(reference, signalled_on, speaker)
        for reference in evidence
    )
    if not leans or (speaker is not None and not competence().covers(reason_code, speaker)):
        return Justification.CLAIMED
    return Justification.ACCEPTED if window_ended else Justification.EVIDENCED


def _bears(reference: Evidence, signalled_on: date, speaker: Speaker | None) -> bool:
    """Dated after the signal, or from another level or body than the speaker's own."""
    if reference.dated is not None and reference.dated > signalled_on:
        return True
    if speaker is None:
        return False
    elsewhere = reference.level is not None and reference.level is not speaker.level
    other_body = reference.organisation is not None and speaker.organisation is not None
    return elsewhere or (other_body and reference.organisation != speaker.organisation)
