"""The files of a pack: each in its place, no other, and those that no log proves told apart."""

import os
import shutil
from collections.abc import Generator
from contextlib import chdir, contextmanager
from pathlib import Path

import pytest

from tests.integrity.evidence import Keys, Made, codes, events, judged, relisted
from uitvoering.integrity.fast_json import loads
from uitvoering.integrity.verify.findings import Standing
from uitvoering.integrity.verify.pack import (
    MANIFEST,
    POLICY,
    README,
    VERIFIER,
    events_path,
    schema_path,
)

LABELS = "labels/en.toml"
OURS = {README: b"read me", LABELS: b"words", VERIFIER: b"program"}


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys()


@pytest.fixture(scope="module")
def whole(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Made(keys, events(20), sizes=(9,))
    return made.write(tmp_path_factory.mktemp("files") / "pack", further=OURS)


@pytest.fixture
def pack(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "pack"))


def test_files_are_all_there_and_no_others(pack: Path, keys: Keys, tmp_path: Path) -> None:
    (pack / "stranger").write_text("hello")
    (pack / "stamps").symlink_to(tmp_path)
    (pack / POLICY).unlink()
    report = judged(pack, keys)
    assert codes(report) == {"file-extra", "file-missing", "file-odd"}


LITTER = (".DS_Store", "._manifest.json", "Thumbs.db", "desktop.ini")


def test_what_a_file_manager_leaves_is_told_and_breaks_nothing(pack: Path, keys: Keys) -> None:
    for place in (pack, pack / "log" / "tile"):
        for name in LITTER:
            (place / name).write_bytes(b"x")
    report = judged(pack, keys)
    assert not report.is_broken
    [found] = [each for each in report.findings if each.code == "file-litter"]
    assert len(found.values["files"].split(", ")) == 2 * len(LITTER)
    assert "files" in report.open_topics
    assert "files-littered" in codes(report, Standing.HOLDS)
    assert "files" not in codes(report, Standing.HOLDS)


@pytest.mark.parametrize("name", [".DS_Store2", "DS_Store", "thumbs.db.exe", ".hidden"])
def test_a_name_that_only_looks_like_litter_is_told(pack: Path, keys: Keys, name: str) -> None:
    (pack / "events" / name).touch()
    assert codes(judged(pack, keys)) == {"file-extra"}


def test_a_link_called_as_litter_is_told(pack: Path, keys: Keys, tmp_path: Path) -> None:
    (pack / ".DS_Store").symlink_to(tmp_path)
    assert codes(judged(pack, keys)) == {"file-extra", "file-odd"}


def test_litter_that_the_manifest_lists_is_a_file_like_any_other(pack: Path, keys: Keys) -> None:
    (pack / "events" / "Thumbs.db").touch()
    relisted(pack)
    assert codes(judged(pack, keys)) == {"file-strange"}


@contextmanager
def nested(place: Path, depth: int) -> Generator[None]:
    """Step by step: the whole path is longer than a path may be."""
    with chdir(place):
        for _ in range(depth):
            Path("a").mkdir()
            os.chdir("a")
    yield
    with chdir(place):
        for _ in range(depth):
            os.chdir("a")
        for _ in range(depth):
            os.chdir("..")
            Path("a").rmdir()


@pytest.mark.parametrize("depth", [17, 1_100])
def test_folders_in_each_other_without_end_are_told(pack: Path, keys: Keys, depth: int) -> None:
    with nested(pack / "log", depth):
        report = judged(pack, keys)
    assert codes(report) == {"file-odd", "file-extra"}
    assert len(report.findings[0].values["file"]) < 50


def test_a_folder_that_cannot_be_read_is_told(
    pack: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may hold what no manifest lists."""
    (pack / "closed").mkdir()
    scandir = os.scandir

    def refused(folder: Path) -> object:
        if folder.name == "closed":
            raise PermissionError
        return scandir(folder)

    monkeypatch.setattr("os.scandir", refused)
    assert "file-odd" in codes(judged(pack, keys))


def test_a_file_of_a_later_version_is_told(pack: Path, keys: Keys) -> None:
    (pack / "later.json").write_text("{}")
    relisted(pack)
    report = judged(pack, keys)
    assert not report.is_broken
    assert "file-unknown" in codes(report, Standing.UNCHECKED)


@pytest.mark.parametrize(
    "name",
    [
        events_path(9_000),
        "events/later.json",
        "log/tile/0/007",
        "schemas/later.json",
        f"schemas/{'0' * 63}.json",
        f"schemas/{'0' * 64}.json.txt",
        "labels/evil.txt",
        "labels/en.toml/evil",
        "keys/evil.txt",
        "keys/evil.note",
        "keys/retired/evil.txt",
        "keys/rotations/deep/evil.note",
        "checkpoints/evil.note",
        "checkpoints/09.note",
        "checkpoints/9.txt",
        "stamps/evil.tsr",
        "stamps/9.tsr.txt",
        "stamps/09.tsr",
        f"stamps/{2**63}.tsr",
        "checkpoints/8.note/8.note",
    ],
)
def test_where_every_name_is_known_no_other_may_stand(pack: Path, keys: Keys, name: str) -> None:
    (pack / LABELS).unlink()
    (pack / name).parent.mkdir(parents=True, exist_ok=True)
    (pack / name).write_bytes((pack / events_path(0)).read_bytes())
    relisted(pack)
    assert "file-strange" in codes(judged(pack, keys))


@pytest.mark.parametrize("name", ["keys/rotations/0001.note", "keys/retired/00ff.note"])
def test_a_note_about_keys_has_its_place(pack: Path, keys: Keys, name: str) -> None:
    (pack / name).parent.mkdir(parents=True)
    (pack / name).write_bytes(b"no note")
    relisted(pack)
    assert codes(judged(pack, keys)) == {"rotation-wrong"}


def test_a_schema_is_named_after_its_digest_also_when_no_event_names_it(
    pack: Path, keys: Keys
) -> None:
    (pack / schema_path("0" * 64)).write_bytes(b"{}")
    relisted(pack)
    report = judged(pack, keys)
    assert codes(report) == {"schema-differs"}
    assert "0" * 64 in str(report.told("en")["broken"])


def test_nothing_is_said_of_the_files_but_that_the_manifest_lists_them(
    pack: Path, keys: Keys
) -> None:
    """Nobody signs a manifest: whoever changes a file makes it anew."""
    [found] = [each for each in judged(pack, keys).findings if each.code == "files"]
    assert found.values["count"] == len(loads((pack / MANIFEST).read_bytes())["files"]) + 1
    assert "written" not in found.text("en")
    assert "manifest" in found.text("en")


def test_what_no_log_proves_and_is_not_ours_is_named_in_one_line(pack: Path, keys: Keys) -> None:
    report = judged(pack, keys)
    [found] = [each for each in report.findings if each.code == "unproved"]
    assert found.values["files"] == f"{README}, {LABELS}, {VERIFIER}"
    assert "unproved" in report.open_topics
    same = judged(pack, keys, own=OURS)
    assert "unproved" not in codes(same, Standing.UNCHECKED)
    assert "verifier-same" in codes(same, Standing.HOLDS)
    (pack / README).write_text("run this as root")
    (pack / VERIFIER).write_text("other")
    relisted(pack)
    report = judged(pack, keys, own=OURS)
    assert not report.is_broken
    [found] = [each for each in report.findings if each.code == "unproved"]
    assert found.values["files"] == README
    assert "verifier-differs" in codes(report, Standing.UNCHECKED)


def test_a_verifier_from_the_pack_does_not_vouch_for_itself(pack: Path, keys: Keys) -> None:
    program = pack / VERIFIER
    report = judged(pack, keys, own={VERIFIER: OURS[VERIFIER]}, running_from=program)
    assert "verifier-own" in codes(report, Standing.UNCHECKED)
    assert "verifier-same" not in codes(report, Standing.HOLDS)
