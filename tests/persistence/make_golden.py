"""Adds a golden line for every topic and version that has none.

`python -m tests.persistence.make_golden`; a line that is there is never changed, because stored
bytes are final.
"""

import json
from pathlib import Path

from tests.persistence.examples import example
from uitvoering.domain.events.topics import FACTS
from uitvoering.persistence.serialisation import FactMapper

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"


def lines() -> list[dict[str, str]]:
    text = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def version_of(line: dict[str, str]) -> int:
    version: int = json.loads(line["state"]).get("class_version", 1)
    return version


def missing() -> list[str]:
    """Topics without a line of their present version."""
    there = {(line["topic"], version_of(line)) for line in lines()}
    return [topic for topic, kind in FACTS.items() if (topic, kind.class_version) not in there]


def main() -> None:
    mapper = FactMapper()
    with GOLDEN.open("a", encoding="utf-8") as golden:
        for topic in missing():
            state = mapper.to_stored_event(example(FACTS[topic])).state.decode()
            golden.write(json.dumps({"topic": topic, "state": state}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
