"""The oldest server promised: the same promises on PostgreSQL 15 of Debian, where present."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import BINARIES, DEBIAN

HERE = Path(__file__).parent
PROMISES = ("test_conformance", "test_store", "test_postgres", "test_parallel_writers")


@pytest.mark.slow
@pytest.mark.skipif(
    not DEBIAN.is_dir(),
    reason="no package for pip holds PostgreSQL 15; `make test` ends by saying it was left out",
)
@pytest.mark.skipif(
    BINARIES in os.environ, reason="this is the run it starts itself, on that server"
)
def test_the_store_keeps_its_promises_on_postgresql_15() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "not sqlite"]
        + [str(HERE / f"{promise}.py") for promise in PROMISES],
        check=False,
        cwd=HERE.parents[1],
        env={**os.environ, BINARIES: str(DEBIAN)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
