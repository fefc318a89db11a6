"""The table in the documentation is renewed by a run, and what is said about it stays."""

from pathlib import Path

import pytest

from benchmarks.__main__ import write

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def test_figures_are_replaced_and_prose_is_kept(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text(DOCUMENT.read_text("utf-8"), "utf-8")
    before, after = _prose(document)
    for table in ("first\n", "second\n"):
        write(document, table)
    text = document.read_text("utf-8")
    assert "second" in text
    assert "first" not in text
    assert _prose(document) == (before, after)


def test_a_document_without_a_place_for_figures_is_left_as_it_is(tmp_path: Path) -> None:
    document = tmp_path / "other.md"
    document.write_text("# Something else\n", "utf-8")
    with pytest.raises(SystemExit):
        write(document, "table\n")
    assert document.read_text("utf-8") == "# Something else\n"


def _prose(document: Path) -> tuple[str, str]:
    before, _, rest = document.read_text("utf-8").partition("<!-- figures -->")
    _, _, after = rest.partition("<!-- end of figures -->")
    return before, after
