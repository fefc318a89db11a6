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
        nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
        given = [value for node in nodes for value in _causes(node)]
        named = {value.id for value in given if isinstance(value, ast.Name)}
        for node in nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in named:
                    given.append(value)
                case _:
                    continue
        called = {
            value.func.id
            for value in given
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and node.name in called:
                returned = (each for each in ast.walk(node) if isinstance(each, ast.Return))
                given += [each.value for each in returned if each.value is not None]
        found |= {text for value in given for text in _written(value)}
    assert {
        cause for cause in found if explained({"cause": cause}, "nl")["cause"] == cause
    } == set()
    assert found > {
        "the time for it is over",
        "no key of it that we know has signed",
        "it holds no checkpoint: no line begins with —, as a signature does",
        "none within 1 seconds",
    }
    assert len(found) > 70
    for cause in found:
        assert explained({"cause": cause}, "en")["cause"] == cause


def _causes(node: ast.AST) -> tuple[ast.expr, ...]:
    """What is handed on as one, or raised under a name and then told as one."""
    match node:
        case ast.keyword(arg="cause", value=value):
            return (value,)
        case ast.Call(func=ast.Name(id="_LineError"), args=[value]):
            return (value,)
        case ast.Call(func=ast.Attribute(attr="_senseless"), args=[_, value]):
            return (value,)
        case ast.Raise(exc=ast.Call(args=[ast.Name() as value])):
            return (value,)
        case _:
            return ()


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
