"""The command as a person starts it: a process of its own, on a store of its own.

A hundred cold starts would take minutes, nearly all of it imports. So one process imports what the
command leans on, once, and forks for every call; the command line itself is imported in the fork,
with the settings of that call. `test_manners.py` starts some the slow way.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered, told beside it, and came to."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        """One document and nothing else: anything more does not parse."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Command:
    folder: Path
    settings: dict[str, str]
    program: str = "uitvoering"

    @property
    def environment(self) -> dict[str, str]:
        given = {n: v for n, v in os.environ.items() if not n.startswith("UITVOERING_")}
        given |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLUMNS": "160"}
        given |= {"UITVOERING_STORE": f"sqlite:///{self.folder / 'store.db'}"}
        return given | self.settings

    def __call__(self, *words: str, typed: str = "", **settings: str) -> Said:
        with tempfile.TemporaryDirectory() as name:
            desk = Path(name)
            (desk / "in").write_text(typed, encoding="utf-8")
            asked = {
                "words": words,
                "program": self.program,
                "folder": str(self.folder),
                "environment": self.environment | settings,
                "desk": name,
            }
            code = _nursery().run(asked)
            out, err = ((desk / part).read_bytes().decode() for part in ("out", "err"))
        return Said(out, err, code)

    def cold(self, *words: str, **settings: str) -> Said:
        """The slow way, imports and interpreter settings included."""
        done = subprocess.run(
            [sys.executable, "-m", "uitvoering", *words],
            capture_output=True,
            cwd=self.folder,
            env=self.environment | settings,
            timeout=120,
            check=False,
        )
        # A latin-1 terminal is written latin-1: what counts is that the answer came whole.
        out = done.stdout.decode(errors="replace")
        return Said(out, done.stderr.decode(errors="replace"), done.returncode)


@dataclass(frozen=True)
class Nursery:
    process: subprocess.Popen[str]

    def run(self, asked: dict[str, Any]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        """It ends when its standard input does."""
        self.process.communicate(timeout=30)


@cache
def _nursery() -> Nursery:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("UITVOERING_")}
    process = subprocess.Popen(  # closed at exit
        [sys.executable, "-m", "tests.cli.nursery"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        text=True,
    )
    nursery = Nursery(process)
    atexit.register(nursery.close)
    return nursery
