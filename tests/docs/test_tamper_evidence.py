"""Whoever carries out the attack of this document sees what it says; its tests and words exist."""

import ast
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tests.docs.test_readme import RUN, free_port

DOCUMENT = ROOT / "docs" / "tamper-evidence.md"
SOURCE = ROOT / "src" / "uitvoering"
TEXTS = (SOURCE / "integrity" / "verify_texts.toml", SOURCE / "labels" / "en.toml")
ATTACKS = ROOT / "tests" / "attacks"
PORT = "8100"
_WALK = re.compile(
    r"^```bash\n(?P<typed>.*?)^```$(?:\n\n```text\n(?P<said>.*?)^```$)?", re.MULTILINE | re.DOTALL
)
_TABLE = re.compile(r"<!-- attacks -->\n(.*?)<!-- end of attacks -->", re.DOTALL)
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
    with tempfile.TemporaryDirectory() as name:
        done = subprocess.run(
            [*RUN, "exec 2>&1\n" + script.replace(PORT, port)],
            cwd=name,
            env=environment(Path(name) / "bin"),
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=900,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    return [said.strip("\n") for said in done.stdout.replace(port, PORT).split(_BETWEEN)]


def environment(commands: Path) -> dict[str, str]:
    commands.mkdir()
    for name, module in (("uitvoering", "__main__"), ("uitvoering-witness", "cli.witnessing")):
        command = commands / name
        run = f"from uitvoering.{module} import main; main()"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{run}" "$@"\n')
        command.chmod(0o755)
    (commands / "python3").symlink_to(sys.executable)
    kept = {n: v for n, v in os.environ.items() if not n.startswith("UITVOERING_")}
    return kept | {
        "PYTHONPATH": str(SOURCE.parent),
        "PATH": f"{commands}:{kept['PATH']}",
        "COLUMNS": "100",
    }


def blocks() -> list[tuple[str, str]]:
    """What is typed, and what is shown of the answer."""
    return _WALK.findall(DOCUMENT.read_text("utf-8"))


def same(text: str) -> str:
    return _OTHERWISE.sub("~", text)


@pytest.mark.slow
def test_whoever_carries_out_the_attack_sees_what_is_shown() -> None:
    shown = [said for _, said in blocks()]
    for said, expected in zip(walked(), shown, strict=True):
        # What is left out is shown by a line with three dots.
        at = 0
        for part in expected.strip("\n").split("\n...\n") if expected else ():
            found = same(said).find(same(part), at)
            assert found >= 0, f"not said:\n{part}\n\nsaid:\n{said}"
            at = found + len(same(part))


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
    """Print what a walk says today, to be shown."""
    for said in walked():
        sys.stdout.write(f"{said}\n\n{'=' * 80}\n\n")


if __name__ == "__main__":
    main()
