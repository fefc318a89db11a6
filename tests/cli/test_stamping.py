"""`ledger stamp`: another clock on the newest checkpoint, as an operator has it asked every day."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.integrity.authority import OPENSSL, Authority, authority, replying, served
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.rows import StampRow
from uitvoering.integrity.notes.stamps import check

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is the authority, and is not here")

ORIGIN = "log.example.nl/uitvoering"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def address(ours: Authority) -> Generator[str]:
    with served(replying(ours)) as found:
        yield found


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("logged"), {"UITVOERING_LANG": "en"})
    for words in (("migrate",), ("ledger", "create", ORIGIN), ("ledger", "follow", "--once")):
        assert command(*words).code == 0
    return command


def rows(command: Command) -> list[StampRow]:
    with closing(Ledger.opened(command.folder / "store.db.ledger").rows()) as found:
        return found.stamps()


def words(address: str, root: Path, *more: str) -> tuple[str, ...]:
    return ("ledger", "stamp", "--authority", address, "--root", str(root), *more)


def test_nothing_is_kept_of_an_authority_that_is_not_trusted(
    logged: Command, address: str, tmp_path: Path
) -> None:
    before = rows(logged)
    stranger = authority(tmp_path / "stranger", "another authority")
    said = logged(*words(address, stranger.root, "--json"))
    assert said.code == 1
    assert said.json["code"] == "stamp-refused"
    assert rows(logged) == before


def test_a_checkpoint_is_stamped_once_and_the_stamp_is_kept_with_it(
    logged: Command, ours: Authority, address: str
) -> None:
    made = logged(*words(address, ours.root, "--json"))
    assert (made.code, made.err) == (0, "")
    again = logged(*words(address, ours.root))
    assert (again.code, again.err) == (0, "")
    assert "before" in again.out
    (row,) = rows(logged)
    with closing(Ledger.opened(logged.folder / "store.db.ledger").rows()) as found:
        newest = found.newest()
    assert newest is not None
    text = newest.checkpoint.text.encode()
    moment = check(row.response, text, [ours.root.read_bytes()])
    assert made.json == {
        "origin": ORIGIN,
        "size": newest.checkpoint.size,
        "authority": address,
        "moment": moment.isoformat().replace("+00:00", "Z"),
        "new": True,
    }
    assert ours.accepts(row.response, text)


def test_whoever_carries_the_log_on_has_it_stamped_in_time(
    logged: Command, ours: Authority, address: str
) -> None:
    before = len(rows(logged))
    asks = ("--stamp-authority", address, "--stamp-root", str(ours.root))
    for _ in range(2):
        said = logged("ledger", "follow", "--once", *asks)
        assert (said.code, said.err) == (0, "")
    assert len(rows(logged)) == max(before, 1)
    for half in (asks[:2], asks[2:]):
        said = logged("ledger", "follow", "--once", *half)
        assert said.code == 2
        assert "--stamp-root" in said.err


def test_who_gives_no_address_no_root_or_has_no_log_is_told(
    empty: Command, ours: Authority, address: str
) -> None:
    assert empty("ledger", "stamp").code == 2
    missing = empty(*words(address, Path("nowhere.pem"), "--json"))
    assert (missing.code, missing.json["code"]) == (1, "file-unknown")
    without = empty(*words(address, ours.root, "--json"))
    assert (without.code, without.json["code"]) == (1, "ledger-missing")
