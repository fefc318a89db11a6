"""What may be asked about a verdict of the comparison that a level calls wrong (betwisting)."""

from typing import ClassVar, Self

from pydantic import ConfigDict, model_validator

from uitvoering.commands.command import Command
from uitvoering.domain.events.verdict_challenge import ShouldBe, ShownResult
from uitvoering.domain.values import Id, Name, Text
from uitvoering.softening.facets import Dimension

_FROM = "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"
_TO = "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c6e"


class ChallengeVerdict(Command):
    """One dimension of one pair, as the trail or the rewrites show it: each is decided apart."""

    KIND: ClassVar[str] = "verdict-challenges"
    PATH: ClassVar[str] = ""
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-19",
                    "signal": "0192c3d4-5e6f-7a8b-9c0d-1e2f3a4b5c60",
                    "fromEvent": _FROM,
                    "toEvent": _TO,
                    "dimension": "wording",
                    "method": "1+0f3a9c",
                    "shown": "softened",
                    "shouldBe": "unchanged",
                    "reason": "'Binnen de termijn' is hier een feit en geen voorbehoud.",
                }
            ]
        }
    )

    signal: Id | None = None
    test: Id | None = None
    from_event: Id | None = None
    to_event: Id
    dimension: Dimension
    method: Name
    shown: ShownResult
    should_be: ShouldBe
    reason: Text

    @model_validator(mode="after")
    def _about_one_matter(self) -> Self:
        if (self.signal is None) == (self.test is None):
            raise ValueError("signal_or_test")
        return self


class UpholdVerdictChallenge(Command):
    """The method was wrong here: counted as a false alarm, a miss or a wrong direction."""

    KIND: ClassVar[str] = "verdict-challenges"
    PATH: ClassVar[str] = "upholdings"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-03-02",
                    "reason": "Beide weergaven noemen dezelfde termijn; er is niets afgezwakt.",
                }
            ]
        }
    )

    reason: Text


class RejectVerdictChallenge(Command):
    """The method was right here."""

    KIND: ClassVar[str] = "verdict-challenges"
    PATH: ClassVar[str] = "rejections"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-03-02",
                    "reason": "'Moet' werd 'zou kunnen': dat voorbehoud stond er niet.",
                }
            ]
        }
    )

    reason: Text


class WithdrawVerdictChallenge(Command):
    """Only by the level that contested the verdict."""

    KIND: ClassVar[str] = "verdict-challenges"
    PATH: ClassVar[str] = "withdrawals"
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "happenedOn": "2026-02-24",
                    "reason": "De weergave is intussen zelf aangepast.",
                }
            ]
        }
    )

    reason: Text | None = None


VerdictChallengeCommand = (
    ChallengeVerdict | UpholdVerdictChallenge | RejectVerdictChallenge | WithdrawVerdictChallenge
)
