"""The log under /log/: what tlog-tiles asks of a server, and what an operator is told of it."""

import gzip
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2 as httpx
import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families

from tests.api.conftest import ON_SQLITE, SIGNAL, Caller, Running, serving
from tests.integrity.watched import witness_keys
from uitvoering import wiring
from uitvoering.api.server import create_api
from uitvoering.application import log_standing
from uitvoering.cli.serving import listening
from uitvoering.domain.values import Level, Role
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys.key_files import KeyFiles
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.rows import LedgerRows
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.tree.merkle import Tree, leaf_hash
from uitvoering.integrity.tree.tiles import tile_of, tiles_of
from uitvoering.settings import Settings

ORIGIN = "log.example.nl/uitvoering"
IMMUTABLE = "max-age=31536000, immutable"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Settings]]:
    """A server over a store with a log that is carried on when a test says so."""
    settings = Settings(store=f"sqlite:///{tmp_path_factory.mktemp('log') / 'uitvoering.db'}")
    wiring.create_ledger(settings, ORIGIN)
    with serving(settings.store) as running:
        sequence(settings)
        yield running, settings


@pytest.fixture
def closed(public: tuple[Running, Settings]) -> Iterator[Running]:
    """The same, shown to auditors alone."""
    running, settings = public
    given = settings.model_copy(update={"log_readers": "auditors"})
    with listening("127.0.0.1", 0) as (door, address):
        server = uvicorn.Server(
            uvicorn.Config(create_api(running.app, given), log_level="critical")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        with httpx.Client(base_url=address, timeout=60) as client:
            yield Running(running.app, client, given)
        server.should_exit = True
        thread.join()


def sequence(settings: Settings) -> int:
    told: list[UitvoeringError] = []
    with wiring.sequencing(settings, told.append) as work:
        return work.once().checkpoint.size


def ledger_of(settings: Settings) -> Ledger:
    return Ledger.opened(Path(f"{settings.store.removeprefix('sqlite:///')}.ledger"))


def test_the_whole_log_is_read_and_checked_over_http_alone(
    public: tuple[Running, Settings],
) -> None:
    running, _ = public
    get = running.nobody.get
    answer = get("/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=2"
    assert answer.headers["access-control-allow-origin"] == "*"
    note = parsed(answer.content)
    checkpoint = checkpoint_of(note.text)
    assert checkpoint.origin == ORIGIN
    assert checkpoint.size > 100
    served = {}
    for tile in tiles_of(checkpoint.size):
        answer = get(f"/log/{tile.path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == f"public, {IMMUTABLE}"
        served[tile.path] = answer.content
    leaves = [
        leaf
        for path, data in served.items()
        if path.startswith("tile/entries/")
        for leaf in tile_of(path).leaves(data)
    ]

    hashes = b"".join(map(leaf_hash, leaves))
    assert hashes == b"".join(d for p, d in served.items() if p.startswith("tile/0/"))
    assert Tree(map(leaf_hash, leaves)).root() == checkpoint.root


def test_entries_travel_compressed_to_who_takes_that(public: tuple[Running, Settings]) -> None:
    running, settings = public
    path = f"tile/entries/000.p/{ledger_of(settings).published().checkpoint.size}"
    stored = (ledger_of(settings).public / path).read_bytes()
    for accepted, packed in (
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("br", False),
        ("gzip;q=much", False),
    ):
        with running.client.stream(
            "GET", f"/log/{path}", headers={"Accept-Encoding": accepted}
        ) as answer:
            raw = b"".join(answer.iter_raw())
        assert "Accept-Encoding" in answer.headers["vary"]
        assert (answer.headers.get("content-encoding") == "gzip") == packed, accepted
        assert (gzip.decompress(raw) if packed else raw) == stored
        assert int(answer.headers["content-length"]) == len(raw)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing",
        "checkpoint/",
        "tile",
        "tile/0/0",
        "tile/0/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/64/000",
        "tile/-1/000",
        "tile/entries/x000/000.p/1",
        "tile/0/../../ledger.json",
        "..%2fledger.json",
        "%2e%2e/ledger.db",
    ],
)
def test_what_is_no_part_of_the_log_is_a_404(public: tuple[Running, Settings], path: str) -> None:
    running, _ = public
    answer = running.nobody.get(f"/log/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "path-unknown"
    assert answer.headers["cache-control"] == "no-store"


def test_a_tile_that_no_checkpoint_speaks_of_is_not_shown(
    public: tuple[Running, Settings],
) -> None:
    """It may be written again, with other events, after a crash; a cache would keep the first."""
    running, settings = public
    tiles = ledger_of(settings).public / "tile/0/000.p"
    size = ledger_of(settings).published().checkpoint.size
    shutil.copy(tiles / str(size), tiles / str(size + 1))
    assert running.nobody.get(f"/log/tile/0/000.p/{size + 1}").status_code == 404
    (tiles / str(size + 1)).unlink()


def test_head_tells_the_same_without_the_content(public: tuple[Running, Settings]) -> None:
    running, settings = public
    size = ledger_of(settings).published().checkpoint.size
    for path in ("checkpoint", f"tile/0/000.p/{size}"):
        head = running.nobody.ask("HEAD", f"/log/{path}")
        get = running.nobody.get(f"/log/{path}")
        assert head.status_code == 200
        assert head.content == b""
        for name in ("content-type", "content-length", "cache-control"):
            assert head.headers[name] == get.headers[name]
    assert running.nobody.ask("POST", "/log/checkpoint").status_code == 405


def test_a_log_for_auditors_is_shown_to_their_tokens_alone(closed: Running) -> None:
    auditor = closed.caller("rekenkamer", Level.EXPERT, Role.AUDITOR)
    for path in ("checkpoint", "tile/0/000.p/1"):
        assert closed.nobody.get(f"/log/{path}").status_code == 401
        line = closed.caller("uwv", Level.TEAM_LEAD, Role.LINE).get(f"/log/{path}")
        assert (line.status_code, line.json()["code"]) == (403, "role-missing")
    answer = auditor.get("/log/checkpoint")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, max-age=2"
    assert "access-control-allow-origin" not in answer.headers


@ON_SQLITE
def test_without_a_log_there_is_nothing_under_it(nobody: Caller) -> None:
    assert nobody.get("/log/checkpoint").status_code == 404
    assert "log" not in nobody.get("/_healthz/readyz").json()
    assert "uitvoering_log" not in nobody.get("/_healthz/metrics").text


# --- health


def gauges(running: Running) -> dict[str, float]:
    text = running.nobody.get("/_healthz/metrics").text
    return {
        sample.name.removeprefix("uitvoering_log_"): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("uitvoering_log_")
    }


def test_health_tells_how_far_the_log_is(public: tuple[Running, Settings]) -> None:
    running, settings = public
    before = sequence(settings)
    floor = running.caller("uwv", Level.FRONTLINE, Role.REPORTER)
    floor.post("/api/v1/signals?receipt=promise", SIGNAL)
    told = running.nobody.get("/_healthz/readyz").json()
    log, lag = told["log"], len(list(running.app.store.rows(0))) - before
    assert lag > 0
    assert (log["origin"], log["size"], log["lagEvents"]) == (ORIGIN, before, lag)
    assert (log["witnessed"], log["late"], log["refusals"]) == (False, [], [])
    assert told["status"] == "pass"
    assert "quorumSize" not in log
    found = gauges(running)
    assert (found["size"], found["lag_events"], found["unreadable"]) == (before, lag, 0)
    assert 0 <= found["checkpoint_age_seconds"] < 60
    assert sequence(settings) == before + lag
    assert gauges(running)["lag_events"] == 0


def test_health_tells_the_age_of_the_quorum(public: tuple[Running, Settings]) -> None:
    running, settings = public
    ledger = ledger_of(settings)
    keys = witness_keys()
    _, held = wiring.places(settings)
    [log, *_] = KeyFiles(held, ORIGIN).checkpoint_keys()
    rows = (f"log {log.public}", f"witness ministry {keys[0].public}", "quorum ministry", "")
    ledger.policy.write_text("\n".join(rows))
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["log"]["late"]) == ("warn", ["quorum"])
    assert told["log"]["waitingFor"] == ["ministry"]
    published = ledger.published()
    at = int(wiring.utc_now().timestamp()) - 100
    line = keys[0].cosignature_line(published.checkpoint, at)
    for file in (ledger.checkpoint_file, ledger.cosigned_file):
        file.write_bytes(published.note + line.encode())
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["log"]["late"]) == ("pass", [])
    assert told["log"]["cosignedBy"] == ["ministry"]
    found = gauges(running)
    assert found["quorum_size"] == published.checkpoint.size
    assert 100 <= found["quorum_age_seconds"] < 160
    ahead = keys[0].cosignature_line(published.checkpoint, at + 20 * 86_400)
    ledger.cosigned_file.write_bytes(published.note + ahead.encode())
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["log"]["late"]) == ("warn", ["quorum"]), "it hides weeks"
    ledger.cosigned_file.write_bytes(published.note + line.encode())
    ledger.refusals_file.write_text("ministry: witness-refused 403\n")
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["log"]["refusals"]) == ("warn", ["ministry: witness-refused 403"])
    assert gauges(running)["refusals"] == 1
    ledger.refusals_file.unlink()
    ledger.policy.unlink()
    ledger.cosigned_file.unlink()


def test_health_tells_the_age_of_the_last_stamp(public: tuple[Running, Settings]) -> None:
    running, settings = public
    now = int(wiring.utc_now().timestamp())
    assert "stampAgeSeconds" not in running.nobody.get("/_healthz/readyz").json()["log"]
    for age, late in ((3 * 86_400, ["stamp"]), (3_600, [])):
        with closing(ledger_of(settings).rows()) as rows:
            newest = rows.newest()
            assert newest is not None
            rows.add_stamp(newest.number, "https://tsa.example.nl", b"", now - age)
        log = running.nobody.get("/_healthz/readyz").json()["log"]
        assert log["late"] == late
        assert age <= log["stampAgeSeconds"] < age + 60
        assert age <= gauges(running)["stamp_age_seconds"] < age + 60


def test_a_log_that_stands_still_is_told_and_filing_goes_on(
    public: tuple[Running, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, settings = public
    floor = running.caller("uwv", Level.FRONTLINE, Role.REPORTER)
    assert floor.post("/api/v1/signals?receipt=promise", SIGNAL).status_code == 201
    monkeypatch.setattr(log_standing, "TERM_SECONDS", -1)
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["log"]["late"]) == ("warn", ["lag"])
    monkeypatch.undo()
    checkpoint = ledger_of(settings).checkpoint_file
    whole = checkpoint.read_bytes()
    checkpoint.write_bytes(b"no checkpoint")
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["logUnreadable"]) == ("warn", "ledger-damaged")
    assert gauges(running) == {"unreadable": 1}
    assert floor.post("/api/v1/signals?receipt=promise", SIGNAL).status_code == 201
    checkpoint.write_bytes(whole)
    positions = ledger_of(settings).directory / "positions"
    held = positions.read_bytes()
    positions.write_bytes(b"")
    told = running.nobody.get("/_healthz/readyz").json()
    assert (told["status"], told["logUnreadable"]) == ("warn", "ledger-damaged")
    positions.write_bytes(held)
    sequence(settings)


def test_a_log_that_cannot_be_read_keeps_the_service_ready(
    public: tuple[Running, Settings],
) -> None:
    running, settings = public
    ledger = ledger_of(settings)
    floor = running.caller("uwv", Level.FRONTLINE, Role.REPORTER)
    kept = ledger.directory / "kept"
    for broken, code in ((ledger.policy, "ledger-unreadable"), (ledger.public, "ledger-damaged")):
        if broken.exists():
            broken.rename(kept)
        broken.mkdir()
        told = running.nobody.get("/_healthz/readyz")
        assert told.status_code == 200
        assert (told.json()["status"], told.json()["logUnreadable"]) == ("warn", code)
        assert gauges(running) == {"unreadable": 1}
        assert floor.post("/api/v1/signals?receipt=promise", SIGNAL).status_code == 201
        broken.rmdir()
        if kept.exists():
            kept.rename(broken)
    positions = ledger.directory / "positions"
    positions.rename(kept)
    told = running.nobody.get("/_healthz/readyz")
    assert (told.status_code, told.json()["logUnreadable"]) == (200, "ledger-damaged")
    kept.rename(positions)
    sequence(settings)


def test_a_log_that_is_away_is_out_of_reach_and_not_damaged(
    public: tuple[Running, Settings],
) -> None:
    running, settings = public
    size = sequence(settings)
    directory, (event, *_) = ledger_of(settings).directory, running.app.store.stream(until=9)
    away = directory.with_name("away")
    directory.rename(away)
    tile = next(iter(tiles_of(size))).path
    for path in ("/log/checkpoint", f"/log/{tile}", f"/api/v1/receipts/{event[1].event_id}"):
        answer = running.nobody.get(path, **{"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["code"]) == (503, "ledger-away"), path
        assert "Filing goes on" in answer.json()["detail"]
    told = running.nobody.get("/_healthz/readyz")
    assert (told.status_code, told.json()["logUnreadable"]) == (200, "ledger-away")
    floor = running.caller("uwv", Level.FRONTLINE, Role.REPORTER)
    assert floor.post("/api/v1/signals?receipt=promise", SIGNAL).status_code == 201
    away.rename(directory)
    sequence(settings)


def test_a_tile_that_cannot_be_read_is_told_as_such(public: tuple[Running, Settings]) -> None:
    running, settings = public
    size = sequence(settings)
    path = next(tile.path for tile in tiles_of(size) if tile.level == 0)
    tile = ledger_of(settings).public / path
    kept = tile.with_name("kept")
    tile.rename(kept)
    tile.mkdir()
    told = running.nobody.get(f"/log/{path}")
    assert (told.status_code, told.json()["code"]) == (503, "ledger-unreadable")
    tile.rmdir()
    kept.rename(tile)


def test_tiles_of_what_is_published_are_shown_beside_a_full_one_that_is_not_yet(
    public: tuple[Running, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sequencer was killed between writing a tile to its end and signing it."""
    running, settings = public
    sequence(settings)
    ledger = ledger_of(settings)
    size = ledger.published().checkpoint.size
    floor = running.caller("uwv", Level.FRONTLINE, Role.REPORTER)
    for _ in range(256 - size % 256):
        floor.post("/api/v1/signals?receipt=promise", SIGNAL)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LedgerRows, "add_checkpoint", killed)
        with pytest.raises(KeyboardInterrupt):
            sequence(settings)
    full = f"tile/0/{size // 256:03}"
    assert (ledger.public / full).exists()
    assert running.nobody.get(f"/log/{full}").status_code == 404
    for tile in tiles_of(size):
        assert running.nobody.get(f"/log/{tile.path}").status_code == 200
    sequence(settings)
    assert running.nobody.get(f"/log/{full}").status_code == 200
