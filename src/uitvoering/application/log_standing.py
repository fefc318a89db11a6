"""How far is the log, and how old is what the witnesses put below it?"""

from contextlib import closing, suppress

from uitvoering.application.promises import MOST_AHEAD, TERM_SECONDS
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.domain.events.registers import PolicyName
from uitvoering.domain.values import Value
from uitvoering.integrity.log.errors import LedgerUnwritableError
from uitvoering.integrity.log.ledger import Ledger, readable
from uitvoering.integrity.log.publishing import policy_in, stated_at
from uitvoering.integrity.notes.policy import Judgement, Policy

_HOUR = 3_600.0
_GRACE = 2
"""Times the term within which a checkpoint is signed again: one that was missed is told."""


class LogStanding(Value):
    """The log as an operator watches it."""

    origin: str
    size: int
    """Leaves in the newest checkpoint."""
    root: str
    """In hex."""
    checkpoint_age_seconds: int | None
    """By what the log states itself with its signature."""
    lag_events: int
    """Events that no checkpoint speaks of yet; counted up to 10,000."""
    lag_seconds: int
    """How long the first of those has been waiting; 0 when there are none."""
    witnessed: bool
    """Whether a policy asks for witnesses; without them nobody but the log vouches for it."""
    quorum_size: int | None
    """Leaves in the newest checkpoint with a quorum."""
    quorum_age_seconds: int | None
    cosigned_by: tuple[str, ...]
    """Of the newest checkpoint: names in the policy."""
    waiting_for: tuple[str, ...]
    stamp_age_seconds: int | None
    """Since the last time stamp; None where the log was never stamped, or cannot be asked."""
    refusals: tuple[str, ...]
    """Of witnesses that answered and did not cosign: name, code and what they said."""
    late: tuple[str, ...]
    """What takes longer than was promised: `lag`, `checkpoint`, `quorum`, `stamp`.

    The last three also where the time they state lies more than an hour ahead.
    """


def log_standing(app: Uitvoering, ledger: Ledger) -> LogStanding:
    """LedgerUnreadableError, PolicyMalformedError; TamperedError when it is not what was shown."""
    with readable(ledger):
        return _standing(app, ledger)


def _standing(app: Uitvoering, ledger: Ledger) -> LogStanding:
    now = app.clock()
    newest, policy = ledger.published(), policy_in(ledger)
    judged = None if policy is None else policy.judge(newest.note)
    size = newest.checkpoint.size
    behind = app.store.backlog(ledger.position_reached(size))
    waited = 0.0 if behind.since is None else (now - behind.since).total_seconds()
    age = _age(app, stated_at(newest.note))
    quorum = _quorum(ledger, policy)
    quorum_age = None if quorum is None else _age(app, quorum.reached_at)
    stamp_age = _age(app, _last_stamped(ledger))
    overdue = _GRACE * renewed_after(app)
    witnessed = policy is not None and not policy.unwitnessed
    late = {
        "lag": waited > TERM_SECONDS,
        "checkpoint": _is_late(age, overdue),
        "quorum": witnessed and _is_late(quorum_age, overdue),
        "stamp": stamp_age is not None and _is_late(stamp_age, overdue),
    }
    return LogStanding(
        origin=ledger.origin,
        size=size,
        root=newest.checkpoint.root.hex(),
        checkpoint_age_seconds=_shown(age),
        lag_events=behind.events,
        lag_seconds=max(0, round(waited)),
        witnessed=witnessed,
        quorum_size=None if quorum is None else quorum.checkpoint.size,
        quorum_age_seconds=_shown(quorum_age),
        cosigned_by=() if judged is None else tuple(c.witness.name for c in judged.cosigned),
        waiting_for=() if judged is None else tuple(w.name for w in judged.absent),
        stamp_age_seconds=_shown(stamp_age),
        refusals=ledger.refusals(),
        late=tuple(name for name, is_so in late.items() if is_so),
    )


def renewed_after(app: Uitvoering) -> float:
    """Seconds after which a checkpoint is signed again although nothing was filed."""
    today = app.clock().astimezone(AMSTERDAM).date()
    return app.context().terms.value(PolicyName.CHECKPOINT_HOURS, today) * _HOUR


def _quorum(ledger: Ledger, policy: Policy | None) -> Judgement | None:
    cosigned = ledger.cosigned()
    return None if cosigned is None or policy is None else policy.judge(cosigned.note)


def _last_stamped(ledger: Ledger) -> int | None:
    # Who may read what is published may not be let into the rows.
    with suppress(LedgerUnwritableError), closing(ledger.rows()) as rows:
        return rows.last_stamped()
    return None


def _age(app: Uitvoering, moment: int | None) -> int | None:
    """Below 0 for a moment that has not come yet."""
    return None if moment is None else int(app.clock().timestamp()) - moment


def _is_late(age: int | None, overdue: float) -> bool:
    return age is None or not -MOST_AHEAD.total_seconds() <= age <= overdue


def _shown(age: int | None) -> int | None:
    return None if age is None else max(0, age)
