"""Every figure, one JSON line each, and a table of all: `make bench`.

A line that is missed says so; it is no error, as figures of a machine in use are indications.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import (
    append,
    callers,
    catch_up,
    filing,
    filing_with_sequencer,
    ledger_tree,
    loading,
    memory,
    replay,
    softening,
    trail,
    verify_pack,
    writers,
)
from benchmarks.measure import QUICK, Effort, Line, markdown, said
from benchmarks.place import Place, context, place
from benchmarks.softening_table import SoftLine, softening_tables

SUBJECTS: dict[str, Callable[[Place], Iterator[Line]]] = {
    "append": append.figures,
    "callers": callers.figures,
    "writers": writers.figures,
    "catch-up": catch_up.figures,
    "replay": replay.figures,
    "load": loading.figures,
    "memory": memory.figures,
    "trail": trail.figures,
    "filing": filing.figures,
    "filing-with-sequencer": filing_with_sequencer.figures,
    "ledger-tree": ledger_tree.figures,
    "verify-pack": verify_pack.figures,
    "softening": lambda here: softening.figures(here.effort),
}
_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main() -> None:
    asked = _arguments()
    # Also when told to stop, the servers that were started are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with place(QUICK if asked.quick else Effort()) as here:
        lines = []
        for name in [asked.only] if asked.only else SUBJECTS:
            for line in SUBJECTS[name](here):
                said("")
                line.print()
                lines.append(line)
        said("")
        table = f"{context(here)}\n\n{tables(lines)}"
    sys.stdout.write(f"\n{table}")
    if asked.write is not None:
        write(asked.write, table)


def tables(lines: Sequence[Line]) -> str:
    """Scores of judged pairs have an interval, and so tables of their own."""
    scored = [line for line in lines if isinstance(line, SoftLine)]
    rest = [line for line in lines if not isinstance(line, SoftLine)]
    return "\n".join(part for part in (softening_tables(scored), markdown(rest)) if part)


def write(document: Path, table: str) -> None:
    """Replace the figures in a document and leave what is said about them."""
    text = document.read_text("utf-8")
    before, found, rest = text.partition(_BEGIN)
    _, ended, after = rest.partition(_END)
    if not (found and ended):
        sys.exit(f"{document} has no place for figures; put {_BEGIN.strip()} and {_END.strip()}")
    document.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{after}", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=SUBJECTS, help="one subject instead of all")
    parser.add_argument("--quick", action="store_true", help="less work: where figures stand")
    parser.add_argument("--write", type=Path, metavar="FILE", help="renew the table in a document")
    return parser.parse_args()


if __name__ == "__main__":
    main()
