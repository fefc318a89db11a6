"""Which read models are about signals? Each in full, without a filter, for replay and digests."""

from collections.abc import Callable, Iterable, Mapping

from uitvoering.projections.acknowledged_not_resolved import acknowledged_not_resolved
from uitvoering.projections.documents import Documents, Moment, Row
from uitvoering.projections.due_soon import due_soon
from uitvoering.projections.first_reach import all_reaches
from uitvoering.projections.hotspots import all_hotspots
from uitvoering.projections.inbox import inbox
from uitvoering.projections.kpi_tension import kpi_tension
from uitvoering.projections.my_signals import all_signals
from uitvoering.projections.signal_trail import trails
from uitvoering.projections.unanswered import unanswered
from uitvoering.projections.verdict_challenge_counts import verdict_challenge_counts
from uitvoering.projections.verdict_challenges import verdict_challenges

SIGNAL_READ_MODELS: Mapping[str, Callable[[Documents, Moment], Iterable[Row]]] = {
    "acknowledged_not_resolved": acknowledged_not_resolved,
    "due_soon": due_soon,
    "first_reach": all_reaches,
    "hotspots": all_hotspots,
    "inbox": inbox,
    "kpi_tension": kpi_tension,
    "my_signals": all_signals,
    "signal_trail": trails,
    "unanswered": unanswered,
    "verdict_challenge_counts": verdict_challenge_counts,
    "verdict_challenges": verdict_challenges,
}
