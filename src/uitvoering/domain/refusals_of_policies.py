"""Why is an act on a proposal, a policy journey or a register refused, and what to do instead?

A part of the error tree of `uitvoering.errors`, which holds the branches.
"""

from uitvoering.errors import NotFoundError, RefusedError


class ProposalAlreadyRegisteredError(RefusedError):
    code = "proposal-already-registered"
    message = "this proposal is registered as {title!r}; add a version, or register another one"


class ProposalVersionTakenError(RefusedError):
    code = "proposal-version-taken"
    message = (
        "version {version} exists and never changes; give the new text another name than: {known}"
    )


class ProposalVersionWithdrawnError(RefusedError):
    code = "proposal-version-withdrawn"
    message = "version {version} was withdrawn; add a new version and name that one"


class AmendmentAfterEntryError(RefusedError):
    code = "amendment-after-entry"
    message = (
        "the proposal entered into force on {entered_on}; register the change as a new proposal"
    )


class ProposalInForceError(RefusedError):
    code = "proposal-in-force"
    message = "the proposal entered into force on {entered_on}; that happens once"


class JourneyAlreadyStartedError(RefusedError):
    code = "journey-already-started"
    message = "this journey was started as {title!r}; go on with it, or start another one"


class JourneyClosedError(RefusedError):
    code = "journey-closed"
    message = "the journey was closed on {closed_on}; start a new journey to go on"


class JourneyCodeTakenError(RefusedError):
    code = "journey-code-taken"
    message = "code {taken} is in use on this journey; choose another than: {known}"


class JourneyFindingUnknownError(RefusedError):
    code = "journey-finding-unknown"
    message = "finding {finding} is not on this journey; find it first, or name one of: {known}"


class JourneyRecommendationUnknownError(RefusedError):
    code = "journey-recommendation-unknown"
    message = (
        "recommendation {recommendation} is not on this journey; give it first, "
        "or name one of: {known}"
    )


class PhaseEnteredBeforeError(RefusedError):
    code = "phase-entered-before"
    message = "phase {phase} was entered before; revisit it and say why"


class PhaseNeverEnteredError(RefusedError):
    code = "phase-never-entered"
    message = "phase {phase} was never entered; enter it first; entered so far: {entered}"


class PhaseNotOpenError(RefusedError):
    code = "phase-not-open"
    message = "the journey is not in phase {phase}; leave a phase it is in: {open}"


class PhaseNotSkippedError(RefusedError):
    code = "phase-not-skipped"
    message = "phase {phase} was entered, so it was not skipped; leave it instead"


class ClosingReasonMissingError(RefusedError):
    code = "closing-reason-missing"
    message = "an evaluation is due on {due_on}; evaluate first, or close with a reason"


class RouteDisorderedError(RefusedError):
    code = "route-disordered"
    message = (
        "a route names levels of the line, each once and lowest first, "
        "and this one reads: {levels}; put it in order"
    )


class AspectRepeatedError(RefusedError):
    code = "aspect-repeated"
    message = "template {template} names more than once: {repeated}; name each aspect once"


class PolicyUnitError(RefusedError):
    code = "policy-unit"
    message = "{policy} is counted in {expected}, not in {unit}; give the value in {expected}"


class PolicyRangeError(RefusedError):
    code = "policy-range"
    message = "{policy} of {value} {unit} is out of range; give {lowest} to {highest}"


class HolidayOutsideYearError(RefusedError):
    code = "holiday-outside-year"
    message = "not in {year}: {days}; give each year its own holidays"


class PolicyMissingError(NotFoundError):
    code = "policy-missing"
    message = "policy {policy} is not in the register; adopt it first"
