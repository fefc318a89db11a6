"""The read models of tests, conditions and journeys, by name."""

from collections.abc import Callable, Iterable, Mapping

from uitvoering.projections.assessment_register import assessment_register
from uitvoering.projections.conditions_at_entry import conditions_at_entry
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.journey_board import journey_board
from uitvoering.projections.journey_timeline import journey_timeline
from uitvoering.projections.lessons import lessons
from uitvoering.projections.repeated_advice import repeated_advice
from uitvoering.projections.test_rewrites import test_rewrites

POLICY_READ_MODELS: Mapping[str, Callable[[Documents, Moment], Iterable[Row]]] = {
    "assessment_register": assessment_register,
    "test_rewrites": test_rewrites,
    "conditions_at_entry": conditions_at_entry,
    "journey_timeline": journey_timeline,
    "journey_board": journey_board,
    "repeated_advice": repeated_advice,
    "lessons": lessons,
}
