"""What the product runs by is what was adopted, or there is an alarm."""

from dataclasses import replace
from datetime import date

import pytest

from tests.application.desk import REGISTRAR, Clock
from tests.monitoring.post import ORIGIN, Post, kinds
from uitvoering.application.monitor_report import (
    Difference,
)
from uitvoering.application.monitored_rules import RunningMethod
from uitvoering.commands.registers import AdoptCosigningPolicy, AdoptMethod
from uitvoering.domain.acts import Source
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.softening import method

pytestmark = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
"""What was adopted is read from one stream, as any other: the store makes no difference."""


def test_another_lexicon_than_the_adopted_one_is_told_until_it_is_adopted(post: Post) -> None:
    """A copy of the lexicon in which one word was left out."""
    *files, (name, last) = method.sources()
    assert method.digest_of([*files, (name, last)]) == method.digest()
    hedges, lexicon = files[1]
    files[1] = (hedges, lexicon.replace(b"mogelijk", b"", 1))
    assert files[1][1] != lexicon
    other = RunningMethod("2", method.digest_of([*files, (name, last)]))
    monitoring = replace(post.monitoring, runs=other)
    report = monitoring.look()
    [alarm] = report.alarms
    assert alarm.difference is Difference.METHOD_DIFFERS
    assert other.digest in str(alarm.values["runs"])
    assert method.digest() in str(alarm.values["adopted"])
    assert report.method == f"2+{other.digest[:12]}"
    adopt = AdoptMethod(
        happened_on=date(2026, 6, 15),
        method="2",
        digest=other.digest,
        in_force_from=date(2026, 6, 15),
        source=Source(title="Besluit"),
    )
    post.app.handle(adopt, REGISTRAR)
    assert monitoring.look().alarms == ()
    assert kinds(post.look()) == {Difference.METHOD_DIFFERS}


def test_a_method_counts_from_its_day(post: Post) -> None:
    adopt = AdoptMethod(
        happened_on=date(2026, 6, 15),
        method="3",
        digest="0f" * 32,
        in_force_from=date(2026, 6, 16),
        source=Source(title="Besluit"),
    )
    post.app.handle(adopt, REGISTRAR)
    post.sequence()
    assert post.look().alarms == ()
    clock = post.app.clock
    assert isinstance(clock, Clock)
    clock.on("2026-06-16")
    assert kinds(post.look()) == {Difference.METHOD_DIFFERS}


def test_a_method_nobody_adopted_is_told(post: Post) -> None:
    post.intruder("DELETE FROM event WHERE topic = 'method-adopted'")
    assert Difference.METHOD_UNADOPTED in kinds(post.look())


def test_an_adopted_method_that_cannot_be_read_is_told(post: Post) -> None:
    position = post.position_of("method-adopted")
    post.intruder.put(position, b"{}")
    assert Difference.RULES_UNREADABLE in kinds(post.look())


def test_a_policy_file_is_the_adopted_one_to_the_byte(post: Post) -> None:
    text = f"log {new_key(ORIGIN, Kind.ED25519).public}\nquorum none\n"
    file = post.ledger.policy
    file.write_text(text)
    assert kinds(post.look()) == {Difference.POLICY_UNADOPTED}
    adopt = AdoptCosigningPolicy(
        happened_on=date(2026, 6, 15),
        text=text,
        in_force_from=date(2026, 6, 15),
        source=Source(title="Besluit"),
    )
    post.app.handle(adopt, REGISTRAR)
    assert post.look().alarms == ()
    file.write_text(text + "# nobody will see this\n")
    assert kinds(post.look()) == {Difference.POLICY_DIFFERS}
    file.unlink()
    assert kinds(post.look()) == {Difference.POLICY_GONE}
