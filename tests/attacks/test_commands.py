"""The commands say so too: exit code 3, and the name of the event."""

import pytest

from tests.attacks.scene import MILDER, ORIGIN, Scene
from tests.cli.command import Command
from uitvoering.integrity.keys import key_files


@pytest.fixture
def command(scene: Scene) -> Command:
    settings = {
        "UITVOERING_STORE": scene.store,
        "UITVOERING_LEDGER": str(scene.ledger),
        "UITVOERING_KEYS": str(scene.keys),
        "UITVOERING_LANG": "en",
    }
    (scene.folder / "policy").write_bytes(scene.policy_text())
    return Command(scene.folder, settings)


def test_an_event_changed_in_the_store(scene: Scene, command: Command) -> None:
    with scene.operator.history() as events:
        changed = events[scene.signal] = events[scene.signal].reworded(MILDER)
    scene.pack()
    judged = command("verify", "pack", "--policy", "policy", "--kept", "kept", "--no-replay")
    watched = command("monitor")
    for said in (judged, watched):
        assert said.code == 3
        assert changed.event_id in said.out
        assert f"leaf {scene.signal}" in said.out
    assert MILDER not in judged.out + watched.out, "what was written is nobody's business here"


def test_the_last_event_changed_stops_the_sequencer(scene: Scene, command: Command) -> None:
    with scene.operator.history() as events:
        events[scene.last] = events[scene.last].one_byte_changed()
    said = command("ledger", "follow", "--once", "--json")
    assert (said.code, said.json["code"]) == (3, "event-not-as-logged")
    assert f"leaf {scene.last}" in said.json["detail"]


def test_a_history_rewritten_and_signed_again(scene: Scene, command: Command) -> None:
    with scene.operator.history() as events:
        events[scene.signal] = events[scene.signal].reworded(MILDER).recommitted()
    scene.operator.signs_again()
    asked = command("ledger", "witness", "--json")
    assert (asked.code, asked.json["code"]) == (3, "log-forked")
    scene.pack()
    judged = command("verify", "pack", "--policy", "policy", "--kept", "kept", "--no-replay")
    assert judged.code == 3
    assert f"from leaf {scene.signal}" in judged.out, "the first that nobody but the log stands for"


def test_a_promise_not_kept(scene: Scene, command: Command) -> None:
    receipt = scene.file()
    with scene.operator.history() as events:
        at = next(at for at, event in enumerate(events) if event.event_id == receipt.event)
        del events[at]
    scene.sequence()
    scene.file()
    scene.sequence()  # the log signs after the term, and what was promised is not in it
    key = key_files.promise_key(scene.keys, ORIGIN)
    assert key is not None
    (scene.folder / "promise").write_text(receipt.promise, encoding="utf-8")
    words = ("--promise-key", str(key.public), "--policy", "policy", "--log", "ledger/public")
    said = command("receipt", "verify", "promise", *words, "--json")
    assert (said.code, said.json["code"]) == (3, "promise-broken")
    assert receipt.event in said.json["detail"]
