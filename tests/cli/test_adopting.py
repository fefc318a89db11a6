"""What runs becomes the rule by a command of a registrar, with its source and its date."""

from tests.cli.command import Command
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.softening import method

REGISTRAR = {"UITVOERING_ROLES": "registrar"}
QUORUM = f"log {new_key('log.example.nl/uitvoering', Kind.ED25519).public}\nquorum none\n"


def test_a_registrar_adopts_the_method_that_runs_and_once(fresh: Command) -> None:
    asked = ("adopt-method", "Besluit", "--from", "2026-01-01", "--json")
    [landed] = fresh(*asked, **REGISTRAR).json["landed"]
    assert landed["recorded"] == 1
    [again] = fresh(*asked, **REGISTRAR).json["landed"]
    assert again["recorded"] == 0
    lines = fresh("events").out.splitlines()
    assert method.digest() in lines[0]
    assert '"in_force_from":"2026-01-01"' in lines[-1]


def test_nobody_else_adopts(fresh: Command) -> None:
    refused = fresh("adopt-method", "Besluit", "--json")
    assert refused.code == 1
    assert refused.json["refused"][0]["code"] == "role-missing"


def test_who_does_not_say_who_acts_is_told_which_settings_do(empty: Command) -> None:
    assert empty("migrate").code == 0
    for lang in ("nl", "en"):
        refused = empty("adopt-method", "Besluit", UITVOERING_LANG=lang, **REGISTRAR)
        assert refused.code == 1
        for name in ("UITVOERING_ORGANISATION", "UITVOERING_LEVEL"):
            assert name in "".join(refused.out.split())
            assert name in empty("adopt-method", "--help", UITVOERING_LANG=lang).out


def test_a_policy_file_is_adopted_as_it_stands_or_refused_with_its_line(fresh: Command) -> None:
    file = fresh.folder / "policy"
    file.write_text(QUORUM, encoding="utf-8")
    adopt = ("adopt-cosigning-policy", str(file), "Besluit", "--json")
    assert fresh(*adopt, **REGISTRAR).json["landed"][0]["recorded"] == 1
    file.write_text(QUORUM.replace("quorum", "quorun"), encoding="utf-8")
    assert fresh(*adopt, **REGISTRAR).json["refused"][0]["code"] == "policy-malformed"
    witness = f"witness w {new_key('w', Kind.COSIGNATURE).public} getuige.example.nl"
    file.write_text(f"{witness}\nquorum w\n", encoding="utf-8")
    assert fresh(*adopt, **REGISTRAR).json["refused"][0]["code"] == "witness-address"
    file.write_bytes(QUORUM.encode() + b"# \xff\n")
    assert fresh(*adopt, **REGISTRAR).json["code"] == "policy-malformed"
    file.unlink()
    assert fresh(*adopt, **REGISTRAR).json["code"] == "file-unknown"
