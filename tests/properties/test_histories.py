"""Whatever is asked, in whatever order: events rebuild everything, and a retry records nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres
from tests.properties.histories import Histories, NewStore

_ANY = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def any_history(new_store: NewStore, examples: int, steps: int) -> None:
    class Here(Histories):
        """On this store."""

    Here.new_store = staticmethod(new_store)
    run_state_machine_as_test(
        Here, settings=settings(_ANY, max_examples=examples, stateful_step_count=steps)
    )


@pytest.fixture
def new_file(tmp_path: Path) -> NewStore:
    @contextmanager
    def new() -> Iterator[str]:
        yield f"sqlite:///{tmp_path / uuid4().hex}.db"

    return new


def test_a_short_history_holds(new_file: NewStore) -> None:
    any_history(new_file, examples=3, steps=25)


@pytest.mark.slow
def test_any_history_holds_on_sqlite(new_file: NewStore) -> None:
    any_history(new_file, examples=20, steps=50)


@pytest.mark.slow
def test_any_history_holds_on_postgres(postgres_server: postgres.Server) -> None:
    any_history(postgres_server.database, examples=4, steps=40)
