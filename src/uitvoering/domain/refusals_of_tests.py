"""What an implementation test, a follow-up and a finding refuse, and what to do instead."""

from uitvoering.errors import NotFoundError, RefusedError

# --- implementation tests


class TestNotRequestedError(NotFoundError):
    __test__ = False

    code = "test-not-requested"
    message = "this test was never requested; request it first, or look up its id"


class TestAlreadyRequestedError(RefusedError):
    __test__ = False

    code = "test-already-requested"
    message = (
        "test {test} was requested of {tester} on {requested_on}; "
        "work on with it, or request another under a new id"
    )


class TesterIsRequesterError(RefusedError):
    __test__ = False

    code = "tester-is-requester"
    message = "{tester} asks for this test and cannot be its tester; name another organisation"


class TesterOnlyError(RefusedError):
    __test__ = False

    code = "tester-only"
    message = "only the tester, {tester}, may do this, and you act for {organisation}; ask {tester}"


class TestPartyOnlyError(RefusedError):
    __test__ = False

    code = "test-party-only"
    message = "this is for {parties}, and you act for {organisation}; ask one of them"


class RequesterMayNotEditError(RefusedError):
    code = "requester-may-not-edit"
    message = (
        "{organisation} asked for this test and may comment on it, never edit it; "
        "send a comment, and the tester decides"
    )


class TestAlreadyAcceptedError(RefusedError):
    __test__ = False

    code = "test-already-accepted"
    message = (
        "{tester} took this test on; carry on with it, and where it cannot be tested "
        "give the verdict not-assessable"
    )


class TestDeclinedError(RefusedError):
    __test__ = False

    code = "test-declined"
    message = "{tester} declined test {test} and nothing can be added to it; request a new test"


class TestConcludedError(RefusedError):
    __test__ = False

    code = "test-concluded"
    message = (
        "test {test} is concluded and no longer changes; "
        "publish it, answer its conditions, or supersede it by a new test"
    )


class TestSupersededError(RefusedError):
    __test__ = False

    code = "test-superseded"
    message = "test {test} was superseded by {by}; work on in {by}"


class TestNotConcludedError(RefusedError):
    __test__ = False

    code = "test-not-concluded"
    message = "test {test} is not concluded yet; conclude it before it is published"


class TermAlreadySetError(RefusedError):
    code = "term-already-set"
    message = "the term is set: {due_on}; extend it with a reason"


class TermBeforeRequestError(RefusedError):
    code = "term-before-request"
    message = "{due_on} is before the request of {requested_on}; give a later day"


class TermNotLaterError(RefusedError):
    code = "term-not-later"
    message = "{due_on} is not later than the present term of {present}; give a later day"


class ChainPartyAlreadyAddedError(RefusedError):
    code = "chain-party-already-added"
    message = "{party} is a chain party already; the parties are: {parties}"


class AspectUnknownError(RefusedError):
    code = "aspect-unknown"
    message = "template {template} has no aspect {aspect}; it has: {aspects}"


class AspectReasonMissingError(RefusedError):
    code = "aspect-reason-missing"
    message = "aspect {aspect} is said not to apply without a reason; give the reason"


class ConditionAlreadyStatedError(RefusedError):
    code = "condition-already-stated"
    message = "condition {condition} is stated already; choose a new code; in use: {stated}"


class RecommendationAlreadyMadeError(RefusedError):
    code = "recommendation-already-made"
    message = "recommendation {recommendation} is made already; choose a new code; in use: {made}"


class CommentByOtherLevelError(RefusedError):
    code = "comment-by-other-level"
    message = (
        "you act as {level} and cannot comment as {by}; comment as {level}, "
        "or let {tester} record what {by} said"
    )


class PassageNotRewrittenError(RefusedError):
    code = "passage-not-rewritten"
    message = "before and after say the same; give the passage as it was and as it became"


class AspectsMissingError(RefusedError):
    code = "aspects-missing"
    message = (
        "a verdict needs every mandatory aspect; missing: {missing}; "
        "assess each, or say with a reason that it does not apply"
    )


class VerdictMissingError(RefusedError):
    code = "verdict-missing"
    message = (
        "no verdict is named; choose one of {verdicts}, "
        "or give the public source that does not say which"
    )


class VerdictWithoutConditionError(RefusedError):
    code = "verdict-without-condition"
    message = "feasible-if needs a condition and none is stated; state the condition first"


class VerdictWithoutDateError(RefusedError):
    code = "verdict-without-date"
    message = "feasible-later needs a date; say from which day it is feasible"


class NoVerdictError(RefusedError):
    code = "no-verdict"
    message = "test {test} has no verdict; give the verdict before concluding"


class SupersededByItselfError(RefusedError):
    code = "superseded-by-itself"
    message = "test {test} cannot supersede itself; name the test that takes its place"


# --- follow-ups


class FollowUpNotOpenedError(NotFoundError):
    code = "follow-up-not-opened"
    message = "no answer was ever due here; look up the follow-up of what has to be answered"


class FollowUpAlreadyOpenedError(RefusedError):
    code = "follow-up-already-opened"
    message = "this answer is due already, by {due_on}; answer it"


class OutcomeMissingError(RefusedError):
    code = "outcome-missing"
    message = (
        "the answer has no outcome; choose one of {outcomes}, "
        "or give the public source that does not say which"
    )


class ResponseReasonMissingError(RefusedError):
    code = "response-reason-missing"
    message = "{outcome} needs a reason; say why"


class NoResponseIsNoAnswerError(RefusedError):
    code = "no-response-is-no-answer"
    message = (
        "no-response is recorded when the term ends without an answer, and is not itself one; "
        "choose one of {outcomes}"
    )


class NotAConditionError(RefusedError):
    code = "not-a-condition"
    message = "only a condition is met or lapses, and this concerns {matter}; give a response"


class ConditionEvidenceMissingError(RefusedError):
    code = "condition-evidence-missing"
    message = "a met condition names evidence and there is none; refer to what shows it"


class ConditionAlreadyMetError(RefusedError):
    code = "condition-already-met"
    message = "the condition was met on {met_on}; nothing is left to be done"


class ConditionHasLapsedError(RefusedError):
    code = "condition-has-lapsed"
    message = "the condition lapsed on {lapsed_on}; state a new condition in a new test"


# --- findings


class FindingAlreadyIssuedError(RefusedError):
    code = "finding-already-issued"
    message = "finding {finding} of {body} is issued already; issue another under a new id"


class FindingStatementMissingError(RefusedError):
    code = "finding-statement-missing"
    message = (
        "the finding does not say how the matter is put; give the statement, "
        "or the public source that does not give it"
    )
