"""The server as `uitvoering serve` starts it, in a process of its own; prints where it listens.

With `nothing` it is the same server whose application answers without deciding or recording.
"""

import sys
from typing import Any

from uitvoering.application.caller import Outcome
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cli.serving import answer, listening
from uitvoering.settings import Settings
from uitvoering.wiring import running

_READY = Outcome(
    kind="signals",
    id="00000000-0000-4000-8000-000000000001",
    version=1,
    events=("00000000-0000-7000-8000-000000000002",),
)


class DoingNothing(Uitvoering):
    """Everything around the decision stays: server, guard, token, body, answer."""

    def handle(self, *_: Any, **__: Any) -> Outcome:
        return _READY


def main(store: str, way: str) -> None:
    given = Settings(store=store)
    with running(given) as app, listening("127.0.0.1", 0) as (door, url):
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        answer(DoingNothing(app.store, app.clock) if way == "nothing" else app, given, door, url)


if __name__ == "__main__":
    main(*sys.argv[1:])
