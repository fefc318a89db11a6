"""The verifier as one file an auditor can run: a zipapp, the same bytes whenever it is made."""

import ast
import io
import zipfile
from functools import cache
from importlib.resources import files

from uitvoering.integrity.verify.texts import FILE, PACKAGE

_ROOT = "uitvoering"
_ENTRY = f"{_ROOT}.integrity.__main__"
_SHEBANG = b"#!/usr/bin/env python3\n"
_START = f"from {_ENTRY} import main\n\nmain()\n"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip file knows."""
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3


@cache
def verifier() -> bytes:
    """What `python -m zipapp` would make of the verifier and all it leans on, and nothing more."""
    output = io.BytesIO(_SHEBANG)
    output.seek(0, io.SEEK_END)
    with zipfile.ZipFile(output, "a") as archive:
        for path, source in sorted(_files().items()):
            entry = zipfile.ZipInfo(path, _FIRST_DAY)
            entry.external_attr, entry.create_system = _PLAIN_FILE, _UNIX
            archive.writestr(entry, source)  # not compressed: it can be read as it is
    return output.getvalue()


def modules() -> frozenset[str]:
    """The verifier and every module of ours that it imports, packages included."""
    found: set[str] = set()
    waiting = {_ENTRY}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {*_imported(_source(name)), name.rpartition(".")[0]} - found - {""}
    return frozenset(found)


def _files() -> dict[str, str]:
    made = {_path(name): _source(name) for name in modules()}
    words = files(PACKAGE).joinpath(FILE).read_text("utf-8")
    return made | {"__main__.py": _START, f"{PACKAGE.replace('.', '/')}/{FILE}": words}


def _path(name: str) -> str:
    path = name.replace(".", "/")
    return f"{path}/__init__.py" if _is_package(name) else f"{path}.py"


def _is_package(name: str) -> bool:
    return files(_ROOT).joinpath(*name.split(".")[1:]).is_dir()


def _source(name: str) -> str:
    inside = _path(name).removeprefix(f"{_ROOT}/")
    return files(_ROOT).joinpath(*inside.split("/")).read_text("utf-8")


def _imported(source: str) -> set[str]:
    """Of `from a.b import c` both a.b and, where it is a module, a.b.c."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_ROOT):
            module = node.module or ""
            names.add(module)
            if _is_package(module):
                names |= {f"{module}.{alias.name}" for alias in node.names}
    return names
