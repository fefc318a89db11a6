"""SVG elements: escaped text, presentation attributes, no style and no script."""

import re
import textwrap
from xml.etree import ElementTree as ET

NAMESPACE = "http://www.w3.org/2000/svg"
INK, PALE, LINE = "#1b1b1b", "#5b6770", "#c9ced2"
SEVERITY = ("#5b6770", "#1b6b3a", "#8a5a00", "#b3400f", "#8c1d2b")
"""By severity 1 to 5; each above 5.7 : 1 on white, and never the only sign."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(
    parent: ET.Element | None, tag: str, text: str = "", **attributes: object
) -> ET.Element:
    """One element; `stroke_width` becomes `stroke-width`, `class_` is never needed."""
    given = {name.replace("_", "-"): _number(value) for name, value in attributes.items()}
    made = ET.Element(tag, given) if parent is None else ET.SubElement(parent, tag, given)
    if text:
        made.text = _NOT_XML.sub("\ufffd", text)
    return made


def lines(
    parent: ET.Element,
    x: float,
    y: float,
    texts: list[str],
    *,
    size: int = 12,
    **attributes: object,
) -> float:
    """Lines of text below each other; returns the y below the last."""
    for row in texts:
        element(parent, "text", row, x=x, y=y, font_size=size, fill=INK, **attributes)
        y += size * 1.3
    return y


def wrapped(text: str, width: int, most: int = 99) -> list[str]:
    """At most so many lines of so many characters; what does not fit ends in an ellipsis."""
    rows = textwrap.wrap(" ".join(text.split()), width, break_long_words=True) or [""]
    return rows if len(rows) <= most else [*rows[: most - 1], rows[most - 1][: width - 1] + "…"]


def rendered(root: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
