"""Whatever is asked, in whatever order: events rebuild everything, and a retry records nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres
from tests.properties.histories import Histories

_ANY = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
def test_any_history_holds_on_sqlite(tmp_path: Path) -> None:
    @contextmanager
    def new_store() -> Iterator[str]:
        yield f"sqlite:///{tmp_path / uuid4().hex}.db"

    run_state_machine_as_test(
        lambda: Histories(new_store), settings=settings(_ANY, max_examples=30, stateful_step_count=40)
    )


@pytest.mark.slow
def test_any_history_holds_on_postgres(postgres_server: postgres.Server) -> None:
    run_state_machine_as_test(
        lambda: Histories(postgres_server.database),
        settings=settings(_ANY, max_examples=5, stateful_step_count=30),
    )


def test_a_short_history_holds(tmp_path: Path) -> None:
    @contextmanager
    def new_store() -> Iterator[str]:
        yield f"sqlite:///{tmp_path / uuid4().hex}.db"

    run_state_machine_as_test(
        lambda: Histories(new_store), settings=settings(_ANY, max_examples=4, stateful_step_count=25)
    )
