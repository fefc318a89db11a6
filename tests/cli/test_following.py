"""`views` and `catch-up`: how far the stored views are, and keeping them up to date."""

import json
import signal as signals
import subprocess
import sys
from collections.abc import Callable

from tests.cli.command import Command
from tests.cli.test_manners import heeding_ctrl_c
from tests.faults.promises import until
from uitvoering.projections.read_models import PROJECTIONS

SIGNAL = json.dumps(
    {
        "happened_on": "2026-01-05",
        "body": "uwv",
        "statement": {"text": "Mensen verliezen hun toeslag.", "severity": 3},
    }
)


def positions(command: Command) -> set[int]:
    return {view["position"] for view in command("views", "--json").json}


def becomes_true(process: subprocess.Popen[bytes], true: Callable[[], bool]) -> None:
    """While the process goes on."""
    until(lambda: process.poll() is not None or true())
    assert process.poll() is None


def test_views_tells_how_far_each_is(fresh: Command) -> None:
    before = fresh("views", "--json")
    assert before.code == 0
    assert {view["name"] for view in before.json} == {p.name for p in PROJECTIONS}
    [lag] = {view["lag_events"] for view in before.json}
    done = fresh("catch-up", "--json")
    assert done.json == {"events": lag}
    assert {view["lag_events"] for view in fresh("views", "--json").json} == {0}
    assert "follow-ups" in fresh("views").out
    assert fresh("catch-up").out.startswith("0 ")


def test_catch_up_follows_until_it_is_stopped(fresh: Command) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", "catch-up", "--follow"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=fresh.environment,
        preexec_fn=heeding_ctrl_c,  # noqa: PLW1509 no thread of ours runs here
    ) as process:
        try:
            becomes_true(process, lambda: 0 not in positions(fresh))
            before = positions(fresh)
            said = fresh("record", "signal-hardship", SIGNAL)
            assert said.code == 0, said.out
            becomes_true(process, lambda: positions(fresh) != before)
        finally:
            process.send_signal(signals.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"Traceback" not in err
