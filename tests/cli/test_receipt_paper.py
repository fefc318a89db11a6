"""A receipt on paper: what anybody needs to find it again and to check it, and no secret."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.cli.command import Command, Said
from tests.cli.test_receipts import LOG, SIGNAL, UNKNOWN
from uitvoering.application.receipts import Cosigner, Paper
from uitvoering.cli.receipt_paper import page
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.promise import promise_of
from uitvoering.integrity.notes.proof_file import proof_of
from uitvoering.integrity.tree.merkle import leaf_hash

COLUMNS, LINES = 80, 60
"""Of a page."""
ADDRESS = "https://meldingen.example.nl"


@dataclass(frozen=True)
class Desk:
    command: Command
    event: str
    promise: str
    opening: str
    early: dict[str, Said]
    """The paper from before the event was in the log, by language."""

    def paper(self, *more: str, lang: str = "en") -> Said:
        return self.command("receipt", "show", self.event, "--paper", *more, UITVOERING_LANG=lang)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("paper")
    if request.param == "sqlite":
        yield _filed(folder, f"sqlite:///{folder / 'store.db'}")
    else:
        with request.getfixturevalue("postgres_server").database() as url:
            yield _filed(folder, url)


def _filed(folder: Path, store: str) -> Desk:
    places = {"UITVOERING_STORE": store, "UITVOERING_ORGANISATION": "uwv"}
    places |= {f"UITVOERING_{name}": str(folder / name.lower()) for name in ("LEDGER", "KEYS")}
    places |= {"UITVOERING_LEVEL": "frontline", "UITVOERING_PUBLIC_URL": ADDRESS}
    command = Command(folder, places)
    assert command("migrate").code == 0
    assert command("ledger", "create", LOG).code == 0
    kept = folder / "receipts.jsonl"
    done = command("record", "signal-hardship", json.dumps(SIGNAL), "--receipts", str(kept))
    assert done.code == 0, done.err
    receipt = json.loads(kept.read_text())
    early: dict[str, Said] = {}
    desk = Desk(
        command, receipt["event"], receipt["promise"], receipt["openings"][0]["opening"], early
    )
    early |= {lang: desk.paper(lang=lang) for lang in ("nl", "en")}
    early["json"] = desk.paper("--json")
    assert command("ledger", "follow", "--once").code == 0
    return desk


def on_a_page(said: Said) -> str:
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    return " ".join(said.out.split())


def grouped(hexed: str) -> str:
    return " ".join(hexed[at : at + 4] for at in range(0, len(hexed), 4))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_it_fits_on_a_page_and_holds_what_the_proof_is_compared_with(desk: Desk, lang: str) -> None:
    proof = proof_of(desk.command("receipt", desk.event).out.encode())
    text = on_a_page(desk.paper(lang=lang))
    for part in (
        desk.event,
        LOG,
        grouped(leaf_hash(proof.extra).hex()),
        grouped(proof.checkpoint.root.hex()),
        {"nl": f"blad {proof.index} ", "en": f"leaf {proof.index} "}[lang],
        {"nl": f"het log {proof.checkpoint.size} ", "en": f"the log {proof.checkpoint.size} "}[
            lang
        ],
        {"nl": "nog niet medeondertekend", "en": "not cosigned yet"}[lang],
        f"{ADDRESS}/api/v1/receipts/",
        f"{ADDRESS}/log/checkpoint",
        "uitvoering receipt verify",
        "1. ",
        "4. ",
    ):
        assert part in text
    assert desk.opening not in text


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_before_it_is_proved_it_holds_the_promise_and_its_term(desk: Desk, lang: str) -> None:
    text = on_a_page(desk.early[lang])
    promise = promise_of(parsed(desk.promise.encode()).text)
    told = desk.early["json"].json
    for part in (
        desk.event,
        LOG,
        grouped(promise.leaf_hash.hex()),
        {"nl": "beloofd voor", "en": "promised before"}[lang],
        "--promise-key",
    ):
        assert part in text
    assert desk.opening not in text
    assert (told["leaf_hash"], told["index"], told["root"]) == (promise.leaf_hash.hex(), None, None)
    assert told["promised_at"] < told["due"]
    keys = Path(desk.command.settings["UITVOERING_KEYS"])
    assert told["promise_key"] == (keys / "promise.pub").read_text().strip()
    assert told["promise_key"] in text.replace(" ", "")


def test_what_is_on_paper_is_what_verify_prints(desk: Desk, tmp_path: Path) -> None:
    paper = desk.paper("--json").json
    proof, policy = tmp_path / "proof", tmp_path / "policy"
    assert desk.command("receipt", desk.event, "-o", str(proof)).code == 0
    keys = desk.command("keys", "list", "--policy").out
    policy.write_text(f"{keys.strip()}\nquorum none\n")
    told = desk.command("receipt", "verify", str(proof), "--policy", str(policy), "--json").json
    same = ("event", "log", "index", "size", "leaf_hash", "root")
    assert [paper[name] for name in same] == [told[name] for name in same]


def test_who_cosigned_and_when_is_on_it(desk: Desk, tmp_path: Path) -> None:
    witness = new_key("ministry.nl", Kind.COSIGNATURE)
    ledger = Path(desk.command.settings["UITVOERING_LEDGER"])
    keys = desk.command("keys", "list", "--policy").out.strip()
    policy, cosigned = ledger / "policy", ledger / "cosigned"
    policy.write_text(f"{keys}\nwitness ministry {witness.public}\nquorum ministry\n")
    note = (ledger / "public" / "checkpoint").read_bytes()
    checkpoint = proof_of(desk.command("receipt", desk.event).out.encode()).checkpoint
    cosigned.write_bytes(note + witness.cosignature_line(checkpoint, 1_800_000_000).encode())
    kept = tmp_path / "paper.txt"
    try:
        told = desk.paper("--json", "-o", str(kept)).json
    finally:
        policy.unlink()
        cosigned.unlink()
    assert told["cosigned"] == [{"name": "ministry", "at": 1_800_000_000}]
    assert "2027-01-15 08:00:00 UTC  ministry\n" in kept.read_text("utf-8")


def test_without_the_address_to_ask_there_is_no_paper(desk: Desk) -> None:
    settings = desk.command.settings.copy()
    del settings["UITVOERING_PUBLIC_URL"]
    done = replace(desk.command, settings=settings)("receipt", desk.event, "--paper", "--json")
    assert (done.code, done.json["code"]) == (1, "address-unset")
    assert "UITVOERING_PUBLIC_URL" in done.json["detail"]


def test_of_an_unknown_event_there_is_no_paper(desk: Desk) -> None:
    done = desk.command("receipt", "show", UNKNOWN, "--paper", "--json")
    assert (done.code, done.json["code"]) == (1, "event-unknown")


def test_with_names_of_any_length_and_many_witnesses_it_stays_on_the_page() -> None:
    paper = Paper(
        event=UNKNOWN,
        log="log.example.nl/" + "x" * 240,
        leaf_hash="ab" * 32,
        index=10**18,
        size=2 * 10**18,
        root="cd" * 32,
        cosigned=tuple(Cosigner(name=f"witness-{n}-" + "y" * 20, at=n) for n in range(1, 40)),
    )
    shown = page(paper, "https://uitvoering.example.nl/")
    assert "+ 27\n" in shown
    on_a_page(Said(shown, "", 0))
    promised = paper.model_copy(update={"index": None, "size": None, "root": None})
    on_a_page(Said(page(promised, ADDRESS, paper.log + "+530d903a+" + "A" * 44), "", 0))
