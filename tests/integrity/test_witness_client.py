"""What the log makes of each answer of a witness: it counts what holds, and never waits long."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.promises import until
from tests.integrity.watched import (
    NOON,
    ORIGIN,
    Clock,
    Log,
    Served,
    log_of,
    serving,
    witness_in,
    witness_keys,
)
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import Kind, PublicKey, new_key
from uitvoering.integrity.notes.note import parsed, signature
from uitvoering.integrity.notes.policy_file import policy_of
from uitvoering.integrity.witness.client import (
    WitnessAddressError,
    WitnessAheadError,
    WitnessClient,
    WitnessForkError,
    WitnessRefusedError,
    WitnessUnreachableError,
    ask,
)

KEYS = witness_keys()
PUBLIC = [key.public for key in KEYS]


def asked(client: WitnessClient, log: Log, old: int, size: int | None = None) -> list[str]:
    return client.add(log.note(size), log.checkpoint(size), lambda told: log.proof(told, size), old)


def client_of(served: Served, keys: list[PublicKey] | None = None) -> WitnessClient:
    return WitnessClient("ombudsman", served.url + "/", PUBLIC if keys is None else keys)


@pytest.fixture
def log() -> Log:
    return log_of(9)


@pytest.fixture
def served(tmp_path: Path, log: Log) -> Iterator[Served]:
    with serving(witness_in(tmp_path, log, keys=KEYS), "/witness") as found:
        yield found


def test_cosignatures_that_hold_are_counted_by_a_policy(served: Served, log: Log) -> None:
    client = client_of(served)
    lines = asked(client, log, 0)
    policy = policy_of(
        "\n".join(
            [
                f"log {log.keys[0].public}",
                f"witness one {PUBLIC[0]} {served.url}",
                f"witness two {PUBLIC[1]}",
                "group both all one two",
                "quorum both",
                "",
            ]
        ).encode()
    )
    judged = policy.accept(log.note() + "".join(lines).encode())
    assert judged.accepted
    assert judged.reached_at == NOON
    assert [policy.witnesses[n].url for n in (0, 1)] == [served.url, ""]
    assert asked(client, log.grown(40), 9) != lines
    shown = client.view(ORIGIN)
    assert shown is not None
    assert checkpoint_of(parsed(shown).text) == log.grown(40).checkpoint()


def test_a_witness_that_was_never_asked_shows_nothing(served: Served) -> None:
    assert client_of(served).view(ORIGIN) is None


@pytest.mark.parametrize("old", [0, 3, 9, 12])
def test_a_witness_that_holds_another_size_is_proved_it_once(
    served: Served, log: Log, old: int
) -> None:
    """An answer of it was lost, or the log forgot: its own word on what it holds is taken."""
    asked(client_of(served), log, 0)
    assert len(asked(client_of(served), log.grown(20), old)) == 2
    assert len(asked(client_of(served), log.grown(20), old)) == 2


def test_cosignatures_of_keys_we_do_not_know_are_left_out(served: Served, log: Log) -> None:
    lines = asked(client_of(served, [PUBLIC[1]]), log, 0)
    assert [signature(line.rstrip("\n")).key_id for line in lines] == [PUBLIC[1].id]
    other = witness_keys()[0].public
    with pytest.raises(WitnessRefusedError, match="no key of it that we know"):
        asked(client_of(served, [other]), log, 9)
    same_name = PublicKey(PUBLIC[0].name, Kind.ED25519, PUBLIC[0].public)
    with pytest.raises(WitnessRefusedError, match="no key of it that we know"):
        asked(client_of(served, [same_name]), log, 9)


def test_a_rewritten_history_is_a_fork_and_both_checkpoints_are_in_hand(
    served: Served, log: Log
) -> None:
    asked(client_of(served), log, 0)
    for forged in (log.grown(20).rewritten(3), log.rewritten(3)):
        for old in (9, 0):
            with pytest.raises(WitnessForkError, match="9 leaves") as raised:
                asked(client_of(served), forged, old)
            assert checkpoint_of(parsed(raised.value.offered).text) == forged.checkpoint()
            assert raised.value.held is not None
            assert checkpoint_of(parsed(raised.value.held).text) == log.checkpoint()


def test_a_restored_backup_is_told_that_the_witness_is_ahead(served: Served, log: Log) -> None:
    asked(client_of(served), log, 0)
    with pytest.raises(WitnessAheadError, match="seen this log with 9 leaves and here it has 5"):
        asked(client_of(served), log, 0, 5)
    with pytest.raises(WitnessRefusedError, match=r"\(400\)"):
        asked(client_of(served), log, 9, 5)


def test_what_it_refuses_is_told_with_its_words(served: Served, log: Log) -> None:
    rotated = Log(log.leaves, [new_key(ORIGIN, Kind.ED25519)])
    with pytest.raises(WitnessRefusedError, match=r"ombudsman .* \(403\): no signature of a key"):
        asked(client_of(served), rotated, 0)
    stranger = Log(log.leaves, [new_key("log.example.nl/x", Kind.ED25519)], "log.example.nl/x")
    with pytest.raises(WitnessRefusedError, match=r"\(404\): this witness does not watch"):
        asked(client_of(served), stranger, 0)


def test_a_witness_that_cannot_answer_now_is_asked_again_later(tmp_path: Path, log: Log) -> None:
    with (
        serving(witness_in(tmp_path, log, keys=KEYS, clock=Clock(0))) as served,
        pytest.raises(WitnessUnreachableError, match="status 503"),
    ):
        asked(client_of(served), log, 0)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.nl",
        "ombudsman.nl",
        "http://",
        "",
        "http:///x",
        "http://x.nl:y",
        "http://x.nl/a b",
        "http://x.nl\n",
    ],
)
def test_a_witness_stands_at_an_address_of_the_web(url: str) -> None:
    with pytest.raises(WitnessAddressError):
        WitnessClient("ombudsman", url, PUBLIC)


def test_nobody_at_the_address_is_unreachable(log: Log) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(WitnessUnreachableError, match="refused"):
        asked(WitnessClient("ombudsman", f"http://127.0.0.1:{port}", PUBLIC), log, 0)
    for nowhere in ("http://nowhere.invalid", "http://nowhere..invalid"):
        with pytest.raises(WitnessUnreachableError):
            WitnessClient("ombudsman", nowhere, PUBLIC).view(ORIGIN)


# --- a witness that is not ours, and answers anything


@contextmanager
def answering(answer: Callable[[bytes, socket.socket], None]) -> Iterator[str]:
    """An address where each connection is read to the end of its body and answered like this."""

    def listen() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                line.settimeout(5)
                sent = b""
                try:
                    while (part := line.recv(65536)) and not _whole(sent := sent + part):
                        pass
                    answer(sent, line)
                except OSError:
                    pass  # the client hung up, as it should

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        door.shutdown(socket.SHUT_RDWR)


def _whole(sent: bytes) -> bool:
    head, between, body = sent.partition(b"\r\n\r\n")
    if not between:
        return False
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    return not lengths or len(body) >= int(lengths[0].split(b":")[1])


def said(status: str, body: str | bytes, *headers: str) -> Callable[[bytes, socket.socket], None]:
    raw = body.encode() if isinstance(body, str) else body
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(raw)}", *headers, "", ""])
    return lambda _, line: line.sendall(head.encode() + raw)


CHECKPOINT = Checkpoint(ORIGIN, 9, log_of(9).tree.root())
OTHER = Checkpoint(ORIGIN, 9, bytes(32))
GOOD = KEYS[0].cosignature_line(CHECKPOINT, NOON)
SIZE = "Content-Type: text/x.tlog.size"


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (said("200 OK", ""), "no key of it that we know"),
        (said("200 OK", "no signature\n"), "not in the form"),
        (said("200 OK", b"\xff\xfe"), "not UTF-8"),
        (said("200 OK", KEYS[0].cosignature_line(OTHER, NOON)), "does not hold"),
        (said("200 OK", GOOD + KEYS[1].cosignature_line(OTHER, NOON)), "does not hold"),
        (said("200 OK", KEYS[1].cosignature_line(CHECKPOINT, 0)), "does not hold"),
        (said("409 Conflict", "9\n", "Content-Type: text/plain"), "does not tell the size"),
        (said("409 Conflict", "nine\n", SIZE), "does not tell the size"),
        (said("409 Conflict", "09\n", SIZE), "does not tell the size"),
        (said("409 Conflict", "9" * 400, SIZE), "does not tell the size"),
        (said("409 Conflict", "0\n", SIZE), r"\(409\)"),
        (said("302 Found", "", "Location: http://127.0.0.1:1/"), r"\(302\)"),
        (said("201 Created", GOOD), r"\(201\)"),
        (said("400 Bad Request", "x" * 5000), r"\(400\): x{200};"),
    ],
)
def test_an_answer_that_makes_no_sense_is_told_and_counts_for_nothing(
    log: Log, answer: Callable[[bytes, socket.socket], None], because: str
) -> None:
    with answering(answer) as url, pytest.raises(WitnessRefusedError, match=because):
        asked(WitnessClient("strange", url, PUBLIC), log, 0)


def test_equal_size_and_another_root_is_a_fork_also_when_a_witness_says_409(log: Log) -> None:
    """As v1.0.0 of the protocol has it."""
    with (
        answering(said("409 Conflict", "9\n", SIZE)) as url,
        pytest.raises(WitnessForkError) as raised,
    ):
        asked(WitnessClient("older", url, PUBLIC), log, 9)
    assert raised.value.held is None, "what it holds could not be had, and that is no excuse"


@pytest.mark.parametrize(
    "answer",
    [
        said("500 Oh", "Traceback"),
        said("429 Too Many Requests", ""),
        said("200 OK", "x" * 300_000),
        lambda _, line: line.sendall(b"\x00\x01\x02\r\n\r\n"),
        lambda _, line: line.close(),
    ],
    ids=["error", "too many", "too long", "no HTTP", "hung up"],
)
def test_no_answer_is_no_reason_to_stop(
    log: Log, answer: Callable[[bytes, socket.socket], None]
) -> None:
    with answering(answer) as url, pytest.raises(WitnessUnreachableError):
        asked(WitnessClient("ill", url, PUBLIC), log, 0)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def dripping(sent: bytes, line: socket.socket, begun: bytes = b"") -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n" + begun)
    for _ in range(1_200):  # a minute, or until who asked has gone away
        line.sendall(b"a: b\r\n")
        time.sleep(0.05)


def dripping_body(sent: bytes, line: socket.socket) -> None:
    dripping(sent, line, b"Content-Length: 9999\r\n\r\n")


@pytest.mark.parametrize("slow", [dripping, dripping_body, lambda _, line: line.recv(1)])
def test_a_slow_witness_is_not_waited_for_and_nobody_stays_behind(
    log: Log, slow: Callable[[bytes, socket.socket], None]
) -> None:
    begun, handles = time.monotonic(), open_files()
    with answering(slow) as url, pytest.raises(WitnessUnreachableError, match=r"none within 0\.2"):
        asked(WitnessClient("slow", url, PUBLIC, timeout=0.2), log, 0)
    assert time.monotonic() - begun < 30
    until(lambda: "exchange" not in {thread.name for thread in threading.enumerate()})
    until(lambda: open_files() <= handles)


@pytest.mark.parametrize(
    "body",
    [
        b"nonsense",
        Log(origin="log.example.nl/x", keys=[new_key("log.example.nl/x", Kind.ED25519)]).note(),
        log_of(9).note(),
        log_of(9).note() + KEYS[0].cosignature_line(OTHER, NOON).encode(),
    ],
    ids=["no note", "another log", "not cosigned", "cosigned something else"],
)
def test_what_a_witness_shows_counts_only_with_its_own_cosignature(body: bytes) -> None:
    with answering(said("200 OK", body)) as url, pytest.raises(WitnessRefusedError):
        WitnessClient("strange", url, PUBLIC).view(ORIGIN)


# --- all of them at once


def test_all_are_asked_at_once_and_each_stands_for_itself(tmp_path: Path, log: Log) -> None:
    with ExitStack() as stack:
        one = stack.enter_context(serving(witness_in(tmp_path / "1", log, keys=KEYS)))
        two = stack.enter_context(serving(witness_in(tmp_path / "2", log, keys=KEYS)))
        asked(client_of(two), log.rewritten(1), 0)
        slow = stack.enter_context(answering(dripping))
        clients = [
            WitnessClient("c-slow", slow, PUBLIC, timeout=0.3),
            WitnessClient("b-forked", two.url, PUBLIC),
            WitnessClient("a-good", one.url, PUBLIC),
        ]
        begun = time.monotonic()
        old = {"a-good": 0, "b-forked": 9, "c-slow": 0}
        good, forked, late = ask(
            clients, log.note(), log.checkpoint(), log.proof, lambda name: old[name]
        )
    assert time.monotonic() - begun < 30
    assert (good.witness, len(good.lines), good.refusal, good.fork) == ("a-good", 2, None, False)
    assert isinstance(forked.refusal, WitnessForkError)
    assert forked.fork
    assert isinstance(late.refusal, WitnessUnreachableError)
    assert "none within" in str(late.refusal)
    assert not late.fork


def test_what_goes_wrong_with_our_own_proof_is_not_the_fault_of_a_witness(
    served: Served, log: Log
) -> None:
    def broken(_: int) -> list[bytes]:
        raise OSError("a tile cannot be read")

    with pytest.raises(OSError, match="a tile cannot be read"):
        ask([client_of(served)], log.note(), log.checkpoint(), broken, lambda _: 0)
