"""The same history gives the same digests: on either store, on any machine, in any place.

`digests.json` was made on one machine and is held against on every other. A fold, a lexicon or a
rule that changes what is said of a case changes it; `python -m tests.cases.test_same_everywhere`
writes it anew, and the commit says why.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from uitvoering.cases.case import shipped

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "digests.json"
ELSEWHERE = {
    "PYTHONHASHSEED": "4242",
    "TZ": "Pacific/Auckland",
    "LC_ALL": "C",
    "UITVOERING_LANG": "nl",
}


def digests(case: str, url: str, **elsewhere: str) -> dict[str, str]:
    """Load the case in processes of their own and replay it there."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("UITVOERING_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "UITVOERING_STORE": url, **elsewhere}

    def said(*words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "uitvoering", *words, "--json"],
            capture_output=True,
            env=environment,
            check=True,
            timeout=240,
        )
        return json.loads(done.stdout)

    said("migrate")
    said("case", "load", case)
    return {row["name"]: row["sha256"] for row in said("replay")}


@pytest.mark.parametrize("case", shipped())
def test_a_replay_gives_the_digests_it_gave_elsewhere(case: str, empty_url: str) -> None:
    assert digests(case, empty_url, **ELSEWHERE) == json.loads(GOLDEN.read_text())[case]


def main() -> None:
    found: dict[str, dict[str, str]] = {}
    for case in shipped():
        with tempfile.TemporaryDirectory() as folder:
            found[case] = digests(case, f"sqlite:///{folder}/case.db")
    GOLDEN.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
