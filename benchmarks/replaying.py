"""One replay in a process that does nothing else; prints the memory it took, before and at most.

It imports the store alone, so that the figure is that of a replay and not of the benchmarks.
"""

import json
import resource
import sys
from collections import deque
from contextlib import closing
from pathlib import Path

from uitvoering.persistence.store import open_store

_STATUS = Path("/proc/self/status")


def peak() -> float:
    """The largest this program was, in MiB.

    Linux counts in `ru_maxrss` also what the process was before it became this program, so there
    the figure of the program alone is read where the system keeps it.
    """
    if _STATUS.exists():
        line = next(row for row in _STATUS.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    kilo = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kilo


def replayed(url: str) -> dict[str, float]:
    """Open the store, take its first fact, and then all of them."""
    with closing(open_store(url)) as store:
        next(store.stream(page=1), None)
        start = peak()
        deque(store.stream(), maxlen=0)
    return {"start": start, "peak": peak()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(replayed(sys.argv[1])))
