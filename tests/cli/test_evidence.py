"""An evidence pack, exported from a real store and log, and verified by who has nothing of ours."""

import json
import resource
import shutil
import subprocess
import sys
import sysconfig
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, Said
from tests.integrity.evidence import relisted
from uitvoering.integrity.__main__ import main as verifier
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.publishing import publish
from uitvoering.integrity.log.rows import Answer
from uitvoering.integrity.notes.keys import Kind, new_key

ORIGIN = "log.example.nl/uitvoering"
MODELS = "read_models"


def ledger_of(command: Command) -> Ledger:
    return Ledger.opened(command.folder / "store.db.ledger")


def policy_of(command: Command, *further: str, quorum: str = "none") -> Path:
    keys = sorted((command.folder / "store.db.keys").glob("checkpoint*.pub"))
    lines = [f"log {key.read_text().strip()}" for key in keys] + [*further, f"quorum {quorum}"]
    file = command.folder / f"policy-{quorum}"
    file.write_text("\n".join(lines) + "\n")
    return file


def make(command: Command) -> Command:
    assert command("ledger", "create", ORIGIN).code == 0
    assert command("case", "load", "b-fsv").code == 0
    assert command("ledger", "follow", "--once").code == 0
    policy_of(command)
    return command


@pytest.fixture(scope="session")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with a log and a pack of it; read it, or copy the pack."""
    command = Command(tmp_path_factory.mktemp("logged"), {"UITVOERING_LANG": "en"})
    assert command("migrate").code == 0
    make(command)
    assert command("export", "pack").code == 0
    return command


@pytest.fixture
def pack(logged: Command, tmp_path: Path) -> Path:
    return Path(shutil.copytree(logged.folder / "pack", tmp_path / "pack"))


def verified(command: Command, folder: Path | str, *words: str, **more: str) -> Said:
    policy = str(command.folder / "policy-none")
    kept = str(command.folder / "kept")
    return command("verify", str(folder), "--policy", policy, "--kept", kept, *words, **more)


def codes(said: Said, standing: str) -> set[str]:
    return {row["code"] for row in said.json[standing]}


def test_a_pack_is_exported_and_holds(logged: Command) -> None:
    said = verified(logged, "pack", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json["verdict"] == "holds-as-checked"
    assert said.json["not_checked"] == ["kept", "witnesses"]
    assert said.json["origin"] == ORIGIN
    assert {"complete", "tree", "read-models", "verifier-same", "wordings"} <= codes(said, "holds")
    assert {"quorum-none", "truth"} <= codes(said, "unchecked")
    assert said.json["first"] is None
    shown = verified(logged, "pack")
    assert shown.code == 0
    assert "Outcome: the evidence holds as far as it was checked; not checked: " in shown.out
    assert "quorum none" in shown.out


@pytest.mark.parametrize(
    ("lang", "outcome"),
    [("nl", "Uitkomst: het bewijs klopt voor zover"), ("en", "the evidence holds as far as")],
)
def test_the_report_speaks_the_language_of_its_reader(
    logged: Command, lang: str, outcome: str
) -> None:
    assert outcome in verified(logged, "pack", "--no-replay", UITVOERING_LANG=lang).out
    other = {"nl": "en", "en": "nl"}[lang]
    told = verified(logged, "pack", "--no-replay", "--lang", lang, UITVOERING_LANG=other)
    assert outcome in told.out


def test_to_verify_needs_no_store_no_keys_and_no_log(logged: Command, tmp_path: Path) -> None:
    elsewhere = Command(tmp_path, {"UITVOERING_STORE": "postgresql://nobody@127.0.0.1:1/none"})
    shutil.copytree(logged.folder / "pack", tmp_path / "pack")
    shutil.copy(logged.folder / "policy-none", tmp_path)
    assert verified(elsewhere, "pack").code == 0


def test_the_read_models_are_those_of_a_replay(logged: Command, pack: Path) -> None:
    told = json.loads((pack / "read-models.json").read_bytes())
    assert told[MODELS] == logged("replay", "--json").json
    assert len(told[MODELS]) > 10


def test_a_read_model_that_does_not_follow_from_the_events_is_named(
    logged: Command, pack: Path
) -> None:
    file = pack / "read-models.json"
    told = json.loads(file.read_bytes())
    told[MODELS][3]["sha256"] = "0" * 64
    told[MODELS].pop()
    file.write_text(json.dumps(told))
    relisted(pack)
    said = verified(logged, pack, "--json")
    assert said.code == 3
    assert codes(said, "broken") == {"read-model-differs"}
    assert {row["values"]["name"] for row in said.json["broken"]} >= {told[MODELS][3]["name"]}
    told["version"] = "99"
    file.write_text(json.dumps(told))
    relisted(pack)
    said = verified(logged, pack, "--json")
    # By the method that counts, here and there: a version is the word of who made the pack.
    assert (said.code, codes(said, "broken")) == (3, {"read-model-differs"})
    file.write_text("[]")
    relisted(pack)
    assert codes(verified(logged, pack, "--json"), "broken") == {"read-models-unreadable"}
    assert verified(logged, pack, "--no-replay").code == 0


@pytest.mark.parametrize("letters", [0, 14])
def test_a_method_is_named_in_full(logged: Command, pack: Path, letters: int) -> None:
    file = pack / "read-models.json"
    told = json.loads(file.read_bytes())
    told["method"] = told["method"][:letters]
    told["version"] = "99"
    told[MODELS][3]["sha256"] = "0" * 64
    file.write_text(json.dumps(told))
    relisted(pack, made_at="1999-01-01T00:00:00Z")
    said = verified(logged, pack, "--json")
    assert (said.code, codes(said, "broken")) == (3, {"method-unadopted"})


def test_a_method_that_was_never_adopted_is_named(logged: Command, pack: Path) -> None:
    """A word list changed before the export: the digests follow from it, and no fact adopts it."""
    file = pack / "read-models.json"
    told = json.loads(file.read_bytes())
    told["method"] = "2+000000000000"
    file.write_text(json.dumps(told))
    relisted(pack)
    said = verified(logged, pack, "--json")
    assert (said.code, codes(said, "broken")) == (3, {"method-unadopted"})


def test_one_changed_byte_of_an_event_is_named_to_the_event(logged: Command, pack: Path) -> None:
    [file] = (pack / "events").iterdir()
    lines = file.read_bytes().splitlines(keepends=True)
    event = json.loads(lines[20])
    lines[20] = lines[20].replace(b'"happened_on":"20', b'"happened_on":"19')
    file.write_bytes(b"".join(lines))
    relisted(pack)
    said = verified(logged, pack, "--json")
    assert said.code == 3
    first = said.json["first"]
    assert (first["code"], first["index"]) == ("event-changed", 20)
    assert first["values"] == {
        "index": 20,
        "position": event["position"],
        "event": event["event"]["event_id"],
    }
    shown = verified(logged, pack)
    assert shown.code == 3
    assert event["event"]["event_id"] in shown.out
    assert "does not hold" in shown.out


def test_the_same_store_gives_the_same_bytes(logged: Command) -> None:
    assert logged("export", "again").code == 0
    one, other = logged.folder / "pack", logged.folder / "again"
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    differing = [n for n in names if (one / n).read_bytes() != (other / n).read_bytes()]
    assert differing == [Path("manifest.json")]  # it says when it was made
    files = [
        json.loads((folder / "manifest.json").read_bytes())["files"] for folder in (one, other)
    ]
    assert files[0] == files[1]
    shutil.rmtree(other)


def test_a_stream_and_a_part_are_proved_against_the_whole_log(logged: Command) -> None:
    stream = logged("events", "--json").json[-1]["event"]["originator_id"]
    some = logged("export", "stream", "--stream", stream, "--json")
    assert some.code == 0
    wanted = len(logged("events", "--json", "--stream", stream).json)
    assert some.json["events"] == wanted > 1
    said = verified(logged, "stream", "--stream", stream, "--json")
    assert said.code == 0
    assert {"only-stream", "read-models-part"} <= codes(said, "unchecked")
    made = logged("export", "part", "--from", "5", "--to", "9")
    assert made.code == 0
    assert "`uitvoering verify part --from 5 --to 9 --policy FILE`" in " ".join(made.out.split())
    said = verified(logged, "part", "--json")
    assert (said.code, codes(said, "broken")) == (3, {"asked-differs"})
    asked = verified(logged, "part", "--from", "5", "--to", "9", "--json")
    assert asked.code == 0
    assert "complete-part" in codes(asked, "holds")
    other = verified(logged, "part", "--from", "5", "--to", "10", "--json")
    assert (other.code, codes(other, "broken")) == (3, {"asked-differs"})
    both = logged("export", "both", "--stream", stream, "--to", "9", "--json")
    assert (both.code, both.json["code"]) == (1, "asked-twice")
    both = verified(logged, "part", "--stream", stream, "--to", "9", "--json")
    assert (both.code, both.json["code"]) == (1, "asked-twice")
    nothing = logged("export", "nothing", "--stream", "nobody", "--json")
    assert (nothing.code, nothing.json["code"]) == (1, "stream-unknown")
    beyond = logged("export", "nothing", "--from", "9000", "--json")
    assert (beyond.code, beyond.json["code"]) == (1, "part-empty")
    assert not (logged.folder / "nothing").exists()


def test_an_export_replaces_nothing(logged: Command) -> None:
    said = logged("export", "pack", "--json")
    assert (said.code, said.json["code"]) == (1, "pack-exists")
    (logged.folder / "file").touch()
    assert logged("export", "file", "--json").json["code"] == "pack-exists"
    (logged.folder / "empty").mkdir()
    assert logged("export", "empty").code == 0
    assert "niet" in logged("export", "pack", UITVOERING_LANG="nl").err


def test_without_a_log_there_is_nothing_to_export(fresh: Command) -> None:
    said = fresh("export", "pack", "--json")
    assert (said.code, said.json["code"]) == (1, "ledger-missing")
    assert not (fresh.folder / "pack").exists()


def test_what_is_no_pack_is_not_found(logged: Command, tmp_path: Path) -> None:
    said = verified(logged, tmp_path / "none", "--json")
    assert (said.code, said.json["code"]) == (1, "pack-unknown")
    said = logged("verify", "pack", "--policy", "no-such-file", "--json")
    assert (said.code, said.json["code"]) == (1, "file-unknown")
    bad = tmp_path / "bad"
    bad.write_text("log nothing\n")
    said = logged("verify", "pack", "--policy", str(bad), "--json")
    assert (said.code, said.json["code"]) == (1, "policy-malformed")
    assert logged("verify", "pack").code == 2
    assert logged("export").code == 2


def test_what_who_verifies_brings_is_used_or_refused(logged: Command, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    given = ("pack", "--policy", "policy-none", "--kept", str(kept), "--no-replay")
    said = logged("verify", *given, "--checkpoint", "policy-none", "--json", UITVOERING_LANG="nl")
    assert (said.code, said.json["code"]) == (1, "checkpoint-unusable")
    assert "policy-none" in said.json["detail"]
    assert "er staat geen checkpoint in" in said.json["detail"]
    assert not kept.exists()
    kept.touch()
    said = logged("verify", *given, "--json")
    assert (said.code, said.json["code"]) == (1, "kept-no-folder")
    kept.unlink()
    said = logged("verify", str(logged.folder), *given[1:], "--json")
    assert (said.code, said.json["code"]) == (1, "pack-unknown")
    assert "a pack stands in " in said.json["detail"]
    assert str(logged.folder / "pack") in said.json["detail"]


@pytest.mark.parametrize(
    ("typed", "cause"),
    [
        (b"log nothing\n", "de sleutel is geen sleutel: het heeft niet de vorm naam+kenmerk+"),
        (b"", "het bestand is leeg"),
    ],
)
def test_why_a_policy_is_refused_is_told_in_the_language_of_the_reader(
    logged: Command, tmp_path: Path, typed: bytes, cause: str
) -> None:
    (tmp_path / "bad").write_bytes(typed)
    words = ("verify", "pack", "--policy", str(tmp_path / "bad"))
    said = logged(*words, UITVOERING_LANG="nl")
    assert said.code == 1
    assert f"Regel 1 van het beleidsbestand klopt niet: {cause}" in said.err
    said = logged("verify", "pack", "--policy", str(tmp_path), UITVOERING_LANG="nl")
    assert "kan niet gelezen worden: het is een map." in said.err


def test_the_exit_codes_are_told_where_help_is_asked(logged: Command) -> None:
    assert "Exit codes: 0 the evidence holds" in " ".join(logged("verify", "--help").out.split())


def test_an_empty_log_is_exported_and_holds(fresh: Command) -> None:
    assert fresh("ledger", "create", ORIGIN).code == 0
    policy_of(fresh)
    assert fresh("export", "pack").code == 0
    said = verified(fresh, "pack", "--json")
    assert said.code == 0, said.out
    assert said.json["size"] == 0


def test_only_what_its_quorum_has_cosigned_is_exported(fresh: Command) -> None:
    witness = new_key("ministry", Kind.COSIGNATURE)
    make(fresh)
    policy = policy_of(fresh, f"witness ministry {witness.public}", quorum="ministry")
    ledger = ledger_of(fresh)
    shutil.copy(policy, ledger.policy)
    with closing(ledger.rows()) as rows:
        newest = rows.newest()
        assert newest is not None
        line = witness.cosignature_line(newest.checkpoint, int(time.time()))
        rows.add_answer(Answer("ministry", newest.number, (line,)))
        publish(ledger, rows, newest.number)
    assert fresh("case", "load", "a-caf11").code == 0
    assert fresh("ledger", "follow", "--once").code == 0
    made = fresh("export", "pack", "--json")
    assert made.json["size"] == newest.checkpoint.size
    assert made.json["waiting"] > 0
    assert "not cosigned yet" in fresh("export", "again").err
    words = ("--policy", str(policy), "--kept", "kept", "--json")
    said = fresh("verify", "pack", *words)
    assert said.code == 0, said.out
    assert "quorum" in codes(said, "holds")
    assert "read-models" in codes(said, "holds")


def test_a_policy_of_the_log_that_was_never_adopted_is_named(fresh: Command) -> None:
    make(fresh)
    policy, ledger = policy_of(fresh), ledger_of(fresh)
    roles = {"UITVOERING_ROLES": "registrar"}
    shutil.copy(policy, ledger.policy)
    assert fresh("adopt-cosigning-policy", str(policy), "besluit 1", **roles).code == 0
    assert fresh("ledger", "follow", "--once").code == 0
    assert fresh("export", "pack").code == 0
    assert verified(fresh, "pack").code == 0
    ledger.policy.write_text(f"# mine\n{policy.read_text()}")
    assert fresh("export", "other").code == 0
    said = verified(fresh, "other", "--json")
    assert (said.code, codes(said, "broken")) == (3, {"policy-unadopted"})


def test_a_log_that_took_new_keys_tells_so(fresh: Command) -> None:
    make(fresh)
    old = policy_of(fresh).read_bytes()
    assert fresh("keys", "rotate").code == 0
    assert fresh("case", "load", "a-caf11").code == 0
    assert fresh("ledger", "follow", "--once").code == 0
    assert fresh("export", "pack").code == 0
    policy_of(fresh)
    said = verified(fresh, "pack", "--json")
    assert said.code == 0, said.out
    assert "rotation" in codes(said, "holds")
    (fresh.folder / "policy-none").write_bytes(old)
    said = verified(fresh, "pack", "--json")
    assert said.code == 0, said.out
    assert "rotation-unpinned" in codes(said, "unchecked")


def test_an_export_that_is_stopped_leaves_nothing(logged: Command, tmp_path: Path) -> None:
    """By a file that may not grow so far: on a disk that is full it is the same."""
    folder = tmp_path / "desk"
    folder.mkdir()

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))

    done = subprocess.run(
        [sys.executable, "-m", "uitvoering", "export", str(folder / "pack"), "--json"],
        capture_output=True,
        cwd=tmp_path,
        env=logged.environment,
        preexec_fn=small_files,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["code"] == "file-unwritable"
    assert list(folder.iterdir()) == []


# --- the verifier by itself


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a bare Python finds: `cryptography` and what it is built on, and nothing else."""
    place = tmp_path_factory.mktemp("bare")
    installed = Path(sysconfig.get_path("platlib"))
    for found in (*installed.glob("cryptography"), *installed.glob("*cffi*")):
        target = place / found.name
        target.symlink_to(found)
    return place


def alone(bare: Path, program: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-S", "-s", str(program), *words],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(bare), "PATH": "/nowhere"},
        timeout=120,
        check=False,
    )


def test_the_verifier_of_the_pack_runs_on_a_bare_python(
    logged: Command, pack: Path, bare: Path, tmp_path: Path
) -> None:
    program = Path(shutil.copy(pack / "verify.pyz", tmp_path / "mine.pyz"))
    policy, kept = str(logged.folder / "policy-none"), str(tmp_path / "kept")
    words = (str(pack), "--policy", policy, "--kept", kept, "--json", "--lang", "en")
    done = alone(bare, program, *words)
    assert (done.returncode, done.stderr) == (0, "")
    ours: dict[str, Any] = json.loads(done.stdout)
    theirs = logged("verify", *words[:-4], str(tmp_path / "other"), *words[-3:], "--no-replay").json
    for told in (ours, theirs):
        told["unchecked"] = [
            row
            for row in told["unchecked"]
            if row["code"] not in {"read-models-elsewhere", "read-models-unasked", "kept-none"}
        ]
    # It has no labels and no README of its own to hold those of the pack against.
    assert ours["unchecked"].pop(-2)["code"] == ours["not_checked"].pop(-2) == "unproved"
    assert ours == theirs
    half = alone(bare, program, *words, "--to", "9")
    assert (half.returncode, json.loads(half.stdout)["broken"][0]["code"]) == (3, "asked-differs")
    shown = alone(bare, pack / "verify.pyz", str(pack), "--policy", policy)
    assert shown.returncode == 0
    assert "uit het pakket zelf" in shown.stdout
    assert "`uitvoering verify`" in shown.stdout


def test_the_verifier_says_which_cryptography_it_needs(
    logged: Command, pack: Path, tmp_path: Path
) -> None:
    policy = str(logged.folder / "policy-none")
    old = tmp_path / "old"
    for folder in ("cryptography", "cryptography-41.0.0.dist-info"):
        (old / folder).mkdir(parents=True)
    (old / "cryptography" / "__init__.py").touch()
    (old / "cryptography-41.0.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: cryptography\nVersion: 41.0.0\n"
    )
    for place, found in ((old, "41.0.0"), (tmp_path / "nothing", ": -.")):
        done = alone(place, pack / "verify.pyz", str(pack), "--policy", policy)
        assert (done.returncode, done.stdout) == (1, "")
        assert "48 of nieuwer" in done.stderr
        assert found in done.stderr
        assert "Traceback" not in done.stderr


def test_a_pack_says_what_it_holds_and_how_to_keep_it(logged: Command, tmp_path: Path) -> None:
    made = logged("export", str(tmp_path / "pack"))
    readme = (tmp_path / "pack" / "README.txt").read_text("utf-8")
    for said in (made.out, readme):
        assert "openings of every passage" in " ".join(said.split())
        assert "48 or newer" in " ".join(said.split())


def test_the_verifier_by_itself_tells_what_is_broken(
    logged: Command, pack: Path, bare: Path
) -> None:
    policy = str(logged.folder / "policy-none")
    (pack / "policy").unlink(missing_ok=True)
    [file] = (pack / "events").iterdir()
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:30] + lines[31:]))
    relisted(pack)
    done = alone(bare, pack / "verify.pyz", str(pack), "--policy", policy)
    assert done.returncode == 3
    assert "ontbreekt in het pakket" in done.stdout
    assert "blad 30" in done.stdout
    absent = alone(bare, pack / "verify.pyz", "/nowhere", "--policy", policy)
    assert absent.returncode == 1
    assert "geen bewijspakket" in absent.stderr
    lost = alone(bare, pack / "verify.pyz", str(pack), "--policy", "/nowhere")
    assert lost.returncode == 1
    assert "/nowhere" in lost.stderr
    assert alone(bare, pack / "verify.pyz", str(pack)).returncode == 2


def test_the_verifier_by_itself_explains_each_option_and_refuses_what_it_cannot_use(
    logged: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        verifier(["--help"])
    told = capsys.readouterr().out
    assert "Afsluitcodes: 0 " in told
    for words_of in ("map van het bewijspakket", "uw eigen beleid", "Zonder deze optie"):
        assert words_of in " ".join(told.split())
    policy = str(logged.folder / "policy-none")
    words = [str(logged.folder / "pack"), "--policy", policy]
    for option, cause in {"--checkpoint": "geen checkpoint in", "--kept": "geen map"}.items():
        with pytest.raises(SystemExit, match="1"):
            verifier([*words, option, policy])
        assert cause in capsys.readouterr().err
    with pytest.raises(SystemExit, match="1"):
        verifier([str(logged.folder), "--policy", policy])
    assert "een pakket staat in " in capsys.readouterr().err
