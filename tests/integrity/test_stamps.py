"""A time stamp holds for one text, under one root, byte for byte; openssl is the authority."""

import contextlib
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.faults.promises import until
from tests.integrity.authority import OPENSSL, Authority, authority, replying, send, served
from uitvoering.integrity.notes import stamps
from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.stamps import (
    StampAuthoritySilentError,
    StampRefusedError,
    StampRootMalformedError,
    StampUncheckableError,
    StampWrongError,
)
from uitvoering.integrity.verify.texts import explained

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is the authority, and is not here")

TEXT = Checkpoint("log.example.nl/uitvoering", 5, bytes(32)).text.encode()
DEADLINE = 10.0


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("other"), "another authority")


@pytest.fixture(scope="module")
def root(ours: Authority) -> bytes:
    return ours.root.read_bytes()


@pytest.fixture(scope="module")
def stamp(ours: Authority, root: bytes) -> stamps.Stamp:
    with served(replying(ours)) as address:
        return stamps.asked(address, TEXT, [root], DEADLINE)


def test_a_stamp_tells_when_its_text_existed(stamp: stamps.Stamp, root: bytes) -> None:
    moment = stamps.check(stamp.response, TEXT, [root])
    assert moment == stamp.moment
    assert moment.tzinfo is UTC
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=10)


def test_openssl_accepts_the_same_stamp_and_refuses_it_for_another_text(
    ours: Authority, stamp: stamps.Stamp
) -> None:
    assert ours.accepts(stamp.response, TEXT)
    assert not ours.accepts(stamp.response, TEXT + b"\n")


def test_a_stamp_on_another_text_is_refused(stamp: stamps.Stamp, root: bytes) -> None:
    with pytest.raises(StampWrongError, match="Mismatch between messages"):
        stamps.check(stamp.response, TEXT.replace(b"\n5\n", b"\n6\n"), [root])


def test_a_stamp_of_another_authority_is_refused(
    stamp: stamps.Stamp, root: bytes, other: Authority
) -> None:
    theirs = other.root.read_bytes()
    with pytest.raises(StampWrongError):
        stamps.check(stamp.response, TEXT, [theirs])
    # One file may hold more roots, and more files may be given.
    assert stamps.check(stamp.response, TEXT, [theirs + root]) == stamp.moment
    assert stamps.check(stamp.response, TEXT, [theirs, root]) == stamp.moment


def test_a_stamp_on_an_old_question_is_refused_by_who_asked(
    stamp: stamps.Stamp, root: bytes
) -> None:
    with pytest.raises(StampWrongError, match="Nonce"):
        stamps.check(stamp.response, TEXT, [root], nonce=1)


def test_a_changed_byte_is_refused_or_changes_nothing_that_is_said(
    stamp: stamps.Stamp, root: bytes
) -> None:
    """CMS signs neither its own version numbers nor the name of the signature algorithm."""
    unsigned = 0
    for at in range(len(stamp.response)):
        changed = bytearray(stamp.response)
        changed[at] ^= 1
        try:
            said = stamps.check(bytes(changed), TEXT, [root])
        except StampWrongError:
            continue
        unsigned += 1
        assert said == stamp.moment
    assert unsigned <= 12


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_stamp_cut_short_is_refused(stamp: stamps.Stamp, root: bytes, cut: int) -> None:
    with pytest.raises(StampWrongError):
        stamps.check(stamp.response[:cut], TEXT, [root])


def test_a_stamp_with_something_behind_it_is_refused(stamp: stamps.Stamp, root: bytes) -> None:
    for tail in (b"\0", bytes(stamps.MOST_BYTES)):
        with pytest.raises(StampWrongError):
            stamps.check(stamp.response + tail, TEXT, [root])


def test_without_a_root_nothing_is_trusted(stamp: stamps.Stamp) -> None:
    for roots in ([], [b""], [b"-----BEGIN CERTIFICATE-----\n"], [TEXT]):
        with pytest.raises(StampRootMalformedError):
            stamps.check(stamp.response, TEXT, roots)


def test_without_the_library_it_is_said_that_nothing_could_be_checked(
    stamp: stamps.Stamp, root: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(StampUncheckableError):
        stamps.check(stamp.response, TEXT, [root])
    with pytest.raises(StampUncheckableError):
        stamps.asked("http://127.0.0.1:9/", TEXT, [root], DEADLINE)


def test_an_authority_that_answers_an_older_question_is_refused(
    stamp: stamps.Stamp, root: bytes
) -> None:
    def replay(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        send(handler, stamp.response)

    with served(replay) as address, pytest.raises(StampRefusedError, match="Nonce"):
        stamps.asked(address, TEXT, [root], DEADLINE)


def test_an_authority_under_another_root_is_refused(other: Authority, root: bytes) -> None:
    with served(replying(other)) as address, pytest.raises(StampRefusedError, match="certificates"):
        stamps.asked(address, TEXT, [root], DEADLINE)


def test_a_rejection_by_the_authority_is_told(ours: Authority, root: bytes) -> None:
    def reject(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        send(handler, ours.reply(b"no request"))

    with served(reject) as address, pytest.raises(StampRefusedError):
        stamps.asked(address, TEXT, [root], DEADLINE)


def test_a_page_in_place_of_a_stamp_is_refused(root: bytes) -> None:
    def page(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        send(handler, b"<html>", kind="text/html")

    with served(page) as address, pytest.raises(StampRefusedError, match="text/html"):
        stamps.asked(address, TEXT, [root], DEADLINE)


def test_an_address_that_is_no_http_is_refused(root: bytes, tmp_path: Path) -> None:
    with pytest.raises(StampRefusedError, match="not http"):
        stamps.asked((tmp_path / "stamp").as_uri(), TEXT, [root], DEADLINE)


@pytest.mark.parametrize("address", ["http://[tsa", "https://[tsa]/stamp", "http://tsa\u2100.nl"])
def test_an_address_that_cannot_be_read_is_refused(root: bytes, address: str) -> None:
    with pytest.raises(StampRefusedError, match="its address cannot be read: "):
        stamps.asked(address, TEXT, [root], DEADLINE)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_authority_that_fails_or_sends_on_elsewhere_is_told(root: bytes, status: int) -> None:
    def fail(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        handler.send_response(status)
        handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with served(fail) as address, pytest.raises(StampAuthoritySilentError, match=str(status)):
        stamps.asked(address, TEXT, [root], DEADLINE)


def _nothing(handler: BaseHTTPRequestHandler, query: bytes) -> None:
    """Never asked: the server has stopped before."""


def test_nobody_at_the_address_is_told(root: bytes) -> None:
    with served(_nothing) as address:
        pass
    with pytest.raises(StampAuthoritySilentError) as caught:
        stamps.asked(address, TEXT, [root], DEADLINE)
    assert "geweigerd (fout 111)" in explained(caught.value.values, "nl")["cause"]


@pytest.mark.parametrize("where", ["header", "body"])
def test_an_answer_that_drips_ends_at_the_deadline(root: bytes, where: str) -> None:
    def drip(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n")
        handler.wfile.write(b"a: " if where == "header" else b"\r\n")
        with contextlib.suppress(OSError):  # who asked has gone away
            for _ in range(1_200):  # a minute
                handler.wfile.write(b"\0")
                time.sleep(0.05)

    started = time.monotonic()
    with served(drip) as address, pytest.raises(StampAuthoritySilentError, match="time"):
        stamps.asked(address, TEXT, [root], 0.2)
    assert time.monotonic() - started < 30
    until(lambda: "exchange" not in {thread.name for thread in threading.enumerate()})


def test_an_answer_without_end_is_refused(root: bytes) -> None:
    def endless(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        with contextlib.suppress(OSError):  # no more of it was read
            send(handler, bytes(100 * stamps.MOST_BYTES))

    with served(endless) as address, pytest.raises(StampRefusedError, match="over 65536 bytes"):
        stamps.asked(address, TEXT, [root], DEADLINE)
