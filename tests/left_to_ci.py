"""What `make test` left to `.ci/run`, said at its end: green is not all of it."""

import shutil
import sys

from tests.postgres import DEBIAN

JUDGES = (
    ("Spectral with the Dutch API Design Rules", "npm"),
    ("pyright, strict", "npm"),
    ("schemathesis against a running service", ""),
    ("a generated client that files and reads a signal", ""),
    ("reuse: a licence on every file", ""),
    ("the wheel, installed without the checkout", ""),
)
"""Each judge, and the program it needs that Python cannot install."""


def main() -> None:
    say = sys.stdout.write
    say("left to .ci/run, which `make test` is the first step of:\n")
    if not DEBIAN.is_dir():
        say(f"  the store on PostgreSQL 15 (needs {DEBIAN}, which is not here)\n")
    for judge, needs in JUDGES:
        lacking = (
            f" (needs {needs}, which is not here)" if needs and not shutil.which(needs) else ""
        )
        say(f"  {judge}{lacking}\n")


if __name__ == "__main__":
    main()
