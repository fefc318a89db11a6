"""Judges evidence with aics-tlog: a case a line in, an answer a line out.

It is not told what is expected of it.
"""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aics_tlog import (
    FileSystemTileReader,
    VKey,
    audit_tiles,
    leaf_hash,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verify_checkpoint,
    verify_consistency,
    verify_inclusion,
)

Given = dict[str, Any]


def main() -> None:
    for line in sys.stdin:
        given = json.loads(line)
        try:
            why = "" if JUDGES[given["kind"]](given) else "it does not hold"
        except (ValueError, OSError) as error:
            why = str(error) or type(error).__name__
        print(json.dumps({"holds": not why, "why": why}))


def checkpoint(given: Given) -> bool:
    """Signed by the log, and cosigned by at least `quorum` of the witnesses."""
    witnesses: list[VKey] = [parse_vkey(key) for key in given.get("witnesses", [])]
    signed = parse_note(given["note"])
    log = parse_vkey(given["vkey"])
    found = verify_checkpoint(
        signed, log, witnesses, given.get("quorum", 0), expected_origin=log.name
    )
    return found.ok


def inclusion(given: Given) -> bool:
    leaf = leaf_hash(raw(given["leaf"]))
    return verify_inclusion(
        leaf, given["index"], given["size"], [*map(raw, given["proof"])], raw(given["root"])
    )


def consistency(given: Given) -> bool:
    old_root, root = raw(given["oldRoot"]), raw(given["root"])
    proof = [*map(raw, given["proof"])]
    return verify_consistency(given["old"], given["size"], old_root, root, proof)


def tiles(given: Given) -> bool:
    return audited(Path(given["directory"]), given["size"], raw(given["root"]))


def log(given: Given) -> bool:
    """All that a log serves: its newest checkpoint, every tile below it, every entry."""
    directory = Path(given["directory"])
    note = (directory / "checkpoint").read_text(encoding="utf-8")
    found = parse_checkpoint(parse_note(note).text)
    return checkpoint({**given, "note": note}) and audited(directory, found.size, found.root)


def audited(directory: Path, size: int, root: bytes) -> bool:
    audit_tiles(FileSystemTileReader(directory), size, root)  # ValueError or OSError
    return True


def raw(text: str) -> bytes:
    return base64.b64decode(text)


JUDGES: dict[str, Callable[[Given], bool]] = {
    "checkpoint": checkpoint,
    "quorum": checkpoint,
    "inclusion": inclusion,
    "consistency": consistency,
    "tiles": tiles,
    "log": log,
}

if __name__ == "__main__":
    main()
