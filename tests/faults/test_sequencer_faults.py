"""A step of the sequencer that fails, lost or done and unconfirmed: the next start goes on."""

import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults.promises import until
from tests.integrity.sequenced import DAY, Desk, Shelf, desk_in
from tests.integrity.tile_folders import quick_folder
from tests.integrity.watched import serving, witness_in, witness_keys
from tests.persistence.facts import stream
from tests.seeded import seeded
from uitvoering.application.sequencing import Sequencing
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.errors import UitvoeringError
from uitvoering.integrity.keys import key_files
from uitvoering.integrity.keys.key_files import Use
from uitvoering.integrity.log.errors import LedgerUnwritableError
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.opening import opened
from uitvoering.integrity.log.rows import LedgerRows
from uitvoering.integrity.notes.checkpoint import checkpoint_of
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.tree.merkle import root
from uitvoering.integrity.witness.asking import ask_witnesses
from uitvoering.integrity.witness.client import WitnessClient, WitnessUnreachableError
from uitvoering.persistence.store import open_store
from uitvoering.wiring import utc_now

Form = Callable[[Callable[[], Any]], None]


def lost(_: Callable[[], Any]) -> None:
    """It is not done."""


def unconfirmed(done: Callable[[], Any]) -> None:
    """It is done, and nobody is told."""
    with suppress(FileNotFoundError):  # what is to be removed may not be there
        done()


@contextmanager
def failing(number: int, form: Form) -> Iterator[list[str]]:
    """The step of this number fails; which steps there were up to there.

    A step is a file written, brought to disk, renamed or removed, or a row committed.
    """
    steps: list[str] = []

    def failed(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **more: Any) -> Any:
            steps.append(name)
            if len(steps) - 1 != number:
                return done(*given, **more)
            form(lambda: done(*given, **more))
            raise OSError(errno.EIO, "Input/output error")

        return step

    with pytest.MonkeyPatch.context() as patched:
        for name in ("fsync", "replace", "rename", "unlink"):
            patched.setattr(os, name, failed(name, getattr(os, name)))
        patched.setattr(Path, "write_bytes", failed("write", Path.write_bytes))
        patched.setattr(LedgerRows, "_commit", failed("commit", LedgerRows._commit))  # noqa: SLF001 a fault at the store
        yield steps


def holds(desk: Desk) -> None:
    shown = desk.ledger.published().checkpoint
    kept = checkpoint_of(parsed(desk.signer.last_signed() or b"").text)
    signed = desk.signed()[-1].checkpoint
    assert shown.size <= kept.size <= signed.size
    tree = desk.shelf.tree()
    for checkpoint in (shown, kept, signed):
        assert checkpoint.root == tree.root(checkpoint.size)
    assert root(desk.ledger.tree(shown.size), shown.size) == shown.root


def code_of(done: Callable[[], object]) -> str:
    """Of what it is refused with; empty when it is done."""
    try:
        done()
    except UitvoeringError as error:
        return error.code
    return ""


@pytest.mark.parametrize("form", [lost, unconfirmed])
def test_whatever_step_fails_the_next_start_goes_on_with_the_same_tree(
    tmp_path: Path, form: Form
) -> None:
    """Every step of the same work, in which a tile is completed: each begins where all began."""
    begun = desk_in(tmp_path / "begun", 250)
    met, codes = list[str](), list[str]()
    while "" not in codes:
        folder = tmp_path / str(len(codes))
        shutil.copytree(begun.folder, folder)
        desk = Desk(folder, shelf=Shelf([*begun.shelf.events]))
        desk.shelf.file(9)
        with failing(len(codes), form) as steps:
            codes.append(code_of(desk.sequence))
        met = steps
        holds(desk)
        assert desk.sequence(5).checkpoint.root == desk.shelf.tree().root()
        assert desk.ledger.published().note == desk.signer.last_signed() == desk.signed()[-1].note
        assert list(desk.ledger.tree(264).leaves(0, 264)) == [
            event.leaf for event in desk.shelf.events
        ]
    assert set(met) == {"fsync", "replace", "rename", "unlink", "write", "commit"}
    assert set(codes) == {"ledger-unwritable", "keys-unwritable", ""}
    assert len(codes) == len(met) + 1


@pytest.mark.parametrize("form", [lost, unconfirmed])
def test_whatever_step_of_a_creation_fails_it_can_be_done_again(tmp_path: Path, form: Form) -> None:
    failed = True
    while failed:
        desk = Desk(tmp_path / str(len(list(tmp_path.iterdir()))))
        keys(desk)
        failed = False
        with failing(len(list(tmp_path.iterdir())) - 1, form):
            try:
                desk.create()
            except (OSError, UitvoeringError):
                failed = True
        assert code_of(desk.create) in {"", "ledger-exists"}
        assert desk.sequence(5).checkpoint.root == desk.shelf.tree().root()
    assert len(list(tmp_path.iterdir())) > 15


@contextmanager
def before(number: int, happens: Callable[[], object]) -> Iterator[None]:
    """It happens before a file is looked at, read, written or renamed for that many times."""
    count = iter(range(number + 1))

    def seen(done: Callable[..., Any]) -> Callable[..., Any]:
        def moment(*given: Any, **more: Any) -> Any:
            if next(count, None) == number:
                happens()
            return done(*given, **more)

        return moment

    with pytest.MonkeyPatch.context() as patched:
        for name in ("exists", "open", "read_bytes", "write_bytes", "stat"):
            patched.setattr(Path, name, seen(getattr(Path, name)))
        for name in ("open", "pread", "replace", "unlink", "fsync"):
            patched.setattr(os, name, seen(getattr(os, name)))
        yield


def test_a_folder_that_goes_away_at_whatever_moment_is_no_damage() -> None:
    codes, went = list[str](), True
    with quick_folder() as tried:
        begun = desk_in(tried / "begun", 250)
        while went:
            folder = tried / str(len(codes))
            shutil.copytree(begun.folder, folder)
            desk = Desk(folder, shelf=Shelf([*begun.shelf.events]))
            desk.shelf.file(9)
            ledger, away = desk.ledger, folder / "away"
            with before(len(codes), partial(os.rename, ledger.directory, away)):
                codes.append(code_of(partial(sequenced, ledger, desk)))
            went = away.exists()
            if went:
                away.rename(ledger.directory)
            assert desk.sequence(5).checkpoint.root == desk.shelf.tree().root()
    assert set(codes) == {"ledger-unwritable", ""}
    assert len(codes) > 40


def sequenced(ledger: Ledger, desk: Desk) -> None:
    with opened(ledger, desk.signer, desk.shelf, desk.clock) as sequencer:
        while sequencer.step(DAY) is not None:
            pass


def keys(desk: Desk) -> None:
    """Their making has steps of its own."""
    key_files.create(desk.keys, desk.origin, [Use.CHECKPOINT], utc_now())


def test_a_sequencer_that_failed_signs_nothing_more_itself(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, 5)
    desk.shelf.file(5)
    with pytest.raises(LedgerUnwritableError), desk.opened() as sequencer, failing(0, lost):
        sequencer.step(DAY)
    assert desk.ledger.published().checkpoint.size == 5
    desk.sequence()


def test_a_cosignature_that_was_given_and_never_came_is_asked_for_again(tmp_path: Path) -> None:
    desk, keys = desk_in(tmp_path, 5), witness_keys()
    witness = witness_in(tmp_path / "witness", keys=keys)
    own = desk.signer.checkpoint_keys()
    for key in own:
        witness.enrol(key.public)
    add = WitnessClient.add

    def given_and_lost(client: WitnessClient, *given: Any) -> list[str]:
        add(client, *given)
        raise WitnessUnreachableError(witness=client.name, cause="reset")

    with serving(witness) as served, closing(desk.ledger.rows()) as rows:
        told = (f"log {own[0].public}", f"witness one {keys[0].public} {served.url}")
        desk.ledger.policy.write_text("\n".join((*told, "quorum one", "")))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(WitnessClient, "add", given_and_lost)
            [asked] = ask_witnesses(desk.ledger, rows, desk.clock)
        assert isinstance(asked.refusal, WitnessUnreachableError)
        assert desk.ledger.cosigned() is None
        desk.sequence(3)  # grown meanwhile: the witness holds 5 and we think 0
        [asked] = ask_witnesses(desk.ledger, rows, desk.clock)
        assert asked.refusal is None
        assert desk.ledger.cosigned() == desk.ledger.published()


def test_one_that_follows_tells_once_what_keeps_it_and_goes_on_by_itself(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.create()
    commit, full, stopped = LedgerRows._commit, threading.Event(), threading.Event()  # noqa: SLF001 a fault at the store
    full.set()

    def on_a_full_disk(rows: LedgerRows) -> None:
        if full.is_set():
            raise OSError(errno.ENOSPC, "No space left on device")
        commit(rows)

    monkeypatch.setattr(LedgerRows, "_commit", on_a_full_disk)
    monkeypatch.setattr("uitvoering.application.sequencing.PAUSE", 0.01)
    told: list[UitvoeringError] = []
    with closing(open_store(seeded(sqlite_url))) as store:
        app = Uitvoering(store=store, clock=utc_now)
        work = Sequencing(app, desk.ledger, desk.signer, told.append)
        thread = threading.Thread(target=work.follow, args=(stopped, lambda _: None))
        thread.start()
        try:
            until(lambda: bool(told))
            store.append(stream(1, 5))  # filing goes on
            assert desk.ledger.published().checkpoint.size == 0
            full.clear()
            until(lambda: desk.ledger.published().checkpoint.size == store.count(2**53))
        finally:
            stopped.set()
            thread.join()
    assert [error.code for error in told] == ["ledger-unwritable"]
    assert "No space left on device" in str(told[0])


@contextmanager
def moved(folder: Path) -> Iterator[None]:
    folder.rename(folder.parent / "away")
    try:
        yield
    finally:
        (folder.parent / "away").rename(folder)


@contextmanager
def closed(folder: Path) -> Iterator[None]:
    """To the user who follows: not even a look at what is in it."""
    stat = Path.stat

    def seen(path: Path, **how: bool) -> os.stat_result:
        if path.parent == folder:
            raise PermissionError(errno.EACCES, "Permission denied")
        return stat(path, **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "stat", seen)
        yield


@contextmanager
def emptied(folder: Path) -> Iterator[None]:
    """As the place where its disk is not mounted."""
    with moved(folder):
        folder.mkdir(0o700)
        yield
        folder.rmdir()


@contextmanager
def opened_up(folder: Path) -> Iterator[None]:
    folder.chmod(0o755)
    yield
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("part", "out_of_reach", "code"),
    [
        ("ledger", moved, "ledger-unwritable"),
        ("ledger", closed, "ledger-unwritable"),
        ("keys", moved, "keys-away"),
        ("keys", emptied, "keys-away"),
        ("keys", opened_up, "keys-exposed"),
    ],
)
def test_one_that_follows_waits_for_a_folder_out_of_reach_and_goes_on_by_itself(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    out_of_reach: Callable[[Path], AbstractContextManager[None]],
    code: str,
) -> None:
    desk, stopped, told = desk_in(tmp_path), threading.Event(), list[UitvoeringError]()
    ledger, shown = desk.ledger, desk.ledger.checkpoint_file
    monkeypatch.setattr("uitvoering.application.sequencing.PAUSE", 0.01)
    with closing(open_store(seeded(sqlite_url))) as store:

        def followed() -> bool:
            return ledger.published().checkpoint.size == store.count(2**53)

        work = Sequencing(Uitvoering(store=store, clock=utc_now), ledger, desk.signer, told.append)
        thread = threading.Thread(target=work.follow, args=(stopped, lambda _: None))
        thread.start()
        try:
            until(followed)
            before = shown.read_bytes()
            with out_of_reach(tmp_path / part):
                store.append(stream(1, 5))
                until(lambda: bool(told) or not thread.is_alive())
                time.sleep(0.1)  # it tries again meanwhile, and tells nothing more
            assert shown.read_bytes() == before
            until(lambda: followed() or not thread.is_alive())
            assert followed()
        finally:
            stopped.set()
            thread.join()
    assert [error.code for error in told] == [code]
