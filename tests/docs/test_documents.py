"""The documents are current, their links lead somewhere, and they say nothing of one machine."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import ROOT, documents
from tests.docs.plain_yaml import read_yaml
from uitvoering.cli.app import verbs
from uitvoering.labels.events import events_markdown
from uitvoering.labels.glossary import glossary_markdown
from uitvoering.labels.table import Labels

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_FORBIDDEN = re.compile(
    r"/home/|/Users/|/root/|/wor[k]/|(?:index|extra-index|registry)[-_]?url|pypi\.or[g]/simple"
    r"|npmj[s]\.org",
    re.IGNORECASE,
)
SETTINGS = ("pyproject.toml", "constraints.txt", "Makefile", "publiccode.yml")
CATEGORIES = {"compliance-management", "regulations-and-directives", "workflow-management"}


@pytest.mark.parametrize(
    ("name", "made"), [("events.md", events_markdown), ("glossary.md", glossary_markdown)]
)
def test_what_is_generated_is_current(name: str, made: Any) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == made(), "run `make docs`"


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = _LINK.findall(document.read_text("utf-8"))
    gone = [
        link
        for link in links
        if not link.startswith(("https://", "mailto:")) and not (document.parent / link).exists()
    ]
    assert gone == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_no_document_holds_for_one_machine_only(document: Path) -> None:
    assert _FORBIDDEN.findall(document.read_text("utf-8")) == []


@pytest.mark.parametrize("name", SETTINGS)
def test_no_setting_names_a_machine_or_an_index(name: str) -> None:
    assert _FORBIDDEN.findall((ROOT / name).read_text("utf-8")) == []


def test_every_verb_of_the_command_line_is_documented() -> None:
    text = "\n".join(path.read_text("utf-8") for path in documents())
    typed = [" ".join(verb) for verb in verbs()]
    undocumented = [v for v in typed if not re.search(rf"(?:uitvoering |`){v}\b", text)]
    assert undocumented == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_verb_has_help_and_an_example_in_both_languages(lang: str) -> None:
    labels = Labels.load(lang)
    for verb in map(".".join, verbs()):
        assert labels.text(f"cli.{verb}.help")
        assert "uitvoering " in labels.term("text", f"cli.{verb}.example")


def test_decisions_are_numbered_without_gaps_and_have_their_three_parts() -> None:
    found = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    for path in found:
        text = path.read_text("utf-8")
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Consequences"))


def test_publiccode_is_complete() -> None:
    """The rules of publiccode.yml 0.7 that apply to us; no validator is on a package index."""
    told = read_yaml((ROOT / "publiccode.yml").read_text("utf-8"))
    assert told["publiccodeYmlVersion"] == "0.7"
    assert told["name"] == "uitvoering"
    assert told["url"].startswith("https://")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["releaseDate"])
    assert told["platforms"]
    assert set(told["categories"]) <= CATEGORIES
    assert told["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert told["softwareType"] == "standalone/backend"
    assert told["intendedAudience"]["scope"] == ["government"]
    assert set(told["description"]) == {"nl", "en"}
    for described in told["description"].values():
        assert 0 < len(described["shortDescription"]) <= 150
        assert 150 <= len(described["longDescription"]) <= 10_000
        assert described["features"]
    assert told["legal"] == {"license": "EUPL-1.2"}
    assert told["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in told["maintenance"]["contacts"])
    assert told["localisation"] == {"localisationReady": "true", "availableLanguages": ["nl", "en"]}


def test_the_version_is_said_once_and_the_same() -> None:
    told = read_yaml((ROOT / "publiccode.yml").read_text("utf-8"))
    assert f'__version__ = "{told["softwareVersion"]}"' in (
        ROOT / "src" / "uitvoering" / "__init__.py"
    ).read_text("utf-8")
