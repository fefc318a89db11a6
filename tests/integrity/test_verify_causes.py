"""Why something was refused or is wrong: raised in English, told in the language of the reader."""

import ast
import errno
import os
from pathlib import Path

import pytest

import uitvoering.integrity
from uitvoering.integrity.verify.texts import explained

INTEGRITY = Path(uitvoering.integrity.__file__).parent


def test_every_cause_that_is_raised_is_said_in_dutch() -> None:
    found: set[str] = set()
    for file in (*INTEGRITY.rglob("*.py"), INTEGRITY.parent / "cli" / "adopting.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.keyword(arg="cause", value=value):
                    found |= _written(value)
                case ast.Assign(targets=[ast.Name(id="cause" | "UTF16_CAUSE")], value=value):
                    found |= _written(value)
                case ast.Call(func=ast.Name(id="_LineError"), args=[value]):
                    found |= _written(value)
                case _:
                    continue
    assert {
        cause for cause in found if explained({"cause": cause}, "nl")["cause"] == cause
    } == set()
    assert len(found) > 60
    for cause in found:
        assert explained({"cause": cause}, "en")["cause"] == cause


def _written(value: ast.expr) -> set[str]:
    """As it may be raised; nothing of what is no text of ours."""
    match value:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr(values=parts):
            return {"".join(str(p.value) if isinstance(p, ast.Constant) else "1" for p in parts)}
        case ast.IfExp(body=body, orelse=other):
            return _written(body) | _written(other)
        case _:
            return set()


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (os.strerror(errno.ENOSPC), "de schijf is vol"),
        (str(OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))), "(fout 111)"),
        (str(OSError(errno.EACCES, os.strerror(errno.EACCES), "a")), "geweigerd (a; fout 13)"),
        ("the key is no key: it is not name+id+key", "geen sleutel: het heeft niet de vorm naam+"),
        ("{x} is no moment", "{x} is geen tijdstip"),
        ("of a kind that is not in the table", "of a kind that is not in the table"),
    ],
)
def test_what_a_system_says_is_told_in_the_language_of_the_reader(raised: str, said: str) -> None:
    assert said in explained({"cause": raised, "file": "f"}, "nl")["cause"]
