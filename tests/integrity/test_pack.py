"""What an evidence pack is made of: whole or not there, and the same bytes from the same store."""

import ast
import io
import os
import string
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import examples
from tests.faults.test_sequencer_faults import before, code_of
from tests.integrity.evidence import EVERYTHING, ORIGIN
from uitvoering import wiring
from uitvoering.application import evidence_replay
from uitvoering.application.evidence_pack import Evidence, Exported, PackExistsError, export
from uitvoering.application.evidence_replay import replayed
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.keys.key_files import signing_keys
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.verify import pack_program
from uitvoering.integrity.verify.events import unwatched
from uitvoering.integrity.verify.findings import Report, Standing
from uitvoering.integrity.verify.pack import (
    MANIFEST,
    Asked,
    Listed,
    Manifest,
    PackMalformedError,
    PackUnknownError,
    PackWriter,
    event_line,
    line_parts,
    manifest_in,
    manifest_of,
)
from uitvoering.integrity.verify.texts import LANGUAGES, texts
from uitvoering.integrity.verify.verify import Asking, verify
from uitvoering.persistence.store import open_store
from uitvoering.settings import Settings

EVENTS = 12
MANIFESTS = st.builds(
    Manifest,
    origin=st.text(st.characters(exclude_categories=["Cs"])),
    size=st.integers(0, 2**63 - 1),
    made_at=st.text(st.characters(exclude_categories=["Cs"])),
    events=st.integers(0, 2**63 - 1),
    first_index=st.none() | st.integers(0, 2**63 - 1),
    last_index=st.none() | st.integers(0, 2**63 - 1),
    asked=st.builds(Asked, st.none() | st.integers(1, 9), st.none())
    | st.builds(Asked, stream=st.just("a")),
    files=st.dictionaries(
        st.from_regex(r"[a-z]{1,5}(/[a-z0-9.]{1,5})?", fullmatch=True).filter(
            lambda name: "/." not in name
        ),
        st.builds(Listed, st.integers(0, 2**40), st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
        max_size=4,
    ),
)


@given(MANIFESTS)
def test_a_manifest_is_read_as_it_was_written(manifest: Manifest) -> None:
    assert manifest_of(manifest.encoded()) == manifest


@given(MANIFESTS, st.data())
def test_a_manifest_of_which_one_byte_changed_is_refused(
    manifest: Manifest, data: st.DataObject
) -> None:
    written = manifest.encoded()
    at = data.draw(st.integers(0, len(written) - 1))
    other = written[at] ^ data.draw(st.integers(1, 255))
    with pytest.raises(PackMalformedError):
        manifest_of(written[:at] + bytes([other]) + written[at + 1 :])
    with pytest.raises(PackMalformedError):
        manifest_of(written[:at])


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../b", "", "a//b", "a b", ".hidden"])
def test_a_manifest_leads_nowhere_but_into_its_pack(name: str) -> None:
    manifest = Manifest(ORIGIN, 0, "", 0, None, None, files={name: Listed(0, "0" * 64)})
    with pytest.raises(PackMalformedError):
        manifest_of(manifest.encoded())


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"[" * 10**5, b'{"files":1}', b"\xff"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(text)
    with pytest.raises(PackMalformedError):
        manifest_in(tmp_path)


def test_a_folder_without_a_manifest_is_no_pack_unless_it_was_one(tmp_path: Path) -> None:
    with pytest.raises(PackUnknownError, match="it has no manifest"):
        manifest_in(tmp_path)
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / MANIFEST).touch()
    with pytest.raises(PackUnknownError, match=r"a pack stands in .*/pack;"):
        manifest_in(tmp_path)
    (tmp_path / "log").mkdir()
    with pytest.raises(PackMalformedError):
        manifest_in(tmp_path)


def test_a_file_is_listed_as_it_was_written(tmp_path: Path) -> None:
    pack = PackWriter(tmp_path)
    with pack.file("a/b") as output:
        output.write(b"one ")
        output.write(b"two")
    assert (tmp_path / "a" / "b").read_bytes() == b"one two"
    assert pack.files["a/b"].bytes == 7
    with pytest.raises(FileExistsError):
        pack.add("a/b", b"")


@given(
    st.integers(0, 2**62),
    st.integers(1, 2**62),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
)
def test_stored_bytes_come_out_of_a_line_as_they_went_in(
    index: int, position: int, topic: str, state: bytes
) -> None:
    line = event_line(index, position, topic, state)
    assert line.count(b"\n") == 1
    assert line_parts(line) == (index, position, topic, state)
    assert line_parts(line[:-1]) is None
    assert line_parts(event_line(None, position, topic, state)) is None


def test_a_line_is_json_with_the_event_as_it_stands_in_the_store() -> None:
    line = event_line(3, 7, "a", b'{"b":1.0}')
    assert line == b'{"index":3,"position":7,"topic":"a","event":{"b":1.0}}\n'
    assert loads(line)["event"] == {"b": 1.0}


# --- the verifier as one file


def test_the_verifier_is_the_same_file_whenever_it_is_made() -> None:
    first = pack_program.verifier()
    pack_program.verifier.cache_clear()
    assert pack_program.verifier() == first
    assert first.startswith(b"#!/usr/bin/env python3\n")


def test_the_verifier_leans_on_the_standard_library_and_cryptography_alone() -> None:
    allowed = {*sys.stdlib_module_names, "cryptography", "uitvoering"}
    optional = {("fast_json.py", "orjson"), ("stamps.py", "rfc3161_client")}
    with zipfile.ZipFile(io.BytesIO(pack_program.verifier())) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith(".py"):
                strange = _imported(archive.read(name).decode()) - allowed
                assert {(Path(name).name, each) for each in strange} <= optional
    assert not any("sequencer" in name or "key_files" in name for name in names)


def _imported(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


# --- what it says


def test_every_finding_is_said_in_both_languages_with_the_same_values() -> None:
    for code, said in texts().items():
        assert set(said) == set(LANGUAGES), code
        assert _fields(said["nl"]) == _fields(said["en"]), code


def test_every_code_that_is_found_has_words() -> None:
    source = Path(pack_program.__file__).parent
    found: set[str] = set()
    for file in (*source.glob("*.py"), Path(evidence_replay.__file__)):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=code), *_]):
                    found |= {str(code)} if name in _FINDING else set()
                case _:
                    continue
    assert found - texts().keys() == set()
    assert len(found) > 50


_FINDING = {"holds", "broken", "unchecked", "said"}


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


# --- of a real store and a real log


@pytest.fixture
def settings(empty_url: str, tmp_path: Path) -> Settings:
    given = Settings(store=empty_url, ledger=str(tmp_path / "ledger"), keys=str(tmp_path / "keys"))
    wiring.migrate(given)
    wiring.create_ledger(given, ORIGIN)
    with closing(open_store(given.store)) as store:
        store.append(examples.facts(EVENTS))
    sequence(given)
    return given


def _ignored(_: UitvoeringError) -> None:
    """What is tried again by itself."""


def sequence(settings: Settings) -> None:
    with wiring.sequencing(settings, _ignored) as work:
        work.once()


def exported(settings: Settings, folder: Path, asked: Asked = EVERYTHING) -> Exported:
    with wiring.running(settings) as app:
        ledger = Ledger.opened(Path(settings.ledger))
        return export(Evidence(app, ledger), folder, asked, unwatched)


def judged(settings: Settings, folder: Path, **more: Any) -> Report:
    keys = signing_keys(Path(settings.keys), ORIGIN)
    lines = [f"log {key.public}" for key in keys]
    policy = ("\n".join([*lines, "quorum none"]) + "\n").encode()
    return verify(
        Asking(folder, policy, int(wiring.utc_now().timestamp()), replay=replayed, **more)
    )


def codes(report: Report, standing: Standing = Standing.BROKEN) -> set[str]:
    return {finding.code for finding in report.of(standing)}


def test_every_store_gives_a_pack_that_holds(settings: Settings, tmp_path: Path) -> None:
    made = exported(settings, tmp_path / "pack")
    report = judged(settings, tmp_path / "pack")
    assert not report.is_broken, report.lines("en")
    assert "read-models" in codes(report, Standing.HOLDS)
    assert made.manifest.events == made.manifest.size == report.size
    assert made.waiting == 0


def test_events_that_came_after_the_checkpoint_are_not_in_the_pack(
    settings: Settings, tmp_path: Path
) -> None:
    before = exported(settings, tmp_path / "before").manifest
    with closing(open_store(settings.store)) as store:
        store.append(examples.facts(3))
    assert exported(settings, tmp_path / "after").manifest.files == before.files
    sequence(settings)
    later = exported(settings, tmp_path / "later").manifest
    assert later.size == before.size + 3
    report = judged(settings, tmp_path / "later", kept=tmp_path / "kept")
    assert not report.is_broken
    kept = tmp_path / "kept"
    assert codes(judged(settings, tmp_path / "before", kept=kept)) == {"tail-missing"}
    assert codes(judged(settings, tmp_path / "before", kept=kept, older=True)) == set()


def test_a_pack_under_an_older_checkpoint_has_the_tiles_of_that_size(
    settings: Settings, tmp_path: Path
) -> None:
    """The log has gone on since: its partial tiles are full or gone, and are cut as they were."""
    older = Ledger.opened(Path(settings.ledger)).checkpoint_file.read_bytes()
    with closing(open_store(settings.store)) as store:
        for _ in range(4):
            store.append(examples.facts(100))
    sequence(settings)
    Ledger.opened(Path(settings.ledger)).cosigned_file.write_bytes(older)
    made = exported(settings, tmp_path / "pack")
    assert made.waiting == 400
    report = judged(settings, tmp_path / "pack")
    assert not report.is_broken, report.lines("en")


def test_an_export_that_fails_leaves_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> dict[str, bytes]:
        raise KeyboardInterrupt

    desk = tmp_path / "desk"
    desk.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr("uitvoering.application.evidence_pack.own_files", interrupted)
        with pytest.raises(KeyboardInterrupt):
            exported(settings, desk / "pack")
    assert list(desk.iterdir()) == []
    exported(settings, desk / "pack")
    with pytest.raises(PackExistsError):
        exported(settings, desk / "pack")
    assert [path.name for path in desk.iterdir()] == ["pack"]


def torn(public: Path) -> None:
    positions = public.parent / "positions"
    positions.write_bytes(positions.read_bytes()[:-3])


def without_a_tile(public: Path) -> None:
    [tile, *_] = (public / "tile" / "entries").rglob("*.p/*")
    tile.unlink()
    tile.mkdir()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("damaged", "code"), [(torn, "ledger-damaged"), (without_a_tile, "tile-missing")]
)
def test_a_log_that_was_damaged_is_told_as_such_and_not_exported(
    settings: Settings, tmp_path: Path, damaged: Callable[[Path], None], code: str
) -> None:
    damaged(Ledger.opened(Path(settings.ledger)).public)
    (tmp_path / "desk").mkdir()
    assert code_of(partial(exported, settings, tmp_path / "desk" / "pack")) == code
    assert list((tmp_path / "desk").iterdir()) == []


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_log_that_goes_away_while_it_is_exported_leaves_one_clear_error_and_nothing_else(
    settings: Settings, tmp_path: Path
) -> None:
    ledger, desk, away = Ledger.opened(Path(settings.ledger)), tmp_path / "desk", tmp_path / "away"
    desk.mkdir()
    codes = list[str]()
    with wiring.running(settings) as app:
        evidence = Evidence(app, ledger, with_read_models=False)
        while "" not in codes:
            with before(3 * len(codes), partial(os.rename, ledger.directory, away)):
                codes.append(
                    code_of(partial(export, evidence, desk / "pack", EVERYTHING, unwatched))
                )
            if codes[-1]:
                assert list(desk.iterdir()) == []
            away.rename(ledger.directory)
    assert set(codes) <= {"ledger-away", "ledger-unreadable", "ledger-unwritable", ""}
    assert codes[0] == "ledger-away"
    assert len(codes) > 5


def test_a_tampered_replay_is_refused_and_said(settings: Settings, tmp_path: Path) -> None:
    """A leaf for a kind of fact that this product does not know: proved, and not understood."""
    exported(settings, tmp_path / "pack")
    manifest = manifest_in(tmp_path / "pack")
    [file] = (tmp_path / "pack" / "events").iterdir()
    lines = file.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b'"event":{', b'"event":{"unknown":1,', 1)
    file.write_bytes(b"".join(lines))
    found = list(replayed(tmp_path / "pack", manifest, unwatched))
    assert [finding.code for finding in found] == ["replay-refused"]
