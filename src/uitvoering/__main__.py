"""`python -m uitvoering` and the command `uitvoering`."""

import sys

from uitvoering.cli.app import app
from uitvoering.cli.console import note, say

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count it."""


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows its code; a message is never lost to it.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # text streams
    try:
        app(prog_name="uitvoering")
    except KeyboardInterrupt:
        note(say("interrupted"))
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
