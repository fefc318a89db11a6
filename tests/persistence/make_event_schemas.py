"""Add a catalogue of schemas when the newest no longer says what this version writes.

Run `python -m tests.persistence.make_event_schemas`; a catalogue that was released never changes.
"""

from pathlib import Path

import orjson

import uitvoering.persistence
from uitvoering.persistence.event_schemas import catalogues, newest, of_this_version

FOLDER = Path(uitvoering.persistence.__file__).parent / "data" / "event_schemas"


def main() -> None:
    made = of_this_version()
    known = catalogues()
    if known and orjson.loads(known[newest()]) == orjson.loads(made):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{len(known) + 1}.json").write_bytes(made)


if __name__ == "__main__":
    main()
