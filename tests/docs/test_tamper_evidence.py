"""Whoever carries out the attack of this document sees what it says; its tests and words exist."""

import ast
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pytest

from tests.docs import warm
from tests.docs.blocks import ROOT
from tests.docs.test_readme import RUN, free_port

DOCUMENT = ROOT / "docs" / "tamper-evidence.md"
SOURCE = ROOT / "src" / "uitvoering"
TEXTS = (SOURCE / "integrity" / "verify" / "texts.toml", SOURCE / "labels" / "en.toml")
ATTACKS = ROOT / "tests" / "attacks"
PORT = "8100"
_WALK = re.compile(
    r"^```bash\n(?P<typed>.*?)^```$(?:\n\n```text\n(?P<said>.*?)^```$)?", re.MULTILINE | re.DOTALL
)
_TABLE = re.compile(r"<!-- attacks -->\n(.*?)<!-- end of attacks -->", re.DOTALL)
LEFT_OUT = "..."
_BETWEEN = "--- the next block ---"
# What is another at every walk: hashes, ids, keys and times.
_OTHERWISE = re.compile(
    r"\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{12}\b"
    r"|\d{4}-\d\d-\d\d[T ][\d:.+]+(?: UTC|Z)?|:\d{4,5}\b"
)


@cache
def walked() -> list[str]:
    """What each block printed, from the first to the last in one terminal."""
    port = str(free_port())
    script = f"\necho '{_BETWEEN}'\n".join(typed for typed, _ in blocks())
    with (
        tempfile.TemporaryDirectory() as name,
        subprocess.Popen(
            [*RUN, "exec 2>&1\n" + script.replace(PORT, port)],
            cwd=name,
            env=warm.terminal(Path(name)) | {"COLUMNS": "100"},
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as terminal,
    ):
        try:
            said, _ = terminal.communicate(timeout=900)
        finally:
            with suppress(ProcessLookupError):  # also the witness of a walk that broke off
                os.killpg(terminal.pid, signal.SIGKILL)
    assert terminal.returncode == 0, said
    return [part.strip("\n") for part in said.replace(port, PORT).split(_BETWEEN)]


def blocks() -> list[tuple[str, str]]:
    """What is typed, and what is shown of the answer."""
    return _WALK.findall(DOCUMENT.read_text("utf-8"))


@pytest.mark.slow
def test_whoever_carries_out_the_attack_sees_what_is_shown() -> None:
    for said, (_, shown) in zip(walked(), blocks(), strict=True):
        printed = iter(lines(said))
        for line in lines(shown):
            assert line == LEFT_OUT or any(line == other for other in printed), (
                f"not said, or not here: {line}\nrun `python -m tests.docs.test_tamper_evidence`"
                f" to show what is said:\n{said}"
            )


def lines(text: str) -> list[str]:
    """Without what is another at every walk."""
    return [_OTHERWISE.sub("~", line.rstrip()) for line in text.splitlines() if line.strip()]


def rows() -> list[list[str]]:
    (table,) = _TABLE.findall(DOCUMENT.read_text("utf-8"))
    found = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("|")]
    assert len(found) > 30, "the table was not found whole"
    return found[2:]


def test_every_attack_of_the_table_is_a_test() -> None:
    for _, _, _, test in rows():
        module, _, name = test.strip("`").partition("::")
        tree = ast.parse((ATTACKS / module).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_attack_is_told_in_the_words_of_the_product() -> None:
    said = "".join(text.read_text("utf-8") for text in TEXTS).casefold()
    quoted = [words.strip("“”").casefold() for _, _, words, _ in rows()]
    assert [words for words in quoted if words not in said] == []


def main() -> None:
    """Show what is said today: of every line that is shown, the one that comes closest."""
    told, text = walked(), DOCUMENT.read_text("utf-8")
    for said, (_, shown) in zip(told, blocks(), strict=True):
        sys.stdout.write(f"{said}\n\n{'=' * 80}\n\n")
        printed, anew = said.splitlines(), list[str]()
        for line in shown.splitlines():
            near = get_close_matches(line, printed, 1, cutoff=0.5)
            anew += near if line not in {LEFT_OUT, ""} and near else [line]
        text = (
            text.replace(shown, "".join(f"{line.rstrip()}\n" for line in anew)) if shown else text
        )
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
