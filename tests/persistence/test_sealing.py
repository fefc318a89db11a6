"""Words and what leads to a person can be sealed field by field, and nothing else is."""

from typing import Annotated, Any, ClassVar

import orjson
import pytest
from Crypto.Cipher import AES
from pydantic import BaseModel

from tests.given import By, act, recorded
from uitvoering.domain.acts import Reply
from uitvoering.domain.events.fact import Fact
from uitvoering.domain.events.signal import HardshipSignalled
from uitvoering.domain.events.topics import FACTS
from uitvoering.domain.values import Level, Name, Personal, Statement, Text, Wording
from uitvoering.errors import SealingMissingError
from uitvoering.persistence.sealing import Mark, Place, Sealing, marked_fields
from uitvoering.persistence.serialisation import FactMapper
from uitvoering.persistence.store import Store
from uitvoering.persistence.topics import Topics, recorded_type

KEY = bytes(range(32))


class Cipher:
    """AES-256-GCM with place as associated data; the nonce is derived, for this test only."""

    def __init__(self) -> None:
        self.sealed: dict[str, tuple[Mark, str | None]] = {}

    def seal(self, place: Place, mark: Mark, subject: str | None, plain: str) -> str:
        self.sealed[place.pointer] = (mark, subject)
        cipher = self._cipher(place)
        text, tag = cipher.encrypt_and_digest(plain.encode())
        sealed: bytes = text + tag
        return sealed.hex()

    def open(self, place: Place, sealed: str) -> str:
        held = bytes.fromhex(sealed)
        plain: bytes = self._cipher(place).decrypt_and_verify(held[:-16], held[-16:])
        return plain.decode()

    def _cipher(self, place: Place) -> Any:
        where = f"{place.event_id}{place.stream}{place.pointer}".encode()
        cipher = AES.new(KEY, AES.MODE_GCM, nonce=where[-12:])
        cipher.update(where)
        return cipher


SAID = HardshipSignalled(
    statement=Statement(
        text="Woord voor woord.",
        requested_action="Herstel de fout.",
        affected_groups=("ouders",),
        severity=4,
    ),
    body="toeslagen",
)
[EVENT] = recorded([By(SAID, act(reply=Reply(by=Level.BOARD, text="Wij zien dit anders.")))])
MARKED = {
    "/actor_pseudonym",
    "/fact/statement/text",
    "/fact/statement/requested_action",
    "/reply/text",
}


def test_exactly_the_marked_fields_are_sealed_and_opened_again() -> None:
    cipher = Cipher()
    mapper = FactMapper(sealing=Sealing(cipher.seal, cipher.open))
    plain = orjson.loads(FactMapper().to_stored_event(EVENT).state)
    stored = mapper.to_stored_event(EVENT)
    state = orjson.loads(stored.state)
    assert set(cipher.sealed) == set(state.pop("sealed")) == MARKED
    differ = {at for at in _leaves(plain) if _at(plain, at) != _at(state, at)}
    assert differ == MARKED
    for words in ("Woord voor woord", "Herstel", "anders", "p-1"):
        assert words.encode() not in stored.state
    assert mapper.to_domain_event(stored) == EVENT


def test_a_cipher_learns_what_it_seals_and_whose_it_is() -> None:
    cipher = Cipher()
    FactMapper(sealing=Sealing(cipher.seal, cipher.open)).to_stored_event(EVENT)
    assert cipher.sealed["/actor_pseudonym"] == (Personal(subject="actor_pseudonym"), "p-1")
    assert cipher.sealed["/fact/statement/text"] == (Wording(), None)


def test_a_sealed_text_moved_to_another_field_does_not_open() -> None:
    cipher = Cipher()
    mapper = FactMapper(sealing=Sealing(cipher.seal, cipher.open))
    stored = mapper.to_stored_event(EVENT)
    state = orjson.loads(stored.state)
    state["reply"]["text"] = state["fact"]["statement"]["text"]
    moved = type(stored)(
        stored.originator_id,
        stored.originator_version,
        stored.topic,
        orjson.dumps(state),
        stored.event_id,
    )
    with pytest.raises(ValueError, match="MAC"):
        mapper.to_domain_event(moved)


def test_sealed_events_are_not_read_without_keys() -> None:
    cipher = Cipher()
    stored = FactMapper(sealing=Sealing(cipher.seal, cipher.open)).to_stored_event(EVENT)
    with pytest.raises(SealingMissingError, match="start with the keys"):
        FactMapper().to_domain_event(stored)


def test_a_store_seals_and_opens_through_the_one_seam(store: Store) -> None:
    cipher = Cipher()
    sealed = Store(store._recorder, Sealing(cipher.seal, cipher.open))  # noqa: SLF001 one file, two mappers
    sealed.append([EVENT])
    assert sealed.facts(EVENT.originator_id) == [EVENT]
    with pytest.raises(SealingMissingError):
        store.facts(EVENT.originator_id)


def test_every_fact_has_marked_fields_that_can_be_sealed() -> None:
    for kind in FACTS.values():
        paths = {field.path for field in marked_fields(recorded_type(kind))}
        assert ("actor_pseudonym",) in paths
        if "statement" in kind.model_fields:
            assert ("fact", "statement", "text") in paths


def test_marks_in_lists_and_nested_values_are_found() -> None:
    class Inner(BaseModel):
        said: Text

    class Outer(BaseModel):
        inners: tuple[Inner, ...]
        lines: tuple[Text, ...]
        who: Annotated[Name, Personal(subject="who")] | None

    assert [field.path for field in marked_fields(Outer)] == [
        ("inners", "*", "said"),
        ("lines", "*"),
        ("who",),
    ]


def test_a_mark_on_anything_but_text_is_refused() -> None:
    class Counted(BaseModel):
        count: Annotated[int, Wording()]

    with pytest.raises(TypeError, match="only text can be marked"):
        marked_fields(Counted)


class Rated(Fact):
    """A fact whose third version has its words elsewhere than the first."""

    TOPIC: ClassVar[str] = "rated"
    class_version: ClassVar[int] = 3
    explanation: Text
    score: int

    @staticmethod
    def upcast_v1_v2(fact: dict[str, Any]) -> None:
        fact["explanation"] = fact.pop("words")

    @staticmethod
    def upcast_v2_v3(fact: dict[str, Any]) -> None:
        fact["score"] = fact["score"] * 10


class RatedFirst(Fact):
    TOPIC: ClassVar[str] = "rated"
    words: Text
    score: int


@pytest.mark.parametrize("with_keys", [False, True])
def test_an_old_version_is_opened_and_then_upcast_step_by_step(*, with_keys: bool) -> None:
    cipher = Cipher()
    sealing = Sealing(cipher.seal, cipher.open) if with_keys else None
    before = FactMapper(Topics({"rated": RatedFirst}), sealing)
    after = FactMapper(Topics({"rated": Rated}), sealing)
    [old] = recorded([RatedFirst(words="Het knelt.", score=4)])
    now = after.to_domain_event(before.to_stored_event(old))
    assert now.fact == Rated(explanation="Het knelt.", score=40)
    written = after.to_stored_event(now)
    assert orjson.loads(written.state)["class_version"] == 3
    assert after.to_domain_event(written) == now


def _leaves(state: Any, here: str = "") -> list[str]:
    if isinstance(state, dict):
        return [leaf for key, part in state.items() for leaf in _leaves(part, f"{here}/{key}")]
    if isinstance(state, list):
        return [leaf for n, part in enumerate(state) for leaf in _leaves(part, f"{here}/{n}")]
    return [here]


def _at(state: Any, pointer: str) -> Any:
    for step in pointer.removeprefix("/").split("/"):
        state = state[int(step)] if isinstance(state, list) else state[step]
    return state
