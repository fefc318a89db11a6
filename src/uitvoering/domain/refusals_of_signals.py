"""Why is an act on a signal refused, and what to do instead?

A part of the error tree of `uitvoering.errors`, which holds the branches.
"""

from uitvoering.errors import NotFoundError, RefusedError


class SignalEventUnknownError(NotFoundError):
    code = "signal-event-unknown"
    message = "signal {signal} has no event {event}; known here: {known}"


class ContradictionUnknownError(NotFoundError):
    code = "contradiction-unknown"
    message = "signal {signal} has no contradiction {event}; filed here: {known}"


class RestatementUnknownError(NotFoundError):
    code = "restatement-unknown"
    message = "signal {signal} has no restatement {event}; restated here: {known}"


class ClaimUnknownError(NotFoundError):
    code = "claim-unknown"
    message = "signal {signal} has no claimed resolution {event}; claimed here: {known}"


class CitationUnknownError(NotFoundError):
    code = "citation-unknown"
    message = (
        "no carrier cited signal {signal} before {carrier}, so none dropped it; "
        "give the event that still referred to it as previous"
    )


class SignalAlreadyRaisedError(RefusedError):
    code = "signal-already-raised"
    message = (
        "signal {signal} was raised on {happened_on} in other words, and the origin is never "
        "replaced; restate it, contradict it, or raise a new signal"
    )


class ReceiptDiffersError(RefusedError):
    code = "receipt-differs"
    message = (
        "event {event} of signal {signal} has a receipt with another hash; "
        "have the stored history verified"
    )


class SignalIsClosedError(RefusedError):
    code = "signal-is-closed"
    message = "signal {signal} was closed on {happened_on}; reopen it first, with the reason"


class SignalIsWithdrawnError(RefusedError):
    code = "signal-is-withdrawn"
    message = (
        "signal {signal} was withdrawn by its reporter on {happened_on}; "
        "raise a new signal if the matter still stands"
    )


class SignalIsMergedError(RefusedError):
    code = "signal-is-merged"
    message = "signal {signal} was merged into {into} on {happened_on}; go on there"


class SignalNotClosedError(RefusedError):
    code = "signal-not-closed"
    message = "signal {signal} is {state}, not closed; only a closed signal is reopened"


class LevelNotOnRouteError(RefusedError):
    code = "level-not-on-route"
    message = (
        "{level} is not on the route of {organisation}: {route}; "
        "act as a level on it, or as one beside or outside the line"
    )


class AddresseeMissingError(RefusedError):
    code = "addressee-missing"
    message = (
        "a restatement by {level} names no addressee; give to, which only a level beside or "
        "outside the line leaves out, where its source does not say"
    )


class SeverityMissingError(RefusedError):
    code = "severity-missing"
    message = (
        "a signal raised by {level} states no severity; give 1 (annoyance) to 5 (life-disrupting), "
        "or list in coded the fields the source supports"
    )


class HoldBackReasonMissingError(RefusedError):
    code = "hold-back-reason-missing"
    message = "{level} holds signal {signal} back without a reason; give the reason"


class ReporterOnlyError(RefusedError):
    code = "reporter-only"
    message = (
        "only its reporter withdraws signal {signal}, and {level} of {organisation} acts here as "
        "another; contradict, decline or close it instead"
    )


class RegimeNotForSignalsError(RefusedError):
    code = "regime-not-for-signals"
    message = (
        "a signal is not kept under {regime}, and nothing of this was stored; "
        "choose one of: {choices}"
    )


class RegimeOnlyRisesError(RefusedError):
    code = "regime-only-rises"
    message = "signal {signal} is {regime} and cannot become {to}; choose a higher one: {choices}"


class ContradictionAlreadyWithdrawnError(RefusedError):
    code = "contradiction-already-withdrawn"
    message = (
        "contradiction {event} of signal {signal} was withdrawn; file a new one if it still stands"
    )


class ContradictionNotYoursError(RefusedError):
    code = "contradiction-not-yours"
    message = (
        "contradiction {event} was filed by {filed_by} of {filed_in}, not by {level} of "
        "{organisation}; answer it, or ask {filed_by} of {filed_in} to withdraw it"
    )


class ReassessmentNotYoursError(RefusedError):
    code = "reassessment-not-yours"
    message = (
        "a weaker statement is accepted by the level that reported ({reported_by} of "
        "{reported_in}) or by a deliberation ({deliberation}), not by {level} of {organisation}; "
        "ask one of them"
    )


class MergedIntoItselfError(RefusedError):
    code = "merged-into-itself"
    message = "signal {signal} cannot be merged into itself; name the signal it goes on in"


class SplitImpossibleError(RefusedError):
    code = "split-impossible"
    message = (
        "signal {signal} cannot be split into {into}; "
        "name two or more signals, each once and not this one"
    )


class NothingDoneYetError(RefusedError):
    code = "nothing-done-yet"
    message = (
        "no measure took effect for signal {signal} and no relief was given, so nothing can have "
        "resolved it; record the measure or the relief first"
    )


class ReliefIsNotEnoughError(RefusedError):
    code = "relief-is-not-enough"
    message = (
        "signal {signal} was called structural, and relief for one citizen leaves the cause "
        "standing; record the measure that took effect first"
    )


class ClaimWithoutEvidenceError(RefusedError):
    code = "claim-without-evidence"
    message = "the claim that signal {signal} is resolved names no evidence; give a reference"


class ClaimDisputedError(RefusedError):
    code = "claim-disputed"
    message = (
        "claimed resolution {event} of signal {signal} was disputed; "
        "have a new claim filed, with new evidence"
    )


class VerifierIsClaimerError(RefusedError):
    code = "verifier-is-claimer"
    message = (
        "{level} claimed that signal {signal} is resolved, so it cannot verify it; "
        "ask someone else at another level"
    )


class VerifierNotIndependentError(RefusedError):
    code = "verifier-not-independent"
    message = (
        "{level} cannot verify that signal {signal} is resolved; ask the frontline, citizens, "
        "or a level beside or outside the line"
    )


class FeedbackMissingError(RefusedError):
    code = "feedback-missing"
    message = (
        "the reporter of signal {signal} was not told what became of it; "
        "give feedback, or record why that is impossible, and then close it"
    )
