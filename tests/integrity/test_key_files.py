"""Key files: for their owner alone, never replaced, and followed by notes that others can check."""

import os
import shutil
import stat
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from uitvoering.errors import RefusedError, UitvoeringError
from uitvoering.integrity.keys.errors import (
    KeyExistsError,
    KeyForAnotherError,
    KeyLastError,
    KeysAwayError,
    KeysExposedError,
    KeysForeignError,
    KeysLinkedError,
    KeysMissingError,
    KeyUnknownError,
    KeyUnusedError,
)
from uitvoering.integrity.keys.key_changes import retire, rotate
from uitvoering.integrity.keys.key_files import (
    LAST_SIGNED,
    KeyFiles,
    Use,
    create,
    evidence,
    keep_last_signed,
    last_signed,
    listed,
    promise_key,
    signing_keys,
    witness_keys,
)
from uitvoering.integrity.keys.private_files import private_folder
from uitvoering.integrity.notes.checkpoint import Checkpoint, OriginMalformedError, checkpoint_of
from uitvoering.integrity.notes.key_notes import (
    Rotation,
    handed_over_by,
    retirement_of,
    rotation_of,
    signed,
    signers,
)
from uitvoering.integrity.notes.keys import Kind, PrivateKey, PublicKey, new_key, public_key
from uitvoering.integrity.notes.note import (
    KeyMalformedError,
    NoteMalformedError,
    SignatureWrongError,
    formatted,
    parsed,
)
from uitvoering.integrity.notes.policy import Policy, unwitnessed_policy
from uitvoering.integrity.notes.promise import promise_of
from uitvoering.integrity.verify.findings import Finding, Standing
from uitvoering.integrity.verify.keys import key_history
from uitvoering.integrity.verify.pack import Listed, Manifest

ORIGIN = "log.example.nl/uitvoering"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2027, 11, 22, 12, 0, tzinfo=UTC)
BOTH = [Use.CHECKPOINT, Use.PROMISE]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    directory = tmp_path / "store.db.keys"
    create(directory, ORIGIN, BOTH, NOW)
    return directory


@contextmanager
def umask(mask: int) -> Generator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def ids(found: list[PrivateKey]) -> list[str]:
    return [key.public.id.hex() for key in found]


def sign(directory: Path, size: int) -> bytes:
    """What the sequencer does."""
    tree = Checkpoint(ORIGIN, size, bytes(32))
    files = KeyFiles(directory, ORIGIN)
    note = formatted(tree.text, [k.cosignature_line(tree, 1) for k in files.checkpoint_keys()])
    files.keep_last_signed(note)
    return note


def policy_of_now(directory: Path) -> Policy:
    return unwitnessed_policy(key.public for key in signing_keys(directory, ORIGIN))


# --- made


def test_a_log_has_two_keys_for_checkpoints_and_one_for_promises(keys: Path) -> None:
    assert sorted(path.name for path in keys.iterdir()) == [
        "checkpoint-ed25519.key",
        "checkpoint-ed25519.pub",
        "checkpoint-mldsa44.key",
        "checkpoint-mldsa44.pub",
        "promise.key",
        "promise.pub",
    ]
    signing = signing_keys(keys, ORIGIN)
    assert [(key.name, key.kind) for key in signing] == [
        (ORIGIN, Kind.ED25519),
        (ORIGIN, Kind.MLDSA44),
    ]
    promise = promise_key(keys, ORIGIN)
    assert promise is not None
    assert (promise.name, promise.kind) == (f"{ORIGIN}/promise", Kind.ED25519)
    assert len({promise.seed, *(key.seed for key in signing)}) == 3
    assert public_key((keys / "promise.pub").read_text().strip()) == promise.public


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_files_are_for_their_owner_alone_under_any_umask(tmp_path: Path, mask: int) -> None:
    directory = tmp_path / "keys"
    with umask(mask):
        create(directory, ORIGIN, BOTH, NOW)
        sign(directory, 1)
        rotate(directory, Use.PROMISE, LATER)
    assert mode(directory) == 0o700
    found = list(directory.rglob("*"))
    assert {mode(path) for path in found if path.is_file()} == {0o600}
    assert {mode(path) for path in found if path.is_dir()} == {0o700}


def test_no_key_is_ever_replaced(keys: Path) -> None:
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    for uses in (BOTH, [Use.CHECKPOINT], [Use.PROMISE]):
        with pytest.raises(KeyExistsError):
            create(keys, ORIGIN, uses, LATER)
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before


def test_two_who_make_keys_at_once_make_them_once(tmp_path: Path) -> None:
    def attempt(_: int) -> bool:
        try:
            create(tmp_path / "keys", ORIGIN, BOTH, NOW)
        except KeyExistsError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]
    assert len(listed(tmp_path / "keys")) == 3


def test_what_a_crash_kept_from_being_made_is_made_by_the_next_call(keys: Path) -> None:
    kept = signing_keys(keys, ORIGIN)[0]
    (keys / "checkpoint-mldsa44.key").rename(keys / ".checkpoint-mldsa44.key.part")
    with pytest.raises(KeysMissingError, match=r"checkpoint-mldsa44\.key"):
        signing_keys(keys, ORIGIN)
    (made,) = create(keys, ORIGIN, [Use.CHECKPOINT], LATER)
    assert made.key.kind is Kind.MLDSA44
    assert set(signing_keys(keys, ORIGIN)) >= {kept}
    assert len(signing_keys(keys, ORIGIN)) == 2


def test_what_a_killed_process_was_writing_is_no_key_and_in_nobodys_way(tmp_path: Path) -> None:
    create(tmp_path / "keys", ORIGIN, [Use.CHECKPOINT], NOW)
    part = tmp_path / "keys" / ".promise.key.part"
    part.write_text("PRIVATE+KEY+half")
    assert len(listed(tmp_path / "keys")) == 2
    create(tmp_path / "keys", ORIGIN, [Use.PROMISE], NOW)
    assert not part.exists()


@pytest.mark.parametrize(
    "name", ["", "https://log.example", "log.example/", "/log", "a b", "a+b", "x" * 250]
)
def test_a_name_that_is_no_address_is_refused_before_anything_is_made(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(OriginMalformedError):
        create(tmp_path / "keys", name, BOTH, NOW)
    assert list(tmp_path.iterdir()) == []


def test_the_keys_of_a_log_that_follows_another_stand_beside_the_old(keys: Path) -> None:
    old = ids(signing_keys(keys, ORIGIN))
    create(keys, "log.example.nl/2", BOTH, LATER)
    assert ids(signing_keys(keys, ORIGIN)) == old
    assert {key.name for key in signing_keys(keys, "log.example.nl/2")} == {"log.example.nl/2"}
    promise = promise_key(keys, "log.example.nl/2")
    assert promise is not None
    assert promise != promise_key(keys, ORIGIN)
    assert set(rotate(keys, Use.CHECKPOINT, LATER).old).isdisjoint(
        key.public for key in signing_keys(keys, ORIGIN)
    )
    assert retire(keys, old[0], LATER).key.id.hex() == old[0], "the log it signed has ended"


def test_a_witness_has_two_keys_of_one_name(tmp_path: Path) -> None:
    create(tmp_path / "keys", "ombudsman.example", [Use.WITNESS], NOW)
    found = witness_keys(tmp_path / "keys", "ombudsman.example")
    assert [key.kind for key in found] == [Kind.COSIGNATURE, Kind.MLDSA44]
    with pytest.raises(KeysMissingError):
        signing_keys(tmp_path / "keys", "ombudsman.example")


# --- kept


@pytest.mark.parametrize("extra", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
@pytest.mark.parametrize("name", ["", "checkpoint-ed25519.key"])
def test_what_others_could_come_at_is_not_used_and_the_refusal_says_how_to_mend_it(
    keys: Path, name: str, extra: int
) -> None:
    path, right = keys / name, 0o600 if name else 0o700
    path.chmod(right | extra)
    with pytest.raises(KeysExposedError) as caught:
        signing_keys(keys, ORIGIN)
    assert f"chmod {right:04o} {path}" in str(caught.value)
    assert caught.value.values["mode"] == f"{right | extra:04o}"
    path.chmod(int(caught.value.values["wanted"], 8))
    assert len(signing_keys(keys, ORIGIN)) == 2


def test_an_exposed_promise_key_is_not_used_and_not_taken_for_none(keys: Path) -> None:
    (keys / "promise.key").chmod(0o644)
    with pytest.raises(KeysExposedError):
        promise_key(keys, ORIGIN)
    assert len(signing_keys(keys, ORIGIN)) == 2, "each process needs its own keys only"


def test_what_belongs_to_another_user_is_not_used(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: keys.stat().st_uid + 1)
    with pytest.raises(KeysForeignError, match="run it as its owner"):
        signing_keys(keys, ORIGIN)


def test_a_link_is_not_followed(keys: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.key"
    (keys / "promise.key").rename(elsewhere)
    (keys / "promise.key").symlink_to(elsewhere)
    with pytest.raises(KeysLinkedError, match=r"promise\.key"):
        promise_key(keys, ORIGIN)
    (tmp_path / "link").symlink_to(keys)
    with pytest.raises(KeysLinkedError):
        signing_keys(tmp_path / "link", ORIGIN)


@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo])
def test_what_is_no_plain_file_is_not_waited_for(keys: Path, put: object) -> None:
    (keys / "promise.key").unlink()
    assert callable(put)
    put(keys / "promise.key")
    (keys / "promise.key").chmod(0o600)
    with pytest.raises(KeysLinkedError):
        promise_key(keys, ORIGIN)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("promise.key", "checkpoint-ed25519.key"),
        ("checkpoint-ed25519.key", "promise.key"),
        ("checkpoint-mldsa44.key", "checkpoint-ed25519.key"),
    ],
)
def test_a_key_signs_no_other_kind_of_text_when_its_file_is_renamed(
    keys: Path, source: str, target: str
) -> None:
    (keys / source).replace(keys / target)
    with pytest.raises(KeyMalformedError, match="named for another"):
        listed(keys)


@pytest.mark.parametrize("text", ["", "x", "PRIVATE+KEY+log+00000000+AQ==", "\xff", "cut"])
def test_a_damaged_key_is_refused_and_not_shown(keys: Path, text: str) -> None:
    file = keys / "promise.key"
    whole = file.read_text()
    secret = whole.split("\n", maxsplit=1)[0].split("+", 4)[4]
    file.write_text(whole[:95] if text == "cut" else text)
    with pytest.raises(KeyMalformedError) as caught:
        promise_key(keys, ORIGIN)
    assert secret[:10] not in str(caught.value)


def test_keys_of_another_log_sign_nothing_here(keys: Path) -> None:
    with pytest.raises(KeyForAnotherError, match=ORIGIN):
        signing_keys(keys, "log.example.nl/other")
    assert promise_key(keys, "log.example.nl/other") is None


def test_without_a_folder_there_is_no_key_and_none_is_made(tmp_path: Path) -> None:
    missing = tmp_path / "keys"
    assert promise_key(missing, ORIGIN) is None
    for asked in (
        lambda: listed(missing),
        lambda: rotate(missing, Use.CHECKPOINT, NOW),
        lambda: retire(missing, "00000000", NOW),
    ):
        with pytest.raises(KeysMissingError, match="uitvoering keys create"):
            asked()
    assert not missing.exists()


@pytest.mark.parametrize("left", ["no folder", "an empty folder", "a folder of another"])
def test_without_any_key_and_last_signed_the_keys_are_away_and_nothing_is_written(
    tmp_path: Path, left: str
) -> None:
    """So looks the place where their disk is not mounted."""
    place = tmp_path / "keys"
    if left != "no folder":
        place.mkdir(0o700)
    if left == "a folder of another":
        (place / "lost+found").mkdir()
    before = sorted(tmp_path.rglob("*"))
    files = KeyFiles(place, ORIGIN)
    for asked in (files.checkpoint_keys, files.last_signed, lambda: files.keep_last_signed(b"")):
        with pytest.raises(KeysAwayError, match="mounting its disk"):
            asked()
    assert sorted(tmp_path.rglob("*")) == before


def test_where_only_one_of_keys_and_last_signed_is_gone_nothing_is_away(keys: Path) -> None:
    sign(keys, 1)
    (keys / LAST_SIGNED).unlink()
    assert last_signed(keys) is None
    keep_last_signed(keys, b"note")
    for file in keys.glob("*.key"):
        file.unlink()
    assert last_signed(keys) == b"note"
    with pytest.raises(KeysMissingError):
        signing_keys(keys, ORIGIN)


def test_nothing_that_is_listed_or_exported_is_private(keys: Path) -> None:
    seeds = [key.seed for key in signing_keys(keys, ORIGIN)]
    sign(keys, 3)
    rotate(keys, Use.CHECKPOINT, LATER)
    sign(keys, 4)
    retire(keys, ids(signing_keys(keys, ORIGIN))[0], LATER)
    seeds += [key.seed for key in signing_keys(keys, ORIGIN)]
    public = [path.read_bytes() for path in keys.glob("*.pub")]
    told = repr(listed(keys)).encode() + b"".join([*evidence(keys).values(), *public])
    assert b"PRIVATE" not in told
    for seed in seeds:
        key = PrivateKey("x", Kind.ED25519, seed)
        assert key.encoded().split("+", 4)[4][4:30].encode() not in told
        assert seed.hex().encode() not in told
        assert repr(seed).encode() not in told


def test_the_newest_signed_checkpoint_is_kept_beside_the_keys(keys: Path) -> None:
    assert last_signed(keys) is None
    for size in (1, 2):
        note = sign(keys, size)
        assert last_signed(keys) == KeyFiles(keys, ORIGIN).last_signed() == note
    (keys / LAST_SIGNED).chmod(0o666)
    with pytest.raises(KeysExposedError):
        last_signed(keys)


# --- replaced


def test_after_a_rotation_old_and_new_sign_together(keys: Path) -> None:
    older = policy_of_now(keys)
    old = ids(signing_keys(keys, ORIGIN))
    files = KeyFiles(keys, ORIGIN)
    sign(keys, 7)
    rotate(keys, Use.CHECKPOINT, LATER)
    assert ids(list(files.checkpoint_keys()))[:2] == old, "a running sequencer goes on with both"
    assert [key.kind for key in files.checkpoint_keys()] == [Kind.ED25519, Kind.MLDSA44] * 2
    note = sign(keys, 8)
    newer = unwitnessed_policy(key.public for key in signing_keys(keys, ORIGIN)[2:])
    assert len(older.judge(note).log_keys) == len(newer.judge(note).log_keys) == 2


def test_old_and_new_keys_vouch_for_each_other(keys: Path) -> None:
    sign(keys, 7)
    old = signing_keys(keys, ORIGIN)
    made = rotate(keys, Use.CHECKPOINT, LATER)
    assert [*evidence(keys)] == ["rotations/0001.note"]
    rotation = rotation_of(evidence(keys)["rotations/0001.note"])
    assert rotation == made
    assert (rotation.made_at, rotation.last_size) == ("2027-11-22T12:00:00Z", 7)
    assert rotation.old == tuple(key.public for key in old)
    assert rotation.new == tuple(key.public for key in signing_keys(keys, ORIGIN)[2:])
    note = parsed(evidence(keys)["rotations/0001.note"])
    assert signers(note, [*rotation.old, *rotation.new]) == (rotation.old[0], rotation.new[0])


def test_a_rotation_that_either_side_did_not_sign_is_none(keys: Path) -> None:
    old = signing_keys(keys, ORIGIN)
    rotation = rotate(keys, Use.CHECKPOINT, LATER)
    new = signing_keys(keys, ORIGIN)[2:]
    thief = new_key(ORIGIN, Kind.ED25519)
    assert rotation_of(signed(rotation.text, [*old, *new])) == rotation
    for keys_given in (old, new, [*old, thief], [*new, thief]):
        with pytest.raises(NoteMalformedError, match="has not signed"):
            rotation_of(signed(rotation.text, keys_given))
    whole = signed(rotation.text, [*old, *new])
    with pytest.raises(SignatureWrongError):
        rotation_of(whole.replace(b"made 2027", b"made 2026"))
    with pytest.raises(NoteMalformedError):
        rotation_of(signed(rotation.text.replace("old ", "odd ", 1), [*old, *new]))


def test_a_rotation_counts_for_who_knows_an_old_key_that_signed_it(keys: Path) -> None:
    old, post = signing_keys(keys, ORIGIN)
    rotate(keys, Use.CHECKPOINT, LATER)
    note = evidence(keys)["rotations/0001.note"]
    new = [key.public for key in signing_keys(keys, ORIGIN)[2:]]
    assert handed_over_by(note, [old.public, post.public]) == (old.public,)
    assert handed_over_by(note, [post.public]) == (), "it signs no text"
    assert handed_over_by(note, new) == (), "a new key vouches for nothing that was before it"


def history(folder: Path, note: bytes, known: list[PublicKey]) -> tuple[Finding, ...]:
    """What a verifier with these keys in its policy says of a pack with this rotation."""
    name = "keys/rotations/0001.note"
    file = folder / name
    file.parent.mkdir(parents=True)
    file.write_bytes(note)
    listed = {name: Listed(len(note), sha256(note).hexdigest())}
    manifest = Manifest(ORIGIN, 7, "2027-11-22T12:00:00Z", 7, 0, 6, files=listed)
    return key_history(folder, manifest, unwitnessed_policy(known)).findings


def test_a_thief_who_names_the_old_keys_takes_over_nothing(keys: Path) -> None:
    """For who knows the old ML-DSA-44 key alone there is nothing of it to check."""
    _, post = signing_keys(keys, ORIGIN)
    thief = new_key(ORIGIN, Kind.ED25519)
    forged = Rotation("2027-11-22T12:00:00Z", 7, (post.public,), (thief.public,))
    note = signed(forged.text, [thief])
    assert rotation_of(note) == forged, "each Ed25519 key that it names has signed it"
    assert handed_over_by(note, [post.public]) == ()
    (told,) = history(keys.parent, note, [post.public])
    assert (told.standing, told.code) == (Standing.UNCHECKED, "rotation-strange")


def test_a_key_that_took_over_is_told_whole(keys: Path) -> None:
    old = signing_keys(keys, ORIGIN)
    rotate(keys, Use.CHECKPOINT, LATER)
    note = evidence(keys)["rotations/0001.note"]
    told = history(keys.parent, note, [key.public for key in old])
    assert [finding.code for finding in told] == ["rotation", *["rotation-unpinned"] * 2]
    new = [public_key(finding.values["key"]) for finding in told[1:]]
    assert new == [key.public for key in signing_keys(keys, ORIGIN)[2:]]


def test_neither_note_can_pass_for_a_checkpoint_or_a_promise(keys: Path) -> None:
    sign(keys, 1)
    rotation = rotate(keys, Use.CHECKPOINT, LATER)
    sign(keys, 2)
    retirement = retire(keys, rotation.old[0].id.hex(), LATER)
    for text in (rotation.text, retirement.text):
        for read in (checkpoint_of, promise_of):
            with pytest.raises(NoteMalformedError):
                read(text)
    for note in evidence(keys).values():
        with pytest.raises(NoteMalformedError):
            unwitnessed_policy(rotation.new).judge(note)


def test_each_rotation_is_kept(keys: Path) -> None:
    for number in range(1, 4):
        rotate(keys, Use.CHECKPOINT, LATER)
        assert len(evidence(keys)) == number
    assert len(signing_keys(keys, ORIGIN)) == 8
    assert len(rotation_of(evidence(keys)["rotations/0003.note"]).old) == 6


def test_a_rotation_that_was_killed_leaves_the_old_keys_at_work(keys: Path) -> None:
    old = ids(signing_keys(keys, ORIGIN))
    rotate(keys, Use.CHECKPOINT, LATER)
    for path in keys.glob("checkpoint-*-2.*"):
        path.unlink()  # killed between the note and the first key
    assert ids(signing_keys(keys, ORIGIN)) == old
    rotate(keys, Use.CHECKPOINT, LATER)
    assert len(signing_keys(keys, ORIGIN)) == 4


def test_a_promise_is_signed_by_the_newest_key_alone(keys: Path) -> None:
    old = promise_key(keys, ORIGIN)
    rotation = rotate(keys, Use.PROMISE, LATER)
    new = promise_key(keys, ORIGIN)
    assert old is not None
    assert new is not None
    assert (rotation.old, rotation.new) == ((old.public,), (new.public,))
    assert rotation_of(evidence(keys)["rotations/0001.note"]) == rotation
    assert retire(keys, old.public.id.hex(), LATER).last_size is None
    assert promise_key(keys, ORIGIN) == new
    assert len(signing_keys(keys, ORIGIN)) == 2


# --- ended


def test_a_retired_key_signs_no_more_and_its_last_size_is_signed(keys: Path) -> None:
    old, *_ = signing_keys(keys, ORIGIN)
    rotate(keys, Use.CHECKPOINT, LATER)
    sign(keys, 42)
    retirement = retire(keys, old.public.id.hex(), LATER)
    assert (retirement.key, retirement.last_size) == (old.public, 42)
    assert old not in signing_keys(keys, ORIGIN)
    assert old.public in KeyFiles(keys, ORIGIN).known_keys(), "what it signed is the log's word"
    note = evidence(keys)[f"retired/{old.public.id.hex()}.note"]
    assert retirement_of(note) == retirement
    goes_on = signing_keys(keys, ORIGIN)[1]
    assert signers(parsed(note), [goes_on.public]) == (goes_on.public,)
    row = next(row for row in listed(keys) if row.key == old.public)
    assert (row.made_at, row.retired_at) == ("2026-11-22T12:00:00Z", "2027-11-22T12:00:00Z")
    assert row.last_size == 42


def test_the_private_half_of_a_retired_key_is_gone(keys: Path) -> None:
    old, *_ = signing_keys(keys, ORIGIN)
    rotate(keys, Use.CHECKPOINT, LATER)
    retire(keys, old.public.id.hex(), LATER)
    files = [path.read_text() for path in keys.rglob("*") if path.is_file()]
    assert len(files) == 12 - 2 - 2 + 2
    assert not [text for text in files if old.encoded() in text]


def test_the_only_key_of_a_kind_cannot_be_retired(keys: Path) -> None:
    for row in listed(keys):
        with pytest.raises(KeyLastError, match="uitvoering keys rotate"):
            retire(keys, row.key.id.hex(), NOW)
    assert len(listed(keys)) == 3


def test_a_witness_key_ends_with_the_witness(tmp_path: Path) -> None:
    for row in create(tmp_path / "keys", "ombudsman.example", [Use.WITNESS], NOW):
        with pytest.raises(KeyLastError):
            retire(tmp_path / "keys", row.key.id.hex(), NOW)


def test_a_key_goes_only_when_the_next_has_signed_beside_it(keys: Path) -> None:
    """Else a verifier that knows the old key would never see the new one vouched for in the log."""
    sign(keys, 1)
    old = ids(signing_keys(keys, ORIGIN))
    rotate(keys, Use.CHECKPOINT, LATER)
    for one in old:
        with pytest.raises(KeyUnusedError, match="ledger follow --once"):
            retire(keys, one, LATER)
    sign(keys, 1)
    for one in old:
        retire(keys, one, LATER)
    assert len(signing_keys(keys, ORIGIN)) == 2


def test_a_new_key_can_be_taken_back(keys: Path) -> None:
    sign(keys, 1)
    old = ids(signing_keys(keys, ORIGIN))
    for key in rotate(keys, Use.CHECKPOINT, LATER).new:
        retire(keys, key.id.hex(), LATER)
    assert ids(signing_keys(keys, ORIGIN)) == old


@pytest.mark.parametrize("key_id", ["", "00000000", "../promise", "promise"])
def test_a_key_that_is_not_in_use_cannot_be_retired(keys: Path, key_id: str) -> None:
    with pytest.raises(KeyUnknownError) as caught:
        retire(keys, key_id, NOW)
    assert caught.value.values["known"] == ", ".join(row.key.id.hex() for row in listed(keys))


def test_a_retired_key_cannot_be_retired_again(keys: Path) -> None:
    old, *_ = signing_keys(keys, ORIGIN)
    rotate(keys, Use.CHECKPOINT, LATER)
    retire(keys, old.public.id.hex(), LATER)
    with pytest.raises(KeyUnknownError):
        retire(keys, old.public.id.hex(), LATER)


def test_from_its_note_on_a_key_is_ended_even_when_its_file_is_still_there(keys: Path) -> None:
    file = keys / "checkpoint-ed25519.key"
    kept = file.read_text()
    old, *_ = signing_keys(keys, ORIGIN)
    rotate(keys, Use.CHECKPOINT, LATER)
    retire(keys, old.public.id.hex(), LATER)
    file.write_text(kept)  # killed before it was deleted; or put back from a backup
    file.chmod(0o600)
    assert old not in signing_keys(keys, ORIGIN)
    assert [row.retired_at is None for row in listed(keys) if row.key == old.public] == [False]
    rotate(keys, Use.PROMISE, LATER)
    assert not file.exists(), "the next change deletes it"


class Killed(BaseException):
    """At that point and no further, whatever would be tidied up after it."""


@pytest.fixture
def half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose first key has two names: killed before the passing one was taken away."""
    keys = tmp_path / "half"
    unlink = os.unlink

    def killed(name: str, **at: int) -> None:
        if name == PART and (keys / "checkpoint-ed25519.key").exists():
            raise Killed
        unlink(name, **at)

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", killed)
        with pytest.raises(Killed):
            create(keys, ORIGIN, BOTH, NOW)
    assert (keys / PART).exists()
    return keys


PART = ".checkpoint-ed25519.key.part"


def test_a_key_that_was_retired_has_no_second_name_left(half_made: Path) -> None:
    whole = half_made.with_name("whole")
    shutil.copytree(half_made, whole)
    create(whole, ORIGIN, BOTH, NOW)
    assert not (whole / PART).exists(), "the next change takes it away"
    shutil.copy(half_made / PART, whole / PART)
    old, *_ = signing_keys(whole, ORIGIN)
    rotate(whole, Use.CHECKPOINT, LATER)
    assert not (whole / PART).exists()
    shutil.copy(half_made / PART, whole / PART)
    with private_folder(whole) as folder:
        folder.remove("checkpoint-ed25519.key")
    files = [file.read_text() for file in whole.iterdir() if file.is_file()]
    assert not [text for text in files if old.encoded() in text]


def test_a_key_that_was_never_whole_is_swept(keys: Path) -> None:
    (keys / ".promise-2.key.part").write_bytes(b"PRIVATE")
    (keys / ".last-signed.part").write_bytes(b"of a sequencer at work")
    rotate(keys, Use.PROMISE, LATER)
    assert [path.name for path in keys.glob(".*")] == [".last-signed.part"]


def test_every_refusal_about_keys_says_what_to_do() -> None:
    for kind in (KeysExposedError, KeysForeignError, KeysLinkedError, KeyExistsError, KeyLastError):
        assert issubclass(kind, RefusedError)
    assert issubclass(KeysMissingError, UitvoeringError)


def test_a_folder_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError):
        create(tmp_path / "file" / "keys", ORIGIN, BOTH, NOW)
