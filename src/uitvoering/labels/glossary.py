"""The glossary: every code with its Dutch and English term, from the label tables alone."""

from uitvoering.domain.values import Value
from uitvoering.labels.table import Labels

KINDS = ("glossary", "fact", "dimension", "value", "field", "read_model", "path")
"""In the order in which the printed glossary lists them."""


class GlossaryEntry(Value):
    """One term; `identifier` is the code or stored value, `meaning` is in the language asked."""

    identifier: str
    kind: str
    term_nl: str
    term_en: str
    meaning: str
    source: str


def glossary(lang: str = "nl") -> list[GlossaryEntry]:
    """All terms, by kind and identifier; the meaning in `lang`."""
    dutch, english, asked = Labels.load("nl"), Labels.load("en"), Labels.load(lang)
    return [
        GlossaryEntry(
            identifier=key,
            kind=kind,
            term_nl=dutch.term(kind, key),
            term_en=english.term(kind, key),
            meaning=asked.label(kind, key).meaning or asked.label(kind, key).question,
            source=dutch.label(kind, key).source,
        )
        for kind in KINDS
        for key in dutch.keys(kind)
    ]


def glossary_markdown() -> str:
    """docs/glossary.md: one table per kind, generated so that it cannot drift from the screens."""
    entries = glossary("en")
    labels = Labels.load("en")
    lines = ["# " + labels.text("glossary-title"), "", labels.text("glossary-intro"), ""]
    for kind in KINDS:
        lines += [
            "## " + labels.text(f"glossary-{kind.replace('_', '-')}"),
            "",
            "| Identifier | Nederlands | English | Meaning | Source |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| `{e.identifier}` | {_cell(e.term_nl)} | {_cell(e.term_en)} "
            f"| {_cell(e.meaning)} | {_cell(e.source)} |"
            for e in entries
            if e.kind == kind
        ]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
