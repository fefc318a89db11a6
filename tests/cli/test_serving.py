"""`serve`: who answers others should not be able to sign another history."""

from pathlib import Path

import pytest
import typer

from tests.application.desk import Clock, raised
from uitvoering import wiring
from uitvoering.cli import serving
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
