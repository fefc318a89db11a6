"""The whole command line: `uitvoering VERB`, one module per group of verbs."""

from collections.abc import Callable

import typer

from uitvoering.cli import (
    adopting,
    cases,
    challenges,
    comparing,
    demonstrating,
    describing,
    evidence,
    filing,
    following,
    keeping,
    keys,
    ledger,
    monitoring,
    operating,
    reading,
    receipts,
    serving,
)
from uitvoering.cli.console import epilog, say

app = typer.Typer(
    help=say("help"),
    epilog=f"{say('example')}: uitvoering demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)

_VERBS: dict[str, Callable[..., None]] = {
    "serve": serving.serve,
    "demo": demonstrating.demo,
    "trail": reading.trail,
    "hotspots": reading.show_hotspots,
    "verdict-challenges": challenges.show_challenges,
    "verdict-challenge-counts": challenges.show_counts,
    "compare": comparing.compare,
    "import": filing.import_,
    "record": filing.record,
    "adopt-method": adopting.adopt_method,
    "adopt-cosigning-policy": adopting.adopt_cosigning_policy,
    "commands": describing.commands,
    "replay": reading.replay,
    "rebuild": reading.rebuild,
    "events": keeping.events,
    "backup": keeping.backup,
    "restore": keeping.restore,
    "export": evidence.export,
    "verify": evidence.verify,
    "views": following.views,
    "catch-up": following.catch_up,
    "monitor": monitoring.monitor,
    "tick": operating.tick,
    "migrate": operating.migrate,
    "settings": operating.show_settings,
    "openapi": describing.openapi,
    "docs": describing.write_docs,
    "version": operating.version,
}
for name, verb in _VERBS.items():
    app.command(name, help=say(f"{name}.help"), epilog=epilog(name))(verb)
app.add_typer(cases.case, name="case")
app.add_typer(ledger.ledger, name="ledger")
app.add_typer(keys.keys, name="keys")
app.add_typer(receipts.receipt, name="receipt")
app.add_typer(operating.token, name="token")
