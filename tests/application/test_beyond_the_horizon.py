"""In parallel mode readers wait for older transactions; a decision never rests on less."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from tests.persistence.facts import stream, stream_id
from tests.postgres import Server
from uitvoering.application.reading import Reading
from uitvoering.errors import ViewBehindError
from uitvoering.persistence import views
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import migrate, open_store
from uitvoering.projections.signals import SignalDossier


@pytest.fixture
def url(postgres_server: Server) -> Iterator[str]:
    with postgres_server.database() as address:
        migrate(address, writers=Writers.PARALLEL)
        yield address


def test_a_decision_rests_on_what_others_recorded_or_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PATIENCE", 0.2)
    with closing(open_store(url)) as one, closing(open_store(url)) as another:
        reading = Reading(one, lambda: datetime.now(UTC))
        with psycopg.connect(url) as older:
            older.execute("SELECT pg_current_xact_id()")  # it has a number and does not end
            another.append(stream(1, 2))
            assert len(one.facts(stream_id(1))) == 2
            with pytest.raises(ViewBehindError):
                reading.decided_on().get(SignalDossier, stream_id(1))
        found = reading.decided_on().get(SignalDossier, stream_id(1))
    assert found is not None
    assert len(found.facts) == 2
