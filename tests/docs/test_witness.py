"""Every command in witness.md works, in the order in which it stands there."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks
from tests.docs.test_readme import free_port
from tests.docs.warm import terminal
from uitvoering.cli.witnessing import app
from uitvoering.integrity.witness.judging import Reason

PAGE = ROOT / "docs" / "witness.md"
PORT = "8100"
SERVE = re.compile(r"^(uitvoering-witness serve .*)$", re.MULTILINE)
BESIDE = r"""\1 2> served &
trap "kill $!" EXIT
until grep -q http served; do sleep 0.1; done"""
"""A reader serves in a terminal of its own."""


@pytest.mark.slow
def test_every_command_works_from_the_first_to_the_last(tmp_path: Path) -> None:
    found = blocks(PAGE)
    assert {block.language for block in found} == {"bash"}
    script = "\n".join(block.text for block in found).replace(PORT, str(free_port()))
    assert len(SERVE.findall(script)) == 1
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", SERVE.sub(BESIDE, script)],
        cwd=tmp_path,
        env=terminal(tmp_path)
        | {"UITVOERING_LANG": "en", "UITVOERING_STORE": f"sqlite:///{tmp_path / 'uitvoering.db'}"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "Log log.example.nl/uitvoering is watched" in done.stdout
    assert "Nothing was refused" in done.stdout
    assert "add-checkpoint 200 log.example.nl/uitvoering" in (tmp_path / "served").read_text()


def test_every_verb_and_every_reason_is_explained() -> None:
    text = PAGE.read_text("utf-8")
    for command in app.registered_commands:
        assert f"uitvoering-witness {command.name}" in text
    for reason in Reason:
        assert f"| `{reason}` |" in text
