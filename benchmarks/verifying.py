"""One verification in a process that does nothing else; prints how fast it was and its memory.

It imports what an auditor runs alone, so that the figure is that of a verification.
"""

import json
import resource
import sys
import time
from pathlib import Path

from uitvoering.integrity.verify.verify import Asking, verify

_STATUS = Path("/proc/self/status")


def peak() -> float:
    """The largest this program was, in MiB; see `replaying.peak`, which imports the store."""
    if _STATUS.exists():
        line = next(row for row in _STATUS.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    kilo = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / kilo


def verified(folder: str, policy: str, jobs: int) -> dict[str, float]:
    asking = Asking(Path(folder), Path(policy).read_bytes(), now=0, jobs=jobs)
    start, begun = peak(), time.perf_counter()
    report = verify(asking)
    seconds = time.perf_counter() - begun
    if report.is_broken:
        raise AssertionError("\n".join(report.lines("en")))
    # Of the largest of the processes that it started; of none when it worked alone.
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": seconds, "start": start, "peak": peak(), "others": others}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(verified(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
