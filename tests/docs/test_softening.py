"""What is told of the comparison is what it does today: commands, example, where it fails."""

import re
import subprocess
import tempfile
import textwrap
from pathlib import Path

from tests.docs.blocks import ROOT
from tests.docs.warm import terminal
from uitvoering.domain.values import Statement
from uitvoering.softening.compare import compare
from uitvoering.softening.justification import Justification
from uitvoering.softening.verdict import overall

DOCUMENT = ROOT / "docs" / "softening.md"
_BLOCK = re.compile(r"^( *)```bash\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"(?<=<!-- example -->\n).*?(?=<!-- end of example -->)", re.DOTALL)
_WRONG = re.compile(r"<!-- wrong -->\n(.*?)<!-- end of wrong -->", re.DOTALL)
_RUN = ["bash", "-euo", "pipefail", "-c"]


def typed() -> list[str]:
    """As a reader would type it; a block in a list is indented with it."""
    return [textwrap.dedent(text) for _, text in _BLOCK.findall(DOCUMENT.read_text("utf-8"))]


def run(script: str, folder: Path) -> str:
    done = subprocess.run(
        [*_RUN, script],
        cwd=folder,
        env=terminal(folder) | {"COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_command_works_from_the_first_to_the_last(tmp_path: Path) -> None:
    said = run("\n".join(typed()), tmp_path)
    assert "upheld" in said


def test_the_example_shows_what_the_method_says_today(tmp_path: Path) -> None:
    (shown,) = _EXAMPLE.findall(DOCUMENT.read_text("utf-8"))
    assert shown == example(tmp_path), "run `python -m tests.docs.test_softening`"


def test_what_is_said_to_go_wrong_goes_wrong_in_that_way() -> None:
    (table,) = _WRONG.findall(DOCUMENT.read_text("utf-8"))
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()[2:]]
    told = [(before, says) for before, _, _, says in rows]
    assert told == [(before, _overall(before, after)) for before, after, _, _ in rows]
    assert [before for before, _, in_fact, says in rows if in_fact == says] == []


def _overall(before: str, after: str) -> str:
    found = compare(Statement(text=before), Statement(text=after))
    return overall(found, Justification.NONE).value


def example(folder: Path) -> str:
    table = "\n".join(row.rstrip() for row in run(typed()[0], folder).splitlines())
    return f"\n```text\n{table}\n```\n\n"


def main() -> None:
    """Show the example anew."""
    with tempfile.TemporaryDirectory() as folder:
        shown = example(Path(folder))
    text = _EXAMPLE.sub(lambda _: shown, DOCUMENT.read_text("utf-8"))
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
