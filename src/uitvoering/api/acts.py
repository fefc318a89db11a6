"""Which facts does an act leave? What a GET on a sub-resource lists, by the topic of the fact."""

from typing import Any

from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.topics import FACTS

TOPICS: dict[str, dict[str, str]] = {
    "signals": {
        "contradictions": "contradiction-filed",
        "contradiction-answers": "contradiction-answered",
        "contradiction-withdrawals": "contradiction-withdrawn",
        "accepted-reassessments": "reassessment-accepted",
        "evidence": "evidence-attached",
        "regimes": "regime-raised",
        "acknowledgements": "signal-acknowledged",
        "hand-ons": "signal-handed-on",
        "restatements": "signal-restated",
        "hold-backs": "signal-held-back",
        "advice-requests": "advice-asked",
        "advices": "advice-given",
        "citations": "signal-cited",
        "withheld-passages": "passages-withheld",
        "disclosures": "signal-disclosed",
        "mergers": "signal-merged",
        "splits": "signal-split",
        "take-ups": "signal-taken-up",
        "declines": "signal-declined",
        "individual-reliefs": "individual-relief-given",
        "proposed-measures": "measure-proposed",
        "measures": "measure-decided",
        "measures-in-effect": "measure-took-effect",
        "resolutions": "resolution-claimed",
        "verifications": "resolution-verified",
        "disputes": "resolution-disputed",
        "reopenings": "signal-reopened",
        "feedback": "feedback-given",
        "feedback-impossibilities": "feedback-impossible",
        "withdrawals": "signal-withdrawn",
        "closures": "signal-closed",
    },
    "implementation-tests": {
        "acceptances": "test-accepted",
        "declines": "test-declined",
        "terms": "term-set",
        "term-extensions": "term-extended",
        "chain-parties": "chain-party-added",
        "aspects": "aspect-assessed",
        "disruption-ratings": "disruption-rated",
        "costs": "cost-estimated",
        "staffing": "staffing-estimated",
        "conditions": "condition-stated",
        "recommendations": "recommendation-made",
        "drafts": "draft-shared",
        "comments": "comment-received",
        "rewrites": "passage-rewritten",
        "verdicts": "verdict-given",
        "conclusions": "test-concluded",
        "publications": "test-published",
        "supersessions": "test-superseded",
        "carriers": "carrier-stated",
    },
    "follow-ups": {
        "responses": "response-given",
        "accounts": "accounted-in",
        "met-conditions": "condition-met",
        "lapsed-conditions": "condition-lapsed",
    },
    "proposals": {
        "versions": "version-added",
        "version-withdrawals": "version-withdrawn",
        "amendments": "proposal-amended",
        "entry-dates": "entry-into-force-set",
        "entries-into-force": "entered-into-force",
    },
    "policy-journeys": {
        "phases": "phase-entered",
        "phase-exits": "phase-left",
        "skipped-phases": "phase-skipped",
        "revisits": "phase-revisited",
        "user-stories": "user-story-added",
        "opportunities": "opportunity-found",
        "challenges": "challenge-found",
        "recommendations": "recommendation-given",
        "instruments": "instrument-linked",
        "colleagues": "colleague-linked",
        "tests": "test-attached",
        "signals": "signal-attached",
        "prototypes": "prototype-made",
        "trials": "trial-run",
        "evaluations": "journey-evaluated",
        "closures": "journey-closed",
    },
    "verdict-challenges": {
        "upholdings": "verdict-challenge-upheld",
        "rejections": "verdict-challenge-rejected",
        "withdrawals": "verdict-challenge-withdrawn",
    },
}
TOGETHER: dict[str, dict[str, tuple[str, ...]]] = {
    "policy-journeys": {"findings": ("opportunity-found", "challenge-found")},
}
"""Lists that hold the facts of several acts, in the order of recording."""
BIRTHS = {
    "signals": "hardship-signalled",
    "implementation-tests": "test-requested",
    "follow-ups": "response-fell-due",
    "proposals": "proposal-registered",
    "policy-journeys": "journey-started",
    "findings": "finding-issued",
    "verdict-challenges": "verdict-challenged",
    "routes": "route-set",
    "organisations": "organisation-registered",
    "templates": "template-adopted",
    "policies": "policy-adopted",
    "holidays": "holidays-adopted",
    "methods": "method-adopted",
    "cosigning-policies": "cosigning-policy-adopted",
}
"""The fact a thing starts with."""


def fact_of(kind: str, path: str) -> type[Fact]:
    """The fact a command at that path records; every command has one."""
    return FACTS[TOPICS[kind][path] if path else BIRTHS[kind]]


def content(fact: Fact) -> dict[str, Any]:
    """The fact as others read it: camelCase, and nothing of who acted."""
    return fact.model_dump(mode="json", by_alias=True)
