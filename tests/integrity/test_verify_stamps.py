"""Time stamps in an evidence pack: each against its checkpoint, under a root of who verifies."""

import sys
from pathlib import Path

import pytest

from tests.integrity.authority import OPENSSL, Authority, authority, replying, served
from tests.integrity.evidence import Keys, Made, events, relisted
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.stamps import asked
from uitvoering.integrity.verify.findings import Report, Standing
from uitvoering.integrity.verify.pack import checkpoint_path, stamp_path
from uitvoering.integrity.verify.verify import Asking, verify

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is the authority, and is not here")
SECONDS = 30.0


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def made() -> Made:
    return Made(Keys(), events(8), sizes=(3,))


@pytest.fixture
def pack(made: Made, ours: Authority, tmp_path: Path) -> Path:
    text = parsed(made.note(3)).text.encode()
    with served(replying(ours)) as address:
        stamp = asked(address, text, [ours.root.read_bytes()], SECONDS)
    return made.write(tmp_path / "pack", further={stamp_path(3): stamp.response})


def judged(made: Made, folder: Path, *roots: Path) -> Report:
    stamp_roots = [root.read_bytes() for root in roots]
    return verify(Asking(folder, made.keys.policy(), 0, stamp_roots=stamp_roots))


def codes(report: Report, standing: Standing) -> set[str]:
    return {finding.code for finding in report.of(standing)}


def test_a_stamp_holds_for_the_checkpoint_of_its_size(
    made: Made, pack: Path, ours: Authority
) -> None:
    report = judged(made, pack, ours.root)
    assert not report.is_broken
    [stamps] = [found for found in report.findings if found.code == "stamps"]
    assert stamps.values["first"] == stamps.values["last"]


def test_without_a_root_no_stamp_is_checked(made: Made, pack: Path) -> None:
    report = judged(made, pack)
    assert not report.is_broken
    assert "stamps-unrooted" in codes(report, Standing.UNCHECKED)


def test_without_the_library_it_says_how_to_check_them(
    made: Made, pack: Path, ours: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    report = judged(made, pack, ours.root)
    assert not report.is_broken
    assert "stamps-uncheckable" in codes(report, Standing.UNCHECKED)


def test_stamps_that_were_expected_and_did_not_come_are_told(
    made: Made, pack: Path, ours: Authority
) -> None:
    (pack / stamp_path(3)).unlink()
    relisted(pack)
    report = judged(made, pack, ours.root)
    assert not report.is_broken
    assert "stamps-none" in codes(report, Standing.UNCHECKED)
    assert "stamps-none" not in codes(judged(made, pack), Standing.UNCHECKED)


def test_of_a_state_that_this_log_never_had_no_moment_is_told(
    made: Made, pack: Path, ours: Authority, tmp_path: Path
) -> None:
    further = {stamp_path(3): (pack / stamp_path(3)).read_bytes()}
    other = Made(made.keys, made.events[1:], sizes=(3,)).write(tmp_path / "other", further=further)
    (other / checkpoint_path(3)).write_bytes(made.note(3))
    relisted(other)
    report = judged(made, other, ours.root)
    assert codes(report, Standing.BROKEN) == {"forked-pack"}
    assert not codes(report, Standing.HOLDS) & {"stamp", "stamps"}


@pytest.mark.parametrize("name", [stamp_path(8), stamp_path(7)])
def test_a_stamp_of_another_checkpoint_is_named(
    made: Made, pack: Path, ours: Authority, name: str
) -> None:
    (pack / stamp_path(3)).rename(pack / name)
    relisted(pack)
    assert codes(judged(made, pack, ours.root), Standing.BROKEN) == {"stamp-wrong"}
