"""On each store in turn: two signals handed on, all of it in the log and in the views."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.application.desk import TEAM_LEAD, Clock, handed_on, raised
from tests.monitoring.intruder import Intruder
from tests.monitoring.post import GAP, ORIGIN, Post
from uitvoering.application.monitoring import Monitoring
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import KeyFiles, Use
from uitvoering.integrity.log import founding
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.persistence.store import open_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def post(seeded_url: str, tmp_path: Path, clock: Clock) -> Iterator[Post]:
    keys, directory = tmp_path / "keys", tmp_path / "ledger"
    intruder = Intruder(seeded_url)
    with closing(open_store(seeded_url)) as store:
        app = Uitvoering(store=store, clock=clock)
        key_files.create(keys, ORIGIN, [Use.CHECKPOINT], clock())
        ledger = Ledger(directory, ORIGIN, "2026-06-15T10:00:00Z")
        founding.create(ledger, KeyFiles(keys, ORIGIN), lambda: int(clock().timestamp()))
        first = raised(app)
        intruder.skip_positions(GAP)
        second = raised(app)
        for signal in (first, second):
            app.handle(handed_on(), TEAM_LEAD, subject=signal)
        app.reading.views.catch_up()
        public = [row.key for row in key_files.listed(keys)]
        monitoring = Monitoring(
            app,
            ledger,
            public,
            lambda: key_files.last_signed(keys),
            kept_in=tmp_path / "monitor.json",
        )
        made = Post(app, monitoring, intruder, keys, (first, second))
        made.sequence()
        yield made
