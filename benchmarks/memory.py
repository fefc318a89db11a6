"""How much memory does a replay of a million facts take?"""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Line, Reach, said
from benchmarks.place import LARGE, Place


def figures(here: Place) -> Iterator[Line]:
    facts = here.effort.of(LARGE)
    url = here.filled(facts)
    said(f"replaying {facts:,}")
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.replaying", url], check=True, stdout=subprocess.PIPE
    ).stdout
    told = json.loads(answer)
    yield Line(
        f"memory of a replay of {facts:,} facts, SQLite",
        told["peak"],
        "MiB",
        "the same process with the store open",
        told["start"],
        Reach(64, at_most=True, of_value=True),
    )
