"""A private key is in its own file and nowhere else: no store, log, pack or answer holds it."""

import base64
from pathlib import Path

from tests.cli.command import Command, Said
from uitvoering.integrity.keys.key_files import Use, held_keys
from uitvoering.integrity.keys.private_files import private_folder

ORIGIN = "log.example.nl/secrets"


def seeds(keys: Path) -> list[bytes]:
    with private_folder(keys) as folder:
        return [row.key.seed for use in Use for row in held_keys(folder, use)]


def spellings(seed: bytes) -> list[bytes]:
    return [
        seed,
        seed.hex().encode(),
        seed.hex().upper().encode(),
        # Behind other bytes too, as in the file of a key: the middle is the same at each offset.
        *(base64.b64encode(bytes(lead) + seed)[4:-4] for lead in range(3)),
    ]


def test_no_private_key_leaves_its_file(tmp_path: Path) -> None:
    command = Command(tmp_path, {"UITVOERING_LANG": "en"})
    said: list[Said] = [
        command(*words.split())
        for words in (
            "migrate",
            f"keys create {ORIGIN}",
            f"ledger create {ORIGIN}",
            "case load a-caf11",
            "ledger follow --once",
            "keys rotate",
            "ledger follow --once",
            "keys list --json",
            "keys list --policy",
            "ledger status --json",
            "backup copy",
            "export pack",
            "settings",
        )
    ]
    assert [row.err for row in said if row.code] == []
    found = seeds(tmp_path / "store.db.keys")
    own = b"".join(file.read_bytes() for file in (tmp_path / "store.db.keys").glob("*.key"))
    assert all(any(spelling in own for spelling in spellings(seed)) for seed in found)
    assert len(found) > 4, "old and new ones"
    written = [file for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".key"]
    assert {"store.db", "ledger.db", "checkpoint", "copy", "manifest.json"} <= {
        file.name for file in written
    }
    answered = "".join(row.out + row.err for row in said).encode()
    for where, data in [("answer", answered), *((f.name, f.read_bytes()) for f in written)]:
        for seed in found:
            assert not any(spelling in data for spelling in spellings(seed)), where
