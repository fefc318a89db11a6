"""What no tool's setting can say: size and names of modules, and what the domain leans on."""

import ast
import re
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "uitvoering"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST = 300
"""Lines: a module is read in one sitting (STYLE 1)."""
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc"}
VAGUE_CLASS = re.compile(r"class \w+(?:Manager|Service|Processor|Helper|Util)s?\b")


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_is_short_and_says_what_it_is_about(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text)), "a module opens with one sentence"
    assert not VAGUE & {module.stem, *module.relative_to(SOURCE).parts}
    assert VAGUE_CLASS.findall(text) == []


@pytest.mark.parametrize("package", sorted(SOURCE.rglob("__init__.py")), ids=named)
def test_a_package_holds_a_docstring_and_re_exports_nothing(package: Path) -> None:
    first, *rest = ast.parse(package.read_text(encoding="utf-8")).body
    assert isinstance(first, ast.Expr)
    allowed = {"__version__"} if package.parent == SOURCE else set()
    assert {ast.unparse(row).split(" ")[0] for row in rest} <= allowed


@pytest.mark.parametrize("module", sorted((SOURCE / "domain").rglob("*.py")), ids=named)
def test_of_third_parties_the_domain_knows_pydantic_alone(module: Path) -> None:
    strange = _imports(module) - set(sys.stdlib_module_names) - {"uitvoering", "pydantic"}
    assert strange == set()


OPTIONAL = {"integrity/fast_json.py": {"orjson"}, "integrity/notes/stamps.py": {"rfc3161_client"}}
"""What the verifier does without, where it is not installed."""


@pytest.mark.parametrize("module", sorted((SOURCE / "integrity").rglob("*.py")), ids=named)
def test_of_third_parties_the_verifier_needs_cryptography_alone(module: Path) -> None:
    known = {"uitvoering", "cryptography"} | OPTIONAL.get(named(module), set())
    assert _imports(module) - set(sys.stdlib_module_names) <= known
    ours = re.findall(
        r"^\s*(?:from|import) uitvoering(\S*)", module.read_text("utf-8"), re.MULTILINE
    )
    assert {name.split(".")[1] for name in ours} <= {"errors", "integrity"}


def test_no_second_module_asks_the_system_for_the_time() -> None:
    """One clock, so that a test and a case can be told at another moment."""
    asking = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\(")
    found = {named(path) for path in MODULES if asking.search(path.read_text(encoding="utf-8"))}
    # A migration writes down when it ran; there is no application yet to ask.
    assert found <= {"wiring.py", "persistence/migrations.py"}


def test_no_excuse_without_a_rule_and_a_reason() -> None:
    bare = re.compile(
        r"#\s*(?:noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)* \S)|type: ignore(?!\[[\w-]+\]  ?#))"
    )
    found = {named(path) for path in MODULES if bare.search(path.read_text(encoding="utf-8"))}
    assert found == set()


def _imports(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name.split(".")[0] for alias in aliases}
            case ast.ImportFrom(module=str(name), level=0):
                names.add(name.split(".")[0])
            case _:
                continue
    return names
