"""The whole command line: `uitvoering VERB`, one module per group of verbs."""

import typer

from uitvoering.cli import cases, comparing, filing, operating, reading, serving
from uitvoering.cli.console import say

app = typer.Typer(
    help=say("help"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    add_completion=False,
)

for name, verb in {
    "serve": serving.serve,
    "demo": serving.demo,
    "trail": reading.trail,
    "hotspots": reading.show_hotspots,
    "compare": comparing.compare,
    "import": filing.import_,
    "record": filing.record,
    "replay": reading.replay,
    "rebuild": reading.rebuild,
    "tick": operating.tick,
    "migrate": operating.migrate,
    "settings": operating.show_settings,
    "openapi": operating.openapi,
    "docs": operating.write_docs,
    "version": operating.version,
}.items():
    app.command(
        name, help=say(f"{name}.help"), epilog=say("example") + f": {say(f'{name}.example')}"
    )(verb)
app.add_typer(cases.case, name="case")
app.add_typer(operating.token, name="token")
