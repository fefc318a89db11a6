"""`serve`: who answers others should not be able to sign another history."""

import errno
import io
import os
import time
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
import typer

from tests.application.desk import Clock, raised
from tests.faults.promises import until
from uitvoering import wiring
from uitvoering.application.clocks import Clocks
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cli import serving
from uitvoering.cli.console import note
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.errors import KeysForeignError
from uitvoering.integrity.keys.key_files import Use
from uitvoering.settings import Settings

ORIGIN = "log.example.nl/uitvoering"


@pytest.mark.parametrize(
    ("uses", "within_reach"), [([Use.PROMISE], False), ([Use.CHECKPOINT, Use.PROMISE], True)]
)
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_it_says_when_it_can_read_what_signs_the_log(
    seeded_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    uses: list[Use],
    *,
    within_reach: bool,
) -> None:
    keys = tmp_path / "keys"
    key_files.create(keys, ORIGIN, uses, Clock()())
    for name, value in (("STORE", seeded_url), ("KEYS", str(keys)), ("LANG", "nl")):
        monkeypatch.setenv(f"UITVOERING_{name}", value)
    monkeypatch.setattr(serving, "answer", lambda *_: None)
    serving.serve(port=0)
    told = capsys.readouterr().err.replace("\n", "")
    assert (f"de sleutels lezen die het log ondertekenen ({keys})" in told) == within_reach


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_keys_of_another_user_keep_from_filing_and_serving_and_nobody_from_reading(
    seeded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(store=seeded_url, ledger=str(tmp_path / "log"), keys=str(tmp_path / "keys"))
    wiring.create_ledger(settings, ORIGIN)
    for name in ("STORE", "LEDGER", "KEYS"):
        monkeypatch.setenv(f"UITVOERING_{name}", getattr(settings, name.lower()))
    monkeypatch.setattr(serving, "answer", lambda *_: None)
    serving.serve(port=0)
    monkeypatch.setattr("os.geteuid", lambda: (tmp_path / "keys").stat().st_uid + 1)
    with wiring.running(settings) as app:
        before = app.store.position()
        app.context().organisation("uwv")
        with pytest.raises(KeysForeignError):
            raised(app)
        assert app.store.position() == before
    with pytest.raises(typer.Exit):
        serving.serve(port=0)


class Refusing(io.StringIO):
    """A stream to a full disk, or to a pipe whose reader left."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, _: str) -> int:
        raise OSError(self._number, os.strerror(self._number))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE])
def test_the_clocks_go_on_when_nobody_can_be_told_that_they_failed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
) -> None:
    looked: list[datetime] = []

    def fail(_: Clocks, now: datetime) -> None:
        looked.append(now)
        time.sleep(0.01)
        raise RuntimeError

    monkeypatch.setattr(Clocks, "tick", fail)
    with monkeypatch.context() as patched:
        patched.setattr("sys.stderr", Refusing(number))
        with serving._ticking(cast(Uitvoering, None), 0):  # noqa: SLF001 it runs beside the server
            until(lambda: len(looked) > 3)
    note("the next")
    assert capsys.readouterr().err == "the next\n"


def test_keys_that_are_not_there_or_of_another_are_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wiring.checkpoint_keys_within_reach(Settings(store="postgresql://u@h:5432/d")) is None
    settings = Settings(store=f"sqlite:///{tmp_path / 'store.db'}", keys=str(tmp_path / "keys"))
    assert wiring.checkpoint_keys_within_reach(settings) is None
    key_files.create(tmp_path / "keys", ORIGIN, [Use.CHECKPOINT], Clock()())
    assert wiring.checkpoint_keys_within_reach(settings) == tmp_path / "keys"
    monkeypatch.setattr("os.geteuid", lambda: (tmp_path / "keys").stat().st_uid + 1)
    assert wiring.checkpoint_keys_within_reach(settings) is None
