"""A backup is the history up to one moment; restored, it is the same history and goes on."""

import sqlite3
import tracemalloc
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests.application.desk import (
    DEPARTMENT,
    TODAY,
    Clock,
    concluded_test,
    handed_on,
    proposed,
    raised,
    travelled,
)
from tests.persistence.facts import NOON, SIGNALLED, remembered, stream
from tests.persistence.keeping import MADE_AT
from tests.seeded import seeded
from uitvoering.application.caller import IdempotencyKey
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.persistence import backup as backing_up
from uitvoering.persistence import backup_content
from uitvoering.persistence.backup import backup, restore
from uitvoering.persistence.backup_content import BESIDE
from uitvoering.persistence.migrations import sqlite_file
from uitvoering.persistence.postgres_order import Writers
from uitvoering.persistence.store import ConflictError, Store, migrate, open_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "2026-03-05.backup"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short history takes many steps."""
    monkeypatch.setattr(backup_content, "PAGE", 7)
    monkeypatch.setattr(backing_up, "_FILE_PAGES", 2)


def log(store: Store) -> list[object]:
    return list(store.stream())


def test_a_history_restored_is_the_same_history_and_goes_on(
    empty_url: str, target_url: str, file: Path
) -> None:
    key = IdempotencyKey(key="k1", fingerprint="f" * 64)
    with closing(open_store(seeded(empty_url))) as store:
        app = Uitvoering(store=store, clock=Clock())
        proposal = proposed(app)
        concluded_test(app, proposal)
        travelled(app, proposal)
        signal = raised(app)
        first = app.handle(handed_on(), DEPARTMENT, subject=signal, idempotency=key)
        views, events = app.reading.stored(), log(store)
        made = backup(empty_url, file, MADE_AT)
    found = restore(target_url, file)
    assert found == made
    assert found.tally.events == len(events)
    with closing(open_store(target_url)) as store:
        app = Uitvoering(store=store, clock=Clock())
        assert log(store) == events
        assert app.reading.stored() == views == app.reading.replay(app.reading.moment())
        assert app.handle(handed_on(), DEPARTMENT, subject=signal, idempotency=key) == first
        assert log(store) == events
        raised(app)
        assert app.reading.stored() == app.reading.replay(app.reading.moment()) != views
        assert log(store)[: len(events)] == events
        assert store.position() > found.highest_position


def test_both_stores_give_the_same_digest_for_the_same_history(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    events = [*stream(1, 30), *stream(2, 3)]
    tallies = []
    for n, url in enumerate((sqlite_url, postgres_url)):
        migrate(url)
        with closing(open_store(url)) as store:
            store.append(events, idempotency=remembered())
        tallies.append(backup(url, tmp_path / f"{n}.backup", MADE_AT).tally)
    assert tallies[0] == tallies[1]
    assert (tallies[0].events, tallies[0].first_position, tallies[0].last_position) == (33, 1, 33)


@pytest.mark.usefixtures("small_pages")
def test_writers_go_on_and_a_backup_is_what_came_first(
    store_url: str, target_url: str, file: Path
) -> None:
    """At every step of the backup another event lands."""
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 200))
        landed = 0

        def step(_done: int, _total: int) -> None:
            nonlocal landed
            landed += 1
            store.append(stream(2, 1, after=landed - 1))

        made = backup(store_url, file, MADE_AT, step)
        events = log(store)
    assert landed > 50
    assert 200 <= made.tally.events < len(events) == 200 + landed
    restore(target_url, file)
    with closing(open_store(target_url)) as store:
        assert log(store) == events[: made.tally.events]


def test_a_position_that_was_given_out_is_never_given_out_again(
    postgres_url: str, target_url: str, file: Path
) -> None:
    """An append that was refused leaves a gap at the end, and the gap is restored too."""
    migrate(postgres_url)
    with closing(open_store(postgres_url)) as store:
        first = store.append(stream(1, 3))
        with pytest.raises(ConflictError):
            store.append(stream(1, 3))
        made = backup(postgres_url, file, MADE_AT)
    assert made.highest_position > made.tally.last_position == first[-1]
    restore(target_url, file)
    with closing(open_store(target_url)) as store:
        assert store.append(stream(2, 1))[0] > made.highest_position


def test_of_many_writers_a_backup_holds_what_no_lower_position_can_come_before(
    postgres_url: str, target_url: str, file: Path, tmp_path: Path
) -> None:
    """Beside a transaction that is under way; its answer waits with an event, and its position."""
    migrate(postgres_url, writers=Writers.PARALLEL)
    with closing(open_store(postgres_url)) as store:
        store.append(stream(1, 3), idempotency=remembered("early"))
        with psycopg.connect(postgres_url) as under_way:
            under_way.execute("SELECT pg_current_xact_id()")
            withheld = store.append(stream(2, 1), idempotency=remembered("withheld"))
            made = backup(postgres_url, file, MADE_AT)
        events = [event for _, event in store.stream()]
        assert backup(postgres_url, tmp_path / "after", MADE_AT).tally.events == 4
    assert made.tally.events == 3
    assert made.highest_position >= withheld[0]
    restore(target_url, file)
    with closing(open_store(target_url)) as store:
        assert [event for _, event in store.stream()] == events[:3]
        assert store.remembered("p-1", "early") is not None
        assert store.remembered("p-1", "withheld") is None
        assert store.append(stream(2, 1), idempotency=remembered("withheld"))[0] > withheld[0]


def test_positions_of_many_writers_fit_a_server_that_orders_them_too(
    postgres_url: str, sqlite_url: str, file: Path
) -> None:
    """Positions of another store say nothing about the transactions of this cluster."""
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        store.append(stream(1, 3))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as held:
        held.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'event'", (2**45,))
        held.commit()
    with closing(open_store(sqlite_url)) as store:
        assert store.append(stream(1, 1, after=3)) == [2**45 + 1]
        backup(sqlite_url, file, MADE_AT)
    migrate(postgres_url, writers=Writers.PARALLEL)
    restore(postgres_url, file)
    with closing(open_store(postgres_url)) as store:
        later = [store.append(stream(n, 1))[0] for n in (2, 3)]
        assert 2**45 + 1 < later[0] < later[1] < 2**53
        assert len(log(store)) == 6


def test_a_token_and_an_answer_given_are_restored(
    store_url: str, target_url: str, file: Path
) -> None:
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 1), idempotency=remembered("É"))
        store.append([], idempotency=remembered("a"))
        until = NOON + timedelta(days=1)
        bearer, token = store.tokens().create(
            organisation="uwv",
            level=Level.BOARD,
            roles={Role.LINE},
            pseudonym="p-1",
            created_at=NOON,
            expires_at=until,
        )
        backup(store_url, file, MADE_AT)
    assert bearer.encode() not in file.read_bytes()
    restore(target_url, file)
    with closing(open_store(target_url)) as store:
        assert store.tokens().find(bearer, NOON) == token
        assert store.remembered("p-1", "É") == remembered("É")
        assert store.remembered("p-1", "a") == remembered("a")


def test_a_store_without_events_is_kept_and_restored_too(
    store_url: str, target_url: str, file: Path
) -> None:
    made = backup(store_url, file, MADE_AT)
    assert (made.tally.events, made.highest_position) == (0, 0)
    assert restore(target_url, file) == made
    with closing(open_store(target_url)) as store:
        assert store.append(stream(1, 1)) == [1]


def test_a_restored_store_is_backed_up_to_the_same_digest(
    store_url: str, target_url: str, file: Path, tmp_path: Path
) -> None:
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 40))
        made = backup(store_url, file, MADE_AT)
    restore(target_url, file)
    assert backup(target_url, tmp_path / "second.backup", MADE_AT).tally == made.tally


def test_a_restored_store_guards_its_events_as_before(
    store_url: str, target_url: str, file: Path
) -> None:
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 3))
    backup(store_url, file, MADE_AT)
    restore(target_url, file)
    with closing(open_store(target_url)) as store, pytest.raises(ConflictError):
        store.append(stream(1, 1, after=4))
    target = sqlite_file(target_url)
    if target is None:
        with psycopg.connect(target_url) as server, pytest.raises(psycopg.Error, match="never"):
            server.execute("DELETE FROM event")
    else:
        with closing(sqlite3.connect(target)) as held:
            for change in ("DELETE FROM event", "UPDATE event SET topic = 'x'"):
                with pytest.raises(sqlite3.IntegrityError, match="never"):
                    held.execute(change)


def test_a_backup_is_for_nobody_else_to_read_and_leaves_nothing_beside_it(
    store_url: str, file: Path
) -> None:
    folder = file.parent / "kept"
    folder.mkdir()
    backup(store_url, folder / "one", MADE_AT)
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert (folder / "one").stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(folder / "one")) as held:
        assert held.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_every_table_is_kept_or_made_again_from_the_events(store_url: str, file: Path) -> None:
    """A new table is one or the other: decide in backup_content.py."""
    backup(store_url, file, MADE_AT)
    with closing(sqlite3.connect(file)) as held:
        rows = held.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name for (name,) in rows}
    if sqlite_file(store_url) is None:
        with psycopg.connect(store_url) as server:
            found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables |= {name for (name,) in found}
    kept = {"event", *(table.name for table in BESIDE)}
    ours = {"backup_manifest", "schema_version", "sqlite_sequence"}
    made_again = {name for name in tables if name.startswith("view_")} | {"event_order"}
    assert kept | ours <= tables <= kept | ours | made_again


def test_a_table_beside_the_events_is_kept_with_all_its_columns(sqlite_url: str) -> None:
    migrate(sqlite_url)
    file = sqlite_file(sqlite_url)
    assert file is not None
    with closing(sqlite3.connect(file)) as held:
        for table in BESIDE:
            held_columns = {row[1] for row in held.execute(f"PRAGMA table_info({table.name})")}
            assert set(table.columns) == held_columns
        columns = {row[1] for row in held.execute("PRAGMA table_info(event)")}
        assert set(backup_content.EVENT_COLUMNS) == columns


@pytest.mark.usefixtures("small_pages")
def test_progress_is_told_and_comes_to_an_end(store_url: str, target_url: str, file: Path) -> None:
    told: list[tuple[int, int]] = []
    with closing(open_store(store_url)) as store:
        store.append(stream(1, 50))
    backup(store_url, file, MADE_AT, lambda *at: told.append(at))
    restore(target_url, file, lambda *at: told.append(at))
    assert len(told) > 20
    assert all(0 <= done <= total for done, total in told)


@pytest.mark.usefixtures("small_pages")
def test_memory_holds_a_page_and_never_the_history(
    store_url: str, target_url: str, file: Path
) -> None:
    long = SIGNALLED.model_copy(update={"statement": Statement(text="woord " * 8_000)})
    with closing(open_store(store_url)) as store:
        for n in range(200):
            store.append(stream(n, 1, first=long))
    size = 200 * 8_000 * len("woord ")
    tracemalloc.start()
    try:
        backup(store_url, file, MADE_AT)
        restore(target_url, file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size / 3


def test_the_clock_of_the_caller_is_in_the_backup(store_url: str, file: Path) -> None:
    assert backup(store_url, file, TODAY).made_at == "2026-06-15T10:00:00.000000Z"
