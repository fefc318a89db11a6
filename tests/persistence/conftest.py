"""What more than one test of the store needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres


@pytest.fixture(params=["sqlite", "postgres"])
def target_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: postgres.Server
) -> Iterator[str]:
    """Each store in turn, not there yet, beside the one that is backed up."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
    else:
        with postgres_server.database() as url:
            yield url
