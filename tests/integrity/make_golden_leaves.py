"""Adds a golden leaf for every golden event that has none; a leaf that is there never changes.

`python -m tests.integrity.make_golden_leaves`; the leaves stand in the order of the events.
"""

from pathlib import Path

from tests.persistence.make_golden import lines
from uitvoering.integrity.tree.leaf import leaf_of

GOLDEN = Path(__file__).parent / "golden" / "leaves.jsonl"
ORIGIN = "log.example.nl/golden"


def leaves() -> list[bytes]:
    return GOLDEN.read_bytes().splitlines() if GOLDEN.exists() else []


def main() -> None:
    missing = lines()[len(leaves()) :]
    with GOLDEN.open("ab") as golden:
        for line in missing:
            golden.write(leaf_of(ORIGIN, line["topic"], line["state"].encode()) + b"\n")


if __name__ == "__main__":
    main()
