"""No crash harms a size of the log that was sealed, or changes what comes after it."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, product
from pathlib import Path

import pytest

from tests.integrity.tile_folders import LARGE, CrashError, Disk, files, quick_folder, written
from tests.integrity.trees import leaves, tree
from uitvoering.integrity.tree.merkle import root
from uitvoering.integrity.tree.tile_store import TileReader, TileWriter
from uitvoering.integrity.tree.tiles import (
    WIDTH,
    tile_of,
    tiles_of,
)


@pytest.fixture
def quick_path() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


GROWTHS = {
    "from nothing": (0, 200, 300, 310),
    "a tile of the second level is completed": (65_500, 65_540, 65_550),
    # The partial tiles of the signed size are gone: it lives by full tiles that are written again.
    "once more, after a crash": (200, 300, 310),
}


@pytest.fixture(scope="module")
def grown() -> Iterator[dict[str, Path]]:
    """The first size of each growth: of the larger one the right edge alone, which is enough."""
    with quick_folder() as folder:
        before = {name: folder / str(number) for number, name in enumerate(GROWTHS)}
        for name, (size, more, *_) in GROWTHS.items():
            before[name].mkdir()
            if name == "once more, after a crash":
                written(before[name], size, more)
                continue
            written(folder / "written", size)
            for tile in tiles_of(size):
                if not tile.is_full:
                    (before[name] / tile.path).parent.mkdir(parents=True)
                    shutil.copy(folder / "written" / tile.path, before[name] / tile.path)
        yield before


@pytest.mark.parametrize("growth", GROWTHS)
@pytest.mark.parametrize(
    ("when", "power"),
    [
        ("halfway", "stays"),
        *product(["before", "after"], ["stays", "cut, names stay", "cut"]),
    ],
)
def test_a_crash_at_any_step_loses_no_sealed_size_and_changes_no_later_byte(
    grown: dict[str, Path],
    quick_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    growth: str,
    when: str,
    power: str,
) -> None:
    first, *sizes = GROWTHS[growth]
    undisturbed = quick_path / "undisturbed"
    shutil.copytree(grown[growth], undisturbed)
    _follow(undisturbed, [first], sizes)
    expected = files(undisturbed)
    for step in count():
        public = quick_path / str(step)
        shutil.copytree(grown[growth], public)
        disk, sealed = Disk(public, step, when), [first]
        with disk.failing(monkeypatch), suppress(CrashError):
            _follow(public, sealed, sizes)
        if disk.steps <= step:
            break  # there was no such step
        if power != "stays":
            disk.cut_power(names_kept=power == "cut, names stay")
        _holds(TileReader(public, sealed[-1]), first)
        with Disk(public, -1, "before").failing(monkeypatch):
            _follow(public, sealed, sizes)
        _holds(TileReader(public, sizes[-1]), first)
        found = files(public)
        assert {path: found[path] for path in expected} == expected
        for path in found.keys() - expected.keys():
            assert not tile_of(path).is_full  # of a size that was not signed, or removed unsynced
        shutil.rmtree(public)
    assert step > 30


def _follow(public: Path, sealed: list[int], sizes: list[int]) -> None:
    """As the sequencer does: `sealed` holds the sizes that were signed."""
    writer = TileWriter.opened(public, sealed[-1])
    assert root(writer, writer.size) == tree(LARGE).root(writer.size)
    for size in sizes:
        if size > sealed[-1]:
            written(public, size, writer=writer)
            sealed.append(size)


def _holds(reader: TileReader, first: int) -> None:
    size, since = reader.size, first // WIDTH * WIDTH
    assert root(reader, size) == tree(LARGE).root(size)
    assert list(reader.leaves(since, size)) == [*leaves(LARGE)[since:size]]
    for index in range(since, size):
        assert reader.node(0, index) == tree(LARGE).node(0, index)


def test_after_a_failed_write_only_opening_again_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = written(tmp_path, 200)
    with Disk(tmp_path, 3, "before").failing(monkeypatch), pytest.raises(CrashError):
        writer.extend(200, leaves()[200:300])
    with pytest.raises(RuntimeError, match="open the writer again"):
        writer.extend(writer.size, [])
    with pytest.raises(RuntimeError, match="open the writer again"):
        writer.seal(writer.size)
    with pytest.raises(RuntimeError, match="open the writer again"):
        writer.sync()
    written(tmp_path, 300, writer=TileWriter.opened(tmp_path, 200))
    assert root(TileReader(tmp_path, 300), 300) == tree().root(300)
