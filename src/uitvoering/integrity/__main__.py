"""The verifier by itself: `python -m uitvoering.integrity`, and verify.pyz in every pack."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

from uitvoering.errors import UitvoeringError
from uitvoering.integrity.verify.texts import LANGUAGES, said

REFUSED, USAGE, INTERRUPTED = 1, 2, 130
_LANG = "en" if os.environ.get("UITVOERING_LANG") == "en" else "nl"

try:
    from uitvoering.integrity.verify.pack import VERIFIER, Asked
    from uitvoering.integrity.verify.verify import Asking, verify
except ImportError as missing:
    if (missing.name or "").split(".")[0] != "cryptography":
        raise
    try:
        here = version("cryptography")
    except PackageNotFoundError:
        here = "-"
    sys.stderr.write(said("cryptography-old", _LANG, {"found": here}) + "\n")
    sys.exit(REFUSED)

_ARCHIVE = ".pyz"


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Exit codes: 0 holds, 1 nothing was verified, 2 wrong usage, 3 broken."""
    asked = _arguments(words)
    try:
        sys.exit(_verified(asked))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _verified(asked: argparse.Namespace) -> int:
    lang: str = asked.lang
    archive = _archive()
    try:
        asking = Asking(
            folder=asked.folder,
            policy=asked.policy.read_bytes(),
            now=time.time_ns() // 10**9,
            given={str(file): file.read_bytes() for file in asked.checkpoint},
            kept=asked.kept,
            jobs=asked.jobs,
            stamp_roots=[file.read_bytes() for file in asked.stamp_root],
            own={} if archive is None else {VERIFIER: archive.read_bytes()},
            running_from=archive,
            older=asked.older,
            asked=Asked(asked.first, asked.last, asked.stream),
        )
        report = verify(asking, partial(_counted, lang))
    except OSError as error:
        _end_of_counting()
        told = {"file": error.filename, "cause": error.strerror}
        sys.stderr.write(said("file-unreadable", lang, told) + "\n")
        return REFUSED
    except UitvoeringError as error:
        sys.stderr.write(said(error.code, lang, error.values) + "\n")
        return REFUSED
    _end_of_counting()
    if asked.json:
        sys.stdout.write(json.dumps(report.told(lang), ensure_ascii=True, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(report.lines(lang)) + "\n")
    return report.code


def _counted(lang: str, done: int, of: int) -> None:
    """On a terminal alone, over itself."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + said("progress", lang, {"done": done, "all": of}))
        sys.stderr.flush()


def _end_of_counting() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")  # clears the line of the counter


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="verify",
        description=said("usage", _LANG),
        epilog=said("exit-codes", _LANG),
        add_help=False,
    )
    option = partial(_option, parser.add_argument_group(said("options", _LANG)).add_argument)
    option("folder", metavar="DIR", type=Path)
    option("--policy", metavar="FILE", type=Path, required=True)
    option("--checkpoint", metavar="FILE", type=Path, action="append", default=[])
    option("--kept", metavar="DIR", type=Path)
    option("--older", action="store_true")
    option("--from", metavar="N", type=int, dest="first")
    option("--to", metavar="N", type=int, dest="last")
    option("--stream", metavar="ID")
    option("--stamp-root", metavar="FILE", type=Path, action="append", default=[])
    option("--jobs", metavar="N", type=int, default=os.cpu_count() or 1)
    option("--json", action="store_true")
    option("--lang", choices=LANGUAGES, default=_LANG)
    option("--help", "-h", action="help")
    return parser.parse_args(words)


def _option(add: Callable[..., object], name: str, *also: str, **how: Any) -> None:
    add(*also, name, help=said(f"option-{name.lstrip('-')}", _LANG), **how)


def _archive() -> Path | None:
    """The zipapp that runs."""
    program = Path(sys.argv[0])
    return program if program.suffix == _ARCHIVE else None


if __name__ == "__main__":
    main()
