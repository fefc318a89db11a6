"""The trail of one signal as a picture: who said what on the way up, what was lost at each step.

Across: the steps in the order in which they happened, each with its level. Up: severity, also told
by the number of corners of the mark and the figure in it. A step that lost something is dashed and
thicker, with what was lost in words; a lapse, a hold-back or a dropped citation is a gap. Under
the figure the same content stands as a table.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

from uitvoering.labels.table import Labels
from uitvoering.pictures.svg import (
    INK,
    LINE,
    NAMESPACE,
    PALE,
    SEVERITY,
    element,
    lines,
    rendered,
    wrapped,
)
from uitvoering.projections.signal_trail import TrailRow
from uitvoering.softening.facets import DimensionResult, Result, Side

LEFT, STEP, TOP, RISE = 110, 170, 60, 46
"""Pixels: room for the scale, per step, above the figure, and per degree of severity."""
_CORNERS = {1: 0, 2: 3, 3: 4, 4: 5, 5: 6}
"""Corners of the mark by severity; 0 is a circle."""
_QUOTES, _QUOTED = 2, 40
"""How many of the lost words are quoted at a step, and how many characters of each."""
_SQUARE = 4
"""Corners of a square, which is set on its side."""
_SIGNS = {Result.SOFTENED: "\N{MINUS SIGN}", Result.MISSING: "∅", Result.SHARPENED: "+"}


@dataclass(frozen=True)
class _Place:
    row: TrailRow
    x: float
    y: float

    @property
    def severity(self) -> int | None:
        return self.row.statement.severity if self.row.statement is not None else None


def draw(rows: list[TrailRow], words: Labels) -> str:
    """A whole SVG document; the rows are one signal's trail, in order."""
    foot = TOP + 6 * RISE
    places = [_Place(row, LEFT + STEP * n + STEP / 2, _height(row)) for n, row in enumerate(rows)]
    width = max(LEFT + STEP * len(rows) + 20, 760)
    root = element(
        None,
        "svg",
        xmlns=NAMESPACE,
        width=width,
        role="img",
        lang=words.lang,
        font_family="sans-serif",
        aria_labelledby="trail-title trail-desc",
    )
    signal = rows[0].signal if rows else "-"
    gaps = sum(row.gap for row in rows)
    title = words.text("picture.title", signal=signal)
    element(root, "title", title, id="trail-title")
    description = words.text("picture.desc", steps=len(rows) - gaps, gaps=gaps)
    element(root, "desc", description, id="trail-desc")
    backdrop = element(root, "rect", x=0, y=0, width=width, fill="#ffffff")
    lines(root, 16, 24, [title], size=16, font_weight="bold")
    lines(root, 16, 42, [words.text("picture.legend")], size=12)
    _scale(root, width, words)
    _path(root, places)
    lowest = max((_step(root, place, foot, words) for place in places), default=float(foot))
    bottom = _table(root, rows, lowest + 30, width, words)
    root.set("height", f"{bottom:g}")
    root.set("viewBox", f"0 0 {width:g} {bottom:g}")
    backdrop.set("height", f"{bottom:g}")
    return rendered(root)


def _height(row: TrailRow) -> float:
    severity = row.statement.severity if row.statement is not None else None
    return TOP + RISE * (6 - (severity or 0)) - RISE / 2


def _scale(root: ET.Element, width: float, words: Labels) -> None:
    """Severity 5 at the top; the lowest line is for a severity that was not stated."""
    for severity in range(6):
        y = TOP + RISE * (6 - severity) - RISE / 2
        label = words.text("picture.not-stated") if severity == 0 else f"{severity}"
        element(root, "line", x1=LEFT, y1=y, x2=width - 16, y2=y, stroke=LINE, stroke_width=1)
        lines(root, LEFT - 10, y + 4, [label], size=11, text_anchor="end")
    lines(root, LEFT - 10, TOP, [words.text("picture.severity")], size=11, text_anchor="end")


def _path(root: ET.Element, places: list[_Place]) -> None:
    """From statement to statement; a gap breaks the line."""
    for earlier, later in pairwise(places):
        if later.row.gap or earlier.row.gap:
            continue
        lost = any(_lost(row) for row in later.row.hop or ())
        colour = SEVERITY[(later.severity or 1) - 1]
        element(
            root,
            "line",
            x1=earlier.x,
            y1=earlier.y,
            x2=later.x,
            y2=later.y,
            stroke=colour,
            stroke_width=5 if lost else 2,
            **({"stroke-dasharray": "10 6"} if lost else {}),
        )


def _step(root: ET.Element, place: _Place, foot: float, words: Labels) -> float:
    """Mark, level, day, what was lost and gained at this step and since the origin."""
    row = place.row
    group = element(root, "a", href=f"#row-{row.position}")
    element(group, "title", _sentence(row, words))
    if row.gap:
        _cross(group, place)
    else:
        _mark(group, place)
    level = words.value(row.level)
    named = [*wrapped(level, 24, 2), f"{row.happened_on:%d-%m-%Y}"]
    named += wrapped(words.term("fact", row.topic), 26, 2)
    y = lines(root, place.x, foot + 16, named, size=11, text_anchor="middle", font_weight="bold")
    told = [
        *_told("picture.lost", [r for r in row.hop or () if _lost(r)], words),
        *_told("picture.gained", [r for r in row.hop or () if _gained(r)], words),
        *_told("picture.drift", [r for r in row.drift or () if _lost(r)], words),
    ]
    return lines(root, place.x, y + 2, told, size=11, text_anchor="middle")


def _mark(group: ET.Element, place: _Place) -> None:
    severity = place.severity
    if severity is None:
        element(
            group,
            "circle",
            cx=place.x,
            cy=place.y,
            r=8,
            fill="#ffffff",
            stroke=PALE,
            stroke_width=2,
            **{"stroke-dasharray": "3 2"},
        )
        return
    colour, corners = SEVERITY[severity - 1], _CORNERS[severity]
    if corners == 0:
        element(group, "circle", cx=place.x, cy=place.y, r=13, fill=colour)
    else:
        points = " ".join(_corner(place, corners, n) for n in range(corners))
        element(group, "polygon", points=points, fill=colour)
    element(
        group,
        "text",
        str(severity),
        x=place.x,
        y=place.y + 4,
        font_size=12,
        fill="#ffffff",
        text_anchor="middle",
        font_weight="bold",
    )


def _corner(place: _Place, corners: int, n: int) -> str:
    turn = 2 * math.pi * n / corners - math.pi / 2 + (math.pi / 4 if corners == _SQUARE else 0)
    return f"{place.x + 15 * math.cos(turn):.1f},{place.y + 15 * math.sin(turn):.1f}"


def _cross(group: ET.Element, place: _Place) -> None:
    for dx in (-9, 9):
        element(
            group,
            "line",
            x1=place.x - dx,
            y1=place.y - 9,
            x2=place.x + dx,
            y2=place.y + 9,
            stroke=INK,
            stroke_width=3,
        )


def _told(key: str, moved: list[DimensionResult], words: Labels) -> list[str]:
    if not moved:
        return []
    names = ", ".join(_named(row, words) for row in moved)
    return wrapped(words.text(key, dimensions=names), 28, 9)


def _named(row: DimensionResult, words: Labels) -> str:
    """The dimension, with the very words that went where it rests on words."""
    gone = [span.text for span in row.spans if span.side is Side.ORIGINAL][:_QUOTES]
    quoted = " ".join(f"“{' '.join(text.split())[:_QUOTED]}”" for text in gone)
    return f"{words.term('dimension', row.dimension.value)} {quoted}".strip()


def _lost(row: DimensionResult) -> bool:
    return row.result in {Result.SOFTENED, Result.MISSING}


def _gained(row: DimensionResult) -> bool:
    return row.result is Result.SHARPENED


def _sentence(row: TrailRow, words: Labels) -> str:
    """What a screen reader says at the mark."""
    text = row.statement.text if row.statement is not None else words.text("picture.not-stated")
    if row.gap:
        text = words.text("picture.gap")
    parts = (words.value(row.level), f"{row.happened_on:%d-%m-%Y}", words.term("fact", row.topic))
    return f"{', '.join(parts)}: {text}"


_COLUMNS = (
    ("column.happened", 84, 11),
    ("column.level", 150, 22),
    ("column.what", 140, 20),
    ("column.severity", 56, 8),
    ("column.words", 300, 50),
)
"""Key of the heading, width in pixels, width in characters; the last column takes what is left."""


def _table(root: ET.Element, rows: list[TrailRow], y: float, width: float, words: Labels) -> float:
    """The same content as text, with the roles a screen reader walks a table by."""
    body = element(root, "g", role="table", aria_labelledby="trail-title")
    head = [words.text(f"cli.{key}") for key, _, _ in _COLUMNS] + [words.text("cli.column.lost")]
    y = _table_row(body, head, y, width, "columnheader", weight="bold")
    for row in rows:
        y = _table_row(body, _cells(row, words), y, width, "cell", mark=f"row-{row.position}")
    return y + 10


def _table_row(
    body: ET.Element,
    cells: list[str],
    y: float,
    width: float,
    role: str,
    *,
    mark: str = "",
    weight: str = "normal",
) -> float:
    group = element(body, "g", role="row", **({"id": mark} if mark else {}))
    element(group, "line", x1=16, y1=y - 14, x2=width - 16, y2=y - 14, stroke=LINE)
    x, lowest = 16.0, y
    widths = [(w, c) for _, w, c in _COLUMNS]
    left = width - 32 - sum(w for w, _ in widths)
    for text, (pixels, characters) in zip(
        cells, [*widths, (left, max(int(left / 6.2), 12))], strict=True
    ):
        cell = element(group, "g", role=role)
        end = lines(cell, x, y, wrapped(text, characters), size=11, font_weight=weight)
        x, lowest = x + pixels, max(lowest, end)
    return lowest + 8


def _cells(row: TrailRow, words: Labels) -> list[str]:
    statement = row.statement
    to = f" → {words.value(row.to)}" if row.to is not None else ""
    moved = [_SIGNS[r.result] + _named(r, words) for r in row.hop or () if r.result in _SIGNS]
    drift = [r for r in row.drift or () if _lost(r)]
    reason = row.reason or (words.text("cli.no-reason") if row.justification == "none" else "")
    reply = f" {words.text('cli.reply')}: {row.reply.text}" if row.reply is not None else ""
    severity = "" if statement is None else str(statement.severity or "")
    return [
        f"{row.happened_on:%d-%m-%Y}",
        words.value(row.level) + to,
        words.term("fact", row.topic) + (f" ({words.text('picture.gap')})" if row.gap else ""),
        severity,
        ("" if statement is None else statement.text) + reply,
        "; ".join(
            part
            for part in (", ".join(moved), " ".join(_told("picture.drift", drift, words)), reason)
            if part
        ),
    ]
