"""What did outside bodies and auditors find, as it came?"""

from tests.given import By, act
from tests.projections.policy_facts import AUDIT, SIGNAL, Story, said
from uitvoering.domain.acts import Reply
from uitvoering.domain.events.audit import EngagementOpened, FindingIssued
from uitvoering.domain.values import Level, Role
from uitvoering.projections.findings import FindingDocument

AUDITOR = act(Level.AUDITOR, "2026-02-01", Role.AUDITOR, "rekenkamer")


def _file(story: Story) -> FindingDocument:
    found = story.known().get(FindingDocument, AUDIT)
    assert found is not None
    return found


def test_a_finding_stands_with_its_mandate() -> None:
    story = Story().tell(AUDIT, By(EngagementOpened(mandate="CW 7.12", body="uwv"), AUDITOR))
    story.tell(AUDIT, By(FindingIssued(statement=said("te hard"), about=SIGNAL), AUDITOR))
    found = _file(story)
    assert (found.mandate, found.body, found.organisation) == ("CW 7.12", "uwv", "rekenkamer")
    assert [f.about for f in found.findings] == [SIGNAL]


def test_a_finding_without_an_engagement_is_kept_as_it_came_with_the_reply() -> None:
    reply = Reply(by=Level.BOARD, text="wij zien het anders")
    came = By(FindingIssued(statement=None), AUDITOR.model_copy(update={"reply": reply}))
    found = _file(Story().tell(AUDIT, came))
    assert (found.mandate, [f.reply for f in found.findings]) == (None, [reply])
