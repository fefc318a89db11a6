"""kill -9 of a witness between its check and its answer: it never holds less than it said.

In two forms: what it was about to state is lost, or it is stored and nobody was told.
"""

import json
from pathlib import Path

from tests.faults import witnesses
from tests.integrity.watched import NOON, ORIGIN, Log, log_of, serving
from tests.persistence.processes import finish, start
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.witness.client import WitnessClient
from uitvoering.integrity.witness.folder import create_witness, open_witness
from uitvoering.integrity.witness.witness import Witness

_KILLED = -9
_LIVES = range(7, 60)
"""Steps of each: from before the first statement that writes, until one lives to tell."""


def _clock() -> int:
    return NOON


def _watching(directory: Path, log: Log) -> Witness:
    witness = create_witness(directory, "witness.example.nl", _clock)
    for key in log.keys:
        witness.enrol(key.public)
    witness.add_checkpoint(log.request(0))
    return witness


def _held(directory: Path) -> int:
    with open_witness(directory, _clock).store.reading() as record:
        return record.held(ORIGIN).size


def test_a_witness_killed_at_any_step_has_stored_what_it_said_and_can_be_asked_again(
    tmp_path: Path,
) -> None:
    directory, log = tmp_path / "witness", log_of(5)
    _watching(directory, log)
    forms = set()
    for steps in _LIVES:
        before, log = log.tree.size, log.grown(log.tree.size + 1)
        said = tmp_path / f"said-{steps}"
        work = start(
            witnesses.answer_until_dead, str(directory), log.request(before), steps, str(said)
        )
        code = finish([work])[0]
        stored = _held(directory) == log.tree.size
        assert stored or _held(directory) == before
        assert stored or not said.exists(), "it says nothing that it does not hold"
        forms.add((code, "stored" if stored else "lost"))
        # The log cannot tell the two apart: it asks again, from what it last heard.
        witness = open_witness(directory, _clock)
        with serving(witness) as served:
            client = WitnessClient("witness", served.url, witness.keys)
            assert len(client.add(log.note(), log.checkpoint(), log.proof, before)) == 2
            assert witness.add_checkpoint(log.rewritten(1).request(log.tree.size)).status == 422
        if code == 0:
            break
    assert forms == {(_KILLED, "lost"), (_KILLED, "stored"), (0, "stored")}


def test_evidence_is_whole_or_not_there_and_is_there_after_a_restart(tmp_path: Path) -> None:
    directory, log = tmp_path / "witness", log_of(5)
    _watching(directory, log)
    forms = set()
    for steps in _LIVES:
        forged = log.rewritten(1, str(steps).encode())
        said = tmp_path / f"said-{steps}"
        body = forged.request(5)
        work = start(witnesses.answer_until_dead, str(directory), body, steps, str(said))
        code = finish([work])[0]
        folders = _folders(directory)
        witness = open_witness(directory, _clock)  # writes what was not written
        with witness.store.reading() as record:
            refused = record.refused()
        kept = any(row.request == body for row in refused)
        assert kept or not said.exists()
        assert set(folders) <= set(_folders(directory))
        assert len(_folders(directory)) == len(refused)
        forms.add((code, kept, len(folders) == len(refused)))
        for row, folder in zip(refused, _folders(directory).values(), strict=True):
            assert folder["request"] == row.request
            assert parsed(folder["held"]).text == log.checkpoint().text
            assert json.loads(folder["refusal.json"])["reason"] == "same-size"
        if code == 0:
            break
    assert forms == {
        (_KILLED, False, True),  # lost
        (_KILLED, True, False),  # stored, and its files written by the next start
        (_KILLED, True, True),  # stored and written, and nobody was told
        (0, True, True),
    }


def _folders(directory: Path) -> dict[str, dict[str, bytes]]:
    found = [path for path in sorted((directory / "evidence").glob("*")) if path.name[0] != "."]
    read = {path.name: {f.name: f.read_bytes() for f in path.iterdir()} for path in found}
    assert all(
        set(files) == {"held", "offered", "refusal.json", "request"} for files in read.values()
    )
    return read
