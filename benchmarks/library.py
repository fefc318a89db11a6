"""The event library's own path: version 9.5.6 as its documentation has it with pydantic events.

The events are our own classes with our own bytes in them, so that only the way to the store and
back differs. Its documentation offers two transcoders; the faster one (orjson) is used here.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import orjson
from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent, Tracking, Transcoder
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteFactory, SQLiteTrackingRecorder
from eventsourcing.utils import Environment, get_topic, resolve_topic
from psycopg.sql import SQL, Identifier

from benchmarks.measure import Stopwatch, rate
from uitvoering.domain.events.fact import Recorded
from uitvoering.domain.events.signal import HardshipSignalled, SignalRestated
from uitvoering.domain.events.topics import AnyRecorded

_DURABLE = 2
"""PRAGMA synchronous=FULL."""
PAGE = 2000


class SignalledForLibrary(Recorded[HardshipSignalled]):
    """A class with a module path of its own: that is the library's topic."""


class RestatedForLibrary(Recorded[SignalRestated]):
    """As above."""


def events(given: Sequence[AnyRecorded]) -> list[Any]:
    """The same facts as the library takes them."""
    return [
        (
            SignalledForLibrary if isinstance(event.fact, HardshipSignalled) else RestatedForLibrary
        ).model_construct(**dict(event))
        for event in given
    ]


class Orjson(Transcoder):
    def encode(self, obj: Any) -> bytes:
        return orjson.dumps(obj)

    def decode(self, data: bytes) -> Any:
        return orjson.loads(data)


class PydanticMapper(Mapper[str]):
    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=get_topic(type(domain_event)),
            state=self.transcoder.encode(domain_event.model_dump(mode="json")),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        kind: Any = resolve_topic(stored_event.topic)
        return kind(**self.transcoder.decode(stored_event.state))


class Log(Application[str]):
    env: ClassVar[dict[str, str]] = {
        "TRANSCODER_TOPIC": get_topic(Orjson),
        "MAPPER_TOPIC": get_topic(PydanticMapper),
        "ORIGINATOR_ID_TYPE": "text",
    }

    def replay(self) -> Iterator[Any]:
        """Every event, in pages as large as ours: its notification log pages by ten."""
        after = 0
        while page := self.recorder.select_notifications(after, PAGE, inclusive_of_start=False):
            for notification in page:
                yield self.mapper.to_domain_event(notification)
            after = page[-1].id


def on_sqlite(file: Path) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(file),
        "ORIGINATOR_ID_TYPE": "text",
    }


def on_postgres(url: str, pool: int = 5) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.lstrip("/"),
        "POSTGRES_HOST": str(parts.hostname),
        "POSTGRES_PORT": str(parts.port),
        "POSTGRES_USER": str(parts.username),
        "POSTGRES_PASSWORD": "none asked",
        "POSTGRES_POOL_SIZE": str(pool),
        "ORIGINATOR_ID_TYPE": "text",
    }


def application(env: dict[str, str]) -> Log:
    """An application on that store; one that would not wait for the disk is not compared with."""
    made = Log(env)
    if isinstance(made.recorder, SQLiteApplicationRecorder):
        with made.recorder.datastore.transaction(commit=False) as cursor:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] == _DURABLE
    return made


class CountsOnSQLite(SQLiteTrackingRecorder):
    """How many facts of each level: one row counted up and the position, in one transaction."""

    def construct_create_table_statements(self) -> list[str]:
        return [
            *super().construct_create_table_statements(),
            "CREATE TABLE IF NOT EXISTS counted (level TEXT PRIMARY KEY, facts INTEGER)",
        ]

    def count(self, level: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO counted VALUES (?, 1)"
                " ON CONFLICT (level) DO UPDATE SET facts = facts + 1",
                (level,),
            )


class CountsOnPostgres(PostgresTrackingRecorder):
    """The same on PostgreSQL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table = Identifier(self.datastore.schema, "counted")
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {} (level text PRIMARY KEY, facts bigint)").format(
                table
            )
        )
        self._count = SQL(
            "INSERT INTO {} AS c VALUES (%s, 1) ON CONFLICT (level) DO UPDATE"
            " SET facts = c.facts + 1"
        ).format(table)

    def count(self, level: str, tracking: Tracking) -> None:
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._count, (level,), prepare=True)


class Counting(Projection[Any]):
    name = "counted"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(domain_event.level, tracking)


def polled_on_sqlite(log: Log, env: dict[str, str]) -> Callable[[int], float]:
    """Facts per second of so many more. The library can only poll here."""
    view = SQLiteFactory(Environment("counted", env)).tracking_recorder(CountsOnSQLite)
    assert isinstance(view, CountsOnSQLite)
    projection = Counting(view)

    def more(facts: int) -> float:
        first = view.max_tracking_id(log.name) or 0

        def fold() -> None:
            after = first
            while page := log.recorder.select_notifications(
                after, PAGE, stop=first + facts, inclusive_of_start=False
            ):
                for notification in page:
                    event = log.mapper.to_domain_event(notification)
                    projection.process_event(event, Tracking(log.name, notification.id))
                after = page[-1].id

        return rate(facts, fold)

    return more


def run_on_postgres(env: dict[str, str]) -> Callable[[int], float]:
    """Facts per second of so many more, by the library's own runner."""
    reached = 0

    def more(facts: int) -> float:
        nonlocal reached
        first = reached
        watch = Stopwatch()
        with ProjectionRunner(
            application_class=Log,
            projection_class=Counting,
            view_class=CountsOnPostgres,
            env=env,
        ) as runner:
            with watch.running():
                runner.wait(first + facts, timeout=600)
            view = runner.view
            runner.stop()
            runner.run_forever(timeout=1)
            reached = view.max_tracking_id(runner.app_name) or 0
        return facts / watch.seconds

    return more
