"""The picture in README is what the product draws of that case today."""

import tempfile
from pathlib import Path

from tests.docs.blocks import ROOT
from uitvoering.cases.case import read_case
from uitvoering.cases.loading import Loading
from uitvoering.labels.table import Labels
from uitvoering.pictures.trail import draw
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.settings import Settings
from uitvoering.wiring import migrate, running

PICTURE = ROOT / "docs" / "trail-fsv.svg"


def drawn(folder: Path) -> str:
    """The first signal of the case; ids and moments follow from the case, so it never differs."""
    settings = Settings(store=f"sqlite:///{folder / 'case.db'}")
    migrate(settings)
    with running(settings) as app:
        signal = Loading(app, read_case("b-fsv")).run().signals[0]
        moment = app.reading.moment()
        rows = signal_trail(app.reading.documents(moment), moment, signal=signal)
    return draw(rows, Labels.load("nl"))


def test_the_picture_is_current(tmp_path: Path) -> None:
    assert PICTURE.read_text("utf-8") == drawn(tmp_path), "run `python -m tests.docs.test_picture`"


def main() -> None:
    """Draw it anew."""
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(drawn(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
