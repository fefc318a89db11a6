"""`monitor`: is what is stored still what was recorded, and does the product run by the rules?"""

import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from uitvoering.application.monitor_report import Report
from uitvoering.cli.console import (
    BROKEN,
    REFUSED,
    Json,
    labels,
    note,
    print_json,
    problem,
    progress,
    refusals,
    say,
    settings,
    tell,
)
from uitvoering.errors import BusyError, TamperedError, UitvoeringError
from uitvoering.integrity.verify.texts import explained
from uitvoering.wiring import monitoring


def monitor(
    every: Annotated[
        float | None, typer.Option("--every", min=1, metavar="SECONDS", help=say("monitor.every"))
    ] = None,
    as_json: Json = False,
) -> None:
    """See the label `cli.monitor.help`."""
    stopped, is_told, told = threading.Event(), False, ""
    found: Report | None = None
    if every is not None:

        def stop(_: int, __: FrameType | None) -> None:
            stopped.set()

        # Told to stop, it ends the look it is at: a report is of a whole one.
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, stop)
    with refusals():
        given = settings()
        while True:
            try:
                # Opened for each look: what is mended meanwhile is seen.
                with monitoring(given, every) as work:
                    if work.kept_in is None and not is_told:
                        note(say("monitor.unkept"))
                        is_told = True
                    with progress(say("monitor.busy")) as step:
                        found = work.look(step)
                _tell(found, as_json=as_json)
                told = ""
            except TamperedError:
                raise
            except UitvoeringError as error:
                # A store that is away comes back; and one that was looked at before was there.
                if every is None or not (found is not None or isinstance(error, BusyError)):
                    raise
                if error.code != told:  # once, not at every look
                    note(problem(error)["detail"])
                    told = error.code
            if every is None or stopped.wait(every):
                break
    if every is not None:
        note(say("monitor.stopped"))
    if found is not None and found.alarms:
        raise typer.Exit(BROKEN)
    if told or (found is not None and found.failed is not None):
        raise typer.Exit(REFUSED)


def _tell(found: Report, *, as_json: bool) -> None:
    """What holds and what differs; beside it what nobody looked at."""
    words = labels()
    if as_json:
        print_json(found)
    else:
        _tell_what_holds(found)
        for alarm in found.alarms:
            tell(words.text(f"monitor.{alarm.difference.value}", **alarm.values))
        for difference, count in found.untold.items():
            tell(say("monitor.untold", count=count, difference=difference.value))
    for unchecked in found.unchecked:
        what = words.text(f"monitor.unchecked.{unchecked.value}")
        note(say("monitor.unchecked", what=what))
    if found.failed is not None:
        failed = found.failed
        note(words.problem(failed.code, explained(failed.values, words.lang))[1])
    if found.alarms:
        note(say("monitor.alarms", count=found.differences), bold=True)


def _tell_what_holds(found: Report) -> None:
    right = [view for view in found.views if view.stored_sha256 == view.replayed_sha256]
    tell(
        say(
            "monitor.views",
            views=len(right),
            documents=sum(view.documents for view in right),
            position=max((view.position for view in right), default=0),
        )
    )
    if found.log is not None:
        log = found.log
        tell(say("monitor.log", events=log.right, origin=log.origin, size=log.size))
    tell(say("monitor.method", method=found.method))
