"""Reads one call a line, forks a command for it, and answers with its exit code."""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from uitvoering.domain.values import Statement
from uitvoering.labels.table import LANGUAGES, Labels
from uitvoering.softening.compare import compare

PROGRAMS = {"uitvoering": "uitvoering.__main__", "uitvoering-witness": "uitvoering.cli.witnessing"}
WARM = ("api.server", "cases.loading", "cases.observations", "pictures.trail", "wiring")
"""What is imported before the fork: everything below the command line."""


def warm() -> None:
    for name in WARM:
        importlib.import_module(f"uitvoering.{name}")
    importlib.import_module("rich.progress")
    importlib.import_module("typer")
    for lang in LANGUAGES:
        Labels.load(lang)
    compare(Statement(text="Huurders wachten."), Statement(text="They may wait for the rent."))


def main() -> None:
    warm()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            become(asked, _streams(Path(asked["desk"])))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _streams(desk: Path) -> list[int]:
    flags = {"in": os.O_RDONLY, "out": os.O_WRONLY | os.O_CREAT, "err": os.O_WRONLY | os.O_CREAT}
    return [os.open(desk / name, flag, 0o600) for name, flag in flags.items()]


def become(asked: dict[str, Any], streams: list[int]) -> None:
    """Streams, folder and settings as a fresh process would find them; never returns."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 lives as long as we do
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115 as above
    sys.stderr = open(2, "w", encoding=encoding, closefd=False)  # noqa: SIM115 as above
    sys.argv = [asked["program"], *asked["words"]]
    code: object = 0
    try:
        importlib.import_module(PROGRAMS[asked["program"]]).main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 what a process would do: show it and come to 1
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
