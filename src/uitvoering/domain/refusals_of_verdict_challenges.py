"""Why is an act on a contested verdict refused, and what to do instead?

A part of the error tree of `uitvoering.errors`, which holds the branches.
"""

from uitvoering.errors import NotFoundError, RefusedError


class PairNotComparedError(NotFoundError):
    code = "pair-not-compared"
    message = (
        "{matter} {id} has no verdict from event {from_event} to event {to_event}; "
        "take both events from one row of its trail or of its rewrites"
    )


class MethodNotPresentError(RefusedError):
    code = "method-not-present"
    message = (
        "the verdict was shown by method {shown_by} and the method is now {present}; "
        "look again, and contest what {present} says if it is still wrong"
    )


class VerdictNotSaidError(RefusedError):
    code = "verdict-not-said"
    message = (
        "method {method} calls {dimension} here {present}, not {shown}; "
        "look again, and contest what it says if that is wrong"
    )


class NothingContestedError(RefusedError):
    code = "nothing-contested"
    message = (
        "{shown} is what the method says and {should_be} what it should say, and that is the same; "
        "name what it should have been instead"
    )


class VerdictAlreadyChallengedError(RefusedError):
    code = "verdict-already-challenged"
    message = (
        "{level} of {organisation} contests this verdict already: challenge {challenge} of "
        "{challenged_on} is open; wait for the decision, or withdraw it first"
    )


class VerdictChallengeDecidedError(RefusedError):
    code = "verdict-challenge-decided"
    message = (
        "challenge {challenge} was {state} on {decided_on}, and that is final for this verdict; "
        "contest the verdict of a later method if that is wrong too"
    )


class VerdictChallengeEndedError(RefusedError):
    code = "verdict-challenge-ended"
    message = (
        "challenge {challenge} was withdrawn on {withdrawn_on}, so there is nothing to decide or "
        "withdraw; who still contests the verdict does so again"
    )


class VerdictChallengeNotYoursError(RefusedError):
    code = "verdict-challenge-not-yours"
    message = (
        "challenge {challenge} is of {challenged_by} of {challenged_in}, not of {level} of "
        "{organisation}; ask them to withdraw it"
    )


class ReviewerNotApartError(RefusedError):
    code = "reviewer-not-apart"
    message = (
        "{level} of {organisation} does not decide on a contested verdict; "
        "have one of these decide, beside or outside the line: {reviewers}"
    )


class ReviewerIsPartyError(RefusedError):
    code = "reviewer-is-party"
    message = (
        "{level} of {organisation} contested this verdict or spoke in one of the two statements; "
        "have someone else decide, at one of these levels: {reviewers}"
    )
