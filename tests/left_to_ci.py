"""What `make test` left to `.ci/run`, said at its end: green is not all of it."""

import shutil
import sys

from tests.integrity.openssl import OPENSSL
from tests.postgres import DEBIAN

JUDGES = (
    ("Spectral with the Dutch API Design Rules", "npm"),
    ("pyright, strict", "npm"),
    ("schemathesis against a running service", ""),
    ("a generated client that files and reads a signal", ""),
    ("reuse: a licence on every file", ""),
    ("the wheel, installed without the checkout", ""),
    ("Go's sumdb over our checkpoints, tiles, proofs and receipts", "go"),
    ("@sigstore/verify and @noble/post-quantum over our notes, proofs and stamps", "npm"),
    ("aics-tlog and aics-witness over our log, and against our witness", "python3.12"),
)
"""Each judge, and the program it needs that Python cannot install."""


def main() -> None:
    say = sys.stdout.write
    say("left to .ci/run, which `make test` is the first step of:\n")
    if not DEBIAN.is_dir():
        say(f"  the store on PostgreSQL 15 (needs {DEBIAN}, which is not here)\n")
    if OPENSSL is None:
        say("  openssl over our signatures and time stamps (which is not here)\n")
    for judge, needs in JUDGES:
        lacking = (
            f" (needs {needs}, which is not here)" if needs and not shutil.which(needs) else ""
        )
        say(f"  {judge}{lacking}\n")


if __name__ == "__main__":
    main()
