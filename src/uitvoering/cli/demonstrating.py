"""`demo`: a real case in a fresh store, its trail, its receipt and its evidence, checked."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from uitvoering.application.evidence_files import own_files
from uitvoering.application.evidence_pack import Evidence, export
from uitvoering.application.evidence_replay import replayed
from uitvoering.application.receipts import proof_for
from uitvoering.application.uitvoering import AMSTERDAM, Uitvoering
from uitvoering.cases.case import read_case
from uitvoering.cases.loading import Loading
from uitvoering.cli.console import (
    BROKEN,
    Json,
    labels,
    print_json,
    progress,
    refusals,
    say,
    settings,
    tell,
    write_file,
)
from uitvoering.cli.ledger import tell_again
from uitvoering.cli.reading import show_digests, show_trail, verified
from uitvoering.cli.serving import Host, Port, answer, listening
from uitvoering.commands.registers import AdoptCosigningPolicy
from uitvoering.domain.acts import Source
from uitvoering.domain.values import Level
from uitvoering.integrity.keys.key_files import Use, create, signing_keys
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.verify.pack import Asked
from uitvoering.integrity.verify.receipts import check_proof
from uitvoering.integrity.verify.verify import Asking, verify
from uitvoering.integrity.witness.folder import create_witness
from uitvoering.integrity.witness.server import WitnessServer
from uitvoering.pictures.trail import draw
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.settings import Settings
from uitvoering.wiring import (
    REGISTRAR,
    create_ledger,
    demo_token,
    migrate,
    places,
    running,
    sequencing,
    utc_now,
)

_ORIGIN, _WITNESS = "log.example.nl/demo", "witness.example.nl/demo"


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    case: Annotated[str, typer.Option("--case", help=say("demo.case"))] = "b-fsv",
    stop: Annotated[bool, typer.Option("--no-serve", help=say("demo.stop"))] = False,
    as_json: Json = False,
) -> None:
    """See the label `cli.demo.help`."""
    folder = Path(tempfile.mkdtemp(prefix="uitvoering-demo-"))
    given = settings().model_copy(
        update={"store": f"sqlite:///{folder / 'uitvoering.db'}", "ledger": "", "keys": ""}
    )
    with (
        refusals(),
        listening(host, 0 if stop else port) as (door, url),
        _witnessed(given, folder) as policy,
        running(given) as app,
    ):
        _adopt(app, policy)
        loading = Loading(app, read_case(case))
        with progress(say("case.busy")) as step:
            loading.run(step)
        seen = _first_look(app, loading, folder, shown=not as_json)
        seen |= _proofs(app, given, loading, folder, policy, shown=not as_json)
        exports = {} if stop else _exports(app, given, policy)
        if as_json:
            print_json(seen | {"environment": exports})
        elif exports:
            tell(say("demo.tour"))
            for name, value in exports.items():
                tell(f"export {name}={value}")
        if not stop:
            with _sequenced(given):
                answer(app, given, door, url)


def _adopt(app: Uitvoering, policy: Path) -> None:
    """Who must cosign is a dated fact: the monitor tells of a policy that nobody adopted."""
    today = utc_now().astimezone(AMSTERDAM).date()
    adopted = AdoptCosigningPolicy(
        happened_on=today,
        in_force_from=today,
        source=Source(title=say("demo.title")),
        text=policy.read_text("utf-8"),
    )
    app.handle(adopted, REGISTRAR)


def _first_look(app: Uitvoering, loading: Loading, folder: Path, *, shown: bool) -> dict[str, Any]:
    """The trail as a table and as a picture, and the proof that a replay says the same."""
    moment = app.reading.moment()
    documents = app.reading.documents(moment)
    words = labels()
    pictures: list[str] = []
    for signal in loading.streams.signals:
        rows = signal_trail(documents, moment, signal=signal)
        picture = folder / f"trail-{signal[:8]}.svg"
        if shown:
            show_trail(rows, words)
            tell(say("demo.picture", file=picture))
        write_file(picture, draw(rows, words))
        pictures.append(str(picture))
    digests = app.reading.replay(moment)
    same = verified(app)
    if shown:
        show_digests(digests)
        tell(say("replay.same" if same else "replay.differs"))
    if not same:
        raise typer.Exit(BROKEN)
    return {
        "case": loading.case.case,
        "signals": loading.streams.signals,
        "pictures": pictures,
        "read_models": digests,
        "same_as_replay": same,
    }


def _proofs(
    app: Uitvoering,
    given: Settings,
    loading: Loading,
    folder: Path,
    policy: Path,
    *,
    shown: bool,
) -> dict[str, Any]:
    """A receipt and an evidence pack, both checked as whoever is handed them would."""
    with sequencing(given, tell_again) as work:
        work.once()
    first = app.store.facts(loading.streams.signals[0])[0].event_id
    held, pack = proof_for(app, first, final=True), folder / "evidence"
    if held is None:
        raise typer.Exit(BROKEN)
    receipt = folder / "receipt.tlog-proof"
    write_file(receipt, held)
    proved = check_proof(held.encode(), policy_of(policy.read_bytes()))
    with progress(say("export.busy")) as step:
        export(Evidence(app, Ledger.opened(places(given)[0])), pack, Asked(), step)
    with progress(say("verify.busy")) as step:
        report = verify(
            Asking(
                folder=pack,
                policy=policy.read_bytes(),
                now=int(utc_now().timestamp()),
                replay=replayed,
                own=own_files(),
            ),
            step,
        )
    if shown:
        tell(say("demo.receipt", index=proved.index, size=proved.checkpoint.size, file=receipt))
        for line in report.lines(given.lang):
            tell(line)
    if report.code:
        raise typer.Exit(report.code)
    return {"receipt": str(receipt), "evidence": str(pack), "verified": True}


def _exports(app: Uitvoering, given: Settings, policy: Path) -> dict[str, str]:
    """For a second terminal: the demonstration store, and a token for three levels of UWV."""
    tokens = {
        level.value.upper().replace("-", "_"): demo_token(app, level)
        for level in (Level.FRONTLINE, Level.TEAM_LEAD, Level.DEPARTMENT)
    }
    return tokens | {"UITVOERING_STORE": given.store, "POLICY": str(policy)}


@contextmanager
def _witnessed(given: Settings, folder: Path) -> Generator[Path]:
    """A store with a log, and a witness that cosigns it; gives the policy that asks for both.

    A witness on the same machine shows how it goes and proves nothing to anybody.
    """
    migrate(given)
    keys = places(given)[1]
    create(keys, _ORIGIN, [Use.CHECKPOINT, Use.PROMISE], utc_now())
    witness = create_witness(folder / "witness", _WITNESS, lambda: int(utc_now().timestamp()))
    with listening("127.0.0.1", 0) as (door, url):
        server = WitnessServer(door, witness, "", lambda _: None)
        logs = [key.public for key in signing_keys(keys, _ORIGIN)]
        for key in logs:
            witness.enrol(key)
        policy = folder / "policy.txt"
        asked = witness.keys[0]
        lines = [f"log {logs[0]}", f"witness outside {asked} {url}", "quorum outside"]
        write_file(policy, "\n".join(lines) + "\n")
        create_ledger(given, _ORIGIN, policy.read_bytes())
        thread = threading.Thread(target=server.serve_forever, name="witness", daemon=True)
        thread.start()
        try:
            yield policy
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _sequenced(given: Settings) -> Generator[None]:
    """The log is carried on by a process of its own: who answers requests holds no log keys."""
    environment = os.environ | {
        "UITVOERING_STORE": given.store,
        "UITVOERING_LEDGER": "",
        "UITVOERING_KEYS": "",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "uitvoering", "ledger", "follow"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.terminate()
