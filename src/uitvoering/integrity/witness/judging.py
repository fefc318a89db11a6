"""What does an offered checkpoint come to, and what does it say of the log that signed it?"""

from enum import StrEnum
from http import HTTPStatus

from uitvoering.integrity.tree.merkle import extends, roots_of_consistency
from uitvoering.integrity.witness.request import Request
from uitvoering.integrity.witness.store import NOTHING, Cosigned


class Reason(StrEnum):
    """Why a signed checkpoint that was refused is kept."""

    SAME_SIZE = "same-size"
    """Two signed trees of one size with two roots: proof by itself that the log forked."""
    OTHER_PAST = "other-past"
    """Its own proof shows that it begins with other leaves than were cosigned: proof as well."""
    NOT_EXTENDING = "not-extending"
    """No proof that it extends what was cosigned; only the log can tell whether there is one."""
    SMALLER = "smaller"
    """Smaller than what was cosigned, of a size never seen: the log can be asked for its root."""


MOST_KEPT = {
    Reason.SAME_SIZE: 1000,
    Reason.OTHER_PAST: 1000,
    Reason.NOT_EXTENDING: 1000,
    Reason.SMALLER: 50,
}
"""Of one log. What is proof by itself only its keys can make, and each one is proof against them.
The others anyone can send, who passes a true checkpoint on with a false proof: so those take no
room from what proves."""
MOST_UNSHOWN = 100
"""Of NOT_EXTENDING beside one size that is a power of two: there no proof can show another past.
They take no room from the others either."""


def judged(request: Request, held: Cosigned) -> HTTPStatus:
    offered = request.checkpoint
    if request.old > offered.size:
        return HTTPStatus.BAD_REQUEST
    if request.old != held.size:
        return HTTPStatus.CONFLICT
    if not extends(held.size, held.root, offered.size, offered.root, request.proof):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.OK


def reason_to_keep(
    request: Request, status: HTTPStatus, held: Cosigned, same: Cosigned, before: Cosigned
) -> tuple[Reason, Cosigned] | None:
    """And what stands against it; None for a repetition, or a sender who asks what is held.

    `same` was cosigned at the size that is offered, `before` at the old size that is given.
    """
    offered = request.checkpoint
    if same is not NOTHING or offered.size == 0:
        return (Reason.SAME_SIZE, same) if same.root != offered.root else None
    if _shows_another_past(request, before):
        return Reason.OTHER_PAST, before
    if offered.size < held.size:
        return Reason.SMALLER, held
    return (Reason.NOT_EXTENDING, held) if status is HTTPStatus.UNPROCESSABLE_ENTITY else None


def is_unshown(reason: Reason, held: int) -> bool:
    """Whether a fork looks the same as a false proof: no proof from such a size holds its root."""
    return reason is Reason.NOT_EXTENDING and held.bit_count() == 1


def _shows_another_past(request: Request, before: Cosigned) -> bool:
    """The proof leads to the root that is offered, and from another one than was cosigned."""
    offered = request.checkpoint
    if before is NOTHING:
        return False
    roots = roots_of_consistency(before.size, offered.size, before.root, request.proof)
    return roots is not None and roots[1] == offered.root and roots[0] != before.root
