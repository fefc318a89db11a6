"""The part of YAML that publiccode.yml uses: block maps, block lists, `>-` and plain scalars.

A whole YAML parser is a dependency for one file. What is outside this part is refused, so that the
file stays within it.
"""

import re
from typing import Any

_KEY = re.compile(r"([A-Za-z]\w*):(?: (.+))?$")
Line = tuple[int, str]


def read_yaml(text: str) -> Any:
    lines = [
        (len(row) - len(row.lstrip()), row.strip()) for row in text.splitlines() if row.strip()
    ]
    found, rest = _block(lines, 0)
    if rest:
        raise ValueError(f"not plain enough: {rest[0][1]}")
    return found


def _block(lines: list[Line], indent: int) -> tuple[Any, list[Line]]:
    return _list(lines, indent) if lines[0][1].startswith("- ") else _map(lines, indent)


def _list(lines: list[Line], indent: int) -> tuple[list[Any], list[Line]]:
    found: list[Any] = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        item = lines[0][1][2:]
        if _KEY.match(item):
            entry, lines = _map([(indent + 2, item), *lines[1:]], indent + 2)
            found.append(entry)
        else:
            found.append(_scalar(item))
            lines = lines[1:]
    return found, lines


def _map(lines: list[Line], indent: int) -> tuple[dict[str, Any], list[Line]]:
    found: dict[str, Any] = {}
    while lines and lines[0][0] == indent and (key := _KEY.match(lines[0][1])):
        name, value = key.groups()
        lines = lines[1:]
        if value == ">-":
            folded: list[str] = []
            while lines and lines[0][0] > indent:
                folded.append(lines[0][1])
                lines = lines[1:]
            found[name] = " ".join(folded)
        elif value is None:
            found[name], lines = _block(lines, lines[0][0])
        else:
            found[name] = _scalar(value)
    return found, lines


def _scalar(text: str) -> str:
    if text[0] in "[{&*!|>%@`'":
        raise ValueError(f"not plain enough: {text}")
    return text[1:-1] if text[0] == text[-1] == '"' else text
