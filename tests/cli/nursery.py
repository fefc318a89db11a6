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

_MODULES = {"uitvoering": "uitvoering.__main__", "uitvoering-witness": "uitvoering.cli.witnessing"}
WARM = ("api.server", "cases.loading", "cases.observations", "pictures.trail", "wiring")
"""What is imported before the fork: everything below the command line."""


def main() -> None:
    for name in WARM:
        importlib.import_module(f"uitvoering.{name}")
    importlib.import_module("rich.progress")
    importlib.import_module("typer")
    for lang in LANGUAGES:
        Labels.load(lang)
    compare(Statement(text="Huurders wachten."), Statement(text="They may wait for the rent."))
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    """Streams, folder and settings as a fresh process would find them; never returns."""
    desk = Path(asked["desk"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, (part, flags) in enumerate(
        (
            ("in", os.O_RDONLY),
            ("out", os.O_WRONLY | os.O_CREAT),
            ("err", os.O_WRONLY | os.O_CREAT),
        )
    ):
        os.dup2(os.open(desk / part, flags, 0o600), number)
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 lives as long as we do
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115 as above
    sys.stderr = open(2, "w", encoding=encoding, closefd=False)  # noqa: SIM115 as above
    sys.argv = [asked["program"], *asked["words"]]
    code: object = 0
    try:
        importlib.import_module(_MODULES[asked["program"]]).main()
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
