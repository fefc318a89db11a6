"""Time stamps that our code took from an authority of openssl's, and the same gone wrong."""

from collections.abc import Iterator
from pathlib import Path

from evidence.cases import ORIGINS, Case, encoded

from tests.integrity.authority import authority, replying, served
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.stamps import asked

_DEADLINE = 10.0


def stamp_cases(folder: Path) -> Iterator[Case]:
    ours, other = authority(folder / "ours"), authority(folder / "other", "another authority")
    for size in range(5):
        message = Checkpoint(ORIGINS[0], size, bytes([size]) * 32).text.encode()
        with served(replying(ours)) as address:
            stamp = asked(address, message, [ours.root.read_bytes()], _DEADLINE)
        given = {
            "response": encoded(stamp.response),
            "message": encoded(message),
            "certificate": ours.certificate.read_text(),
            "root": ours.root.read_text(),
        }
        case = Case("timestamp", f"{size} leaves", given)
        yield case
        yield case.wrong("another text", message=encoded(message.replace(b"\n", b"\n\n", 1)))
        yield case.wrong("another root", root=other.root.read_text())
        theirs = {"certificate": other.certificate.read_text(), "root": other.root.read_text()}
        yield case.wrong("another authority", **theirs)
        # The signature of the authority stands last.
        changed = stamp.response[:-1] + bytes([stamp.response[-1] ^ 1])
        yield case.wrong("a changed signature", response=encoded(changed))
