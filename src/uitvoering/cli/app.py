"""The whole command line: `uitvoering VERB`, one module per group of verbs."""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup

from uitvoering.cli.console import epilog, say

_VERBS = {
    "serve": "serving.serve",
    "demo": "demonstrating.demo",
    "trail": "reading.trail",
    "hotspots": "reading.show_hotspots",
    "verdict-challenges": "challenges.show_challenges",
    "verdict-challenge-counts": "challenges.show_counts",
    "compare": "comparing.compare",
    "import": "filing.import_",
    "record": "filing.record",
    "adopt-method": "adopting.adopt_method",
    "adopt-cosigning-policy": "adopting.adopt_cosigning_policy",
    "commands": "describing.commands",
    "replay": "reading.replay",
    "rebuild": "reading.rebuild",
    "events": "keeping.events",
    "backup": "keeping.backup",
    "restore": "keeping.restore",
    "export": "evidence.export",
    "verify": "evidence.verify",
    "views": "following.views",
    "catch-up": "following.catch_up",
    "monitor": "monitoring.monitor",
    "tick": "operating.tick",
    "migrate": "operating.migrate",
    "settings": "operating.show_settings",
    "openapi": "describing.openapi",
    "docs": "describing.write_docs",
    "version": "operating.version",
}
"""Where each verb stands in this package."""
_GROUPS = {
    "case": "cases.case",
    "ledger": "ledger.ledger",
    "keys": "keys.keys",
    "receipt": "receipts.receipt",
    "token": "operating.token",
}
"""Verbs with verbs below them."""


class _Commands(Mapping[str, Any]):
    """Loads the module of a verb when that verb is asked for: a command waits for no other."""

    def __iter__(self) -> Iterator[str]:
        yield from (*_VERBS, *_GROUPS)

    def __len__(self) -> int:
        return len(_VERBS) + len(_GROUPS)

    def __contains__(self, name: object) -> bool:
        return name in _VERBS or name in _GROUPS

    def get(self, name: str, default: Any = None) -> Any:
        """Else a KeyError of a module that is loaded would pass for a verb that is not there."""
        if name not in self:
            return default
        return self[name]

    def __getitem__(self, name: str) -> Any:
        alone = typer.Typer(**_PLAIN)
        alone.callback()(_nothing)
        if name in _GROUPS:
            alone.add_typer(_found(_GROUPS[name]), name=name)
        else:
            verb = _found(_VERBS[name])
            alone.command(name, help=say(f"{name}.help"), epilog=epilog(name))(verb)
        return typer.main.get_group(alone).commands[name]


class _Verbs(TyperGroup):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = cast("MutableMapping[str, Any]", _Commands())


def _found(place: str) -> Any:
    module, _, name = place.partition(".")
    return getattr(import_module(f"uitvoering.cli.{module}"), name)


def _nothing() -> None:
    """What stands above the verbs: it has no options of its own."""


_PLAIN: dict[str, Any] = {
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "add_completion": False,
}
app = typer.Typer(
    cls=_Verbs,
    help=say("help"),
    epilog=f"{say('example')}: uitvoering demo",
    no_args_is_help=True,
    **_PLAIN,
)
app.callback()(_nothing)


def verbs() -> list[tuple[str, ...]]:
    """Each as it is typed, those below a group included."""
    found: list[tuple[str, ...]] = [(name,) for name in _VERBS]
    for name in _GROUPS:
        below: TyperGroup = _Commands()[name]
        found += [(name, verb) for verb in below.commands]
    return found
