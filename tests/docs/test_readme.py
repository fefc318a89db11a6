"""Every command in README works, in the order in which it stands there."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks
from tests.docs.warm import terminal

README = ROOT / "README.md"
PORT = "8000"
REPLACED = {"make run", "make test"}
"""`make run` sets up and then runs `uitvoering demo`, which stands in for it here: setting up takes
a package index. `make test` is what runs this test."""
RUN = ["bash", "-euo", "pipefail", "-c"]


def test_the_two_commands_of_a_newcomer_stand_there_and_are_all_that_is_not_run_as_it_stands() -> (
    None
):
    found = blocks(README)
    assert {block.language for block in found} == {"console", "bash"}
    typed = {line for block in found if block.language == "console" for line in _lines(block.text)}
    assert typed == REPLACED
    run = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^run: install.*\n\t\$\(BIN\)/uitvoering demo$", run, re.MULTILINE)


def test_every_command_works_from_the_first_to_the_last(walk: "Walk") -> None:
    script = "\n".join(block.text for block in blocks(README) if block.language == "bash")
    done = subprocess.run(
        [*RUN, script.replace(f":{PORT}/", f":{walk.port}/")],
        cwd=walk.folder,
        env=walk.environment,
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    trail, rest = done.stdout.split('{"items":', 1)[1].split("\n", 1)[0], done.stdout
    assert '"reason":null' in trail
    assert '"justification":"none"' in trail, "the last step lost force without a reason"
    assert "2 vastgelegd" in rest or "2 recorded" in rest
    assert (walk.folder / "trail.svg").read_text("utf-8").startswith("<?xml")
    assert (walk.folder / "openapi.json").stat().st_size > 1000
    assert (walk.folder / "generated" / "events.md").read_text("utf-8").startswith("# ")


class Walk:
    """Where a reader stands: a folder, the first terminal, and what it said to paste."""

    def __init__(self, folder: Path, port: int, environment: dict[str, str]) -> None:
        self.folder, self.port, self.environment = folder, port, environment


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    environment = terminal(tmp_path, ".venv/bin") | {"TMPDIR": str(tmp_path)}
    port = free_port()
    with (
        (tmp_path / "first-terminal").open("w+") as out,
        subprocess.Popen(
            [sys.executable, "-m", "uitvoering", "demo", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            preexec_fn=_heeds_interrupts,  # noqa: PLW1509 no thread of ours runs here
        ) as first,
    ):
        try:
            said = _wait_for_exports(first, tmp_path / "first-terminal")
            for name, value in re.findall(r"^export (\w+)=(.*)$", said, re.MULTILINE):
                environment[name] = value
            yield Walk(tmp_path, port, environment)
        finally:
            first.send_signal(signal.SIGINT)
            assert first.wait(timeout=30) == 0, "Ctrl-C is how one stops it"


def _heeds_interrupts() -> None:
    # A shell's background job ignores Ctrl-C, and so would its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _wait_for_exports(first: subprocess.Popen[bytes], told: Path) -> str:
    """Until it serves: the address it listens at is the last thing it says."""
    said = ""
    for _ in range(2_400):
        said = told.read_text(encoding="utf-8")
        if "http://127.0.0.1:" in said:
            return said
        assert first.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(said)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
    return port


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
