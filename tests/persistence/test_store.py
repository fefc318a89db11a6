"""Both stores keep the same promises."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.persistence.facts import (
    NOON,
    SIGNALLED,
    remembered,
    stream,
    stream_id,
    versions,
)
from uitvoering.domain.events.fact import Proof, Seen
from uitvoering.domain.values import Level, Role
from uitvoering.errors import StoreUnreachableError, TokenUnknownError
from uitvoering.persistence.ids import new_event_id
from uitvoering.persistence.store import ConflictError, Store, migrate, open_store


def test_an_append_over_streams_is_kept_whole_and_in_order(store: Store) -> None:
    events = [*stream(1, 3), *stream(2, 2)]
    positions = store.append(events)
    assert positions == sorted(positions)
    assert [event for _, event in store.stream()] == events
    assert [position for position, _ in store.stream()] == positions
    assert store.facts(stream_id(2)) == events[3:]
    assert store.position() == positions[-1]


def test_a_store_that_holds_nothing_says_so(store: Store) -> None:
    assert store.position() == 0
    assert store.facts(stream_id(1)) == []
    assert list(store.stream()) == []
    assert store.event(new_event_id()) is None
    assert store.stored(new_event_id()) is None
    assert store.append([]) == []


def test_what_was_stored_is_there_after_closing(store_url: str) -> None:
    events = stream(1, 2)
    with closing(open_store(store_url)) as store:
        store.append(events)
    with closing(open_store(store_url)) as store:
        assert store.facts(stream_id(1)) == events
    with pytest.raises(StoreUnreachableError):
        store.position()


def test_a_version_is_taken_once_and_the_loser_leaves_nothing(store: Store) -> None:
    first = stream(1, 2)
    store.append(first)
    with pytest.raises(ConflictError):
        store.append([*stream(2, 1), *stream(1, 1, after=1)], idempotency=remembered())
    assert store.facts(stream_id(1)) == first
    assert store.facts(stream_id(2)) == []
    assert store.remembered("p-1", "k1") is None


def test_a_stream_has_no_gaps(store: Store) -> None:
    store.append(stream(1, 1))
    with pytest.raises(ConflictError):
        store.append(stream(1, 1, after=2))
    assert versions(store.facts(stream_id(1))) == [1]


def test_the_same_events_again_are_found_and_not_stored_twice(store: Store) -> None:
    events = [*stream(1, 2), *stream(2, 1)]
    positions = store.append(events)
    assert store.append(events) == positions
    assert store.position() == positions[-1]


def test_a_stream_is_read_between_versions_and_the_log_between_positions(store: Store) -> None:
    store.append(stream(1, 5))
    assert versions(store.facts(stream_id(1), after=1, until=3)) == [2, 3]
    assert [position for position, _ in store.stream(after=2, until=4)] == [3, 4]


@pytest.mark.parametrize("page", [1, 2, 5, 100])
def test_paging_shows_every_event_once(store: Store, page: int) -> None:
    store.append(stream(1, 5))
    assert versions([event for _, event in store.stream(page=page)]) == [1, 2, 3, 4, 5]


def test_an_event_is_found_by_its_id_with_the_bytes_a_receipt_is_made_over(store: Store) -> None:
    events = stream(1, 2)
    _, second = store.append(events)
    assert store.event(events[1].event_id) == (second, events[1])
    stored = store.stored(events[0].event_id)
    assert stored is not None
    assert stored.state.startswith(b'{"actor_pseudonym":"p-1"')
    assert "één fout".encode() in stored.state


def test_the_idempotency_row_is_written_with_the_events_or_not_at_all(store: Store) -> None:
    row = remembered(outcome='{"id": "1"}')
    store.append(stream(1, 1), idempotency=row)
    assert store.remembered("p-1", "k1") == row
    with pytest.raises(ConflictError):
        store.append(stream(2, 1), idempotency=remembered(outcome="{}"))
    assert store.facts(stream_id(2)) == []
    assert store.remembered("p-1", "k1") == row


def test_an_answer_without_events_is_remembered_too(store: Store) -> None:
    assert store.append([], idempotency=remembered()) == []
    assert store.remembered("p-1", "k1") == remembered()
    assert store.remembered("p-2", "k1") is None


def test_an_answer_is_remembered_for_a_day(store: Store) -> None:
    store.append([], idempotency=remembered("old"))
    within = NOON + timedelta(hours=24)
    store.append([], idempotency=remembered("within", at=within))
    assert store.remembered("p-1", "old") is not None
    store.append([], idempotency=remembered("new", at=within + timedelta(seconds=1)))
    assert store.remembered("p-1", "old") is None
    assert store.remembered("p-1", "within") is not None


def test_a_fact_of_another_class_under_a_known_topic_is_not_stored(store: Store) -> None:
    class Impostor(type(SIGNALLED)):  # type: ignore[misc]  # a subclass made for this test
        pass

    event = stream(1, 1)[0].model_copy(update={"fact": Impostor(**SIGNALLED.model_dump())})
    with pytest.raises(TypeError, match="not the fact registered"):
        store.append([event])
    assert store.position() == 0


def test_a_timestamp_without_a_zone_is_not_stored(store: Store) -> None:
    event = stream(1, 1)[0].model_copy(update={"timestamp": NOON.replace(tzinfo=None)})
    with pytest.raises(ValueError, match="no time zone"):
        store.append([event])


def test_a_bearer_token_lets_in_until_it_expires_or_is_revoked(store: Store) -> None:
    tokens = store.tokens()
    bearer, token = tokens.create(
        organisation="uwv",
        level=Level.TEAM_LEAD,
        roles={Role.LINE, Role.REPORTER},
        pseudonym="p-7",
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )
    assert tokens.find(bearer, NOON) == token
    assert tokens.find(bearer + "x", NOON) is None
    assert tokens.find("", NOON) is None
    assert tokens.find(bearer, NOON + timedelta(days=1)) is None
    tokens.revoke(token.id, NOON + timedelta(hours=1))
    tokens.revoke(token.id, NOON + timedelta(hours=2))
    assert tokens.find(bearer, NOON + timedelta(hours=2)) is None
    assert [one.revoked_at for one in tokens.list()] == [NOON + timedelta(hours=1)]


def test_a_token_that_was_never_given_out_cannot_be_revoked(store: Store) -> None:
    with pytest.raises(TokenUnknownError, match="list of tokens"):
        store.tokens().revoke(new_event_id(), NOON)


def test_the_bearer_itself_is_stored_nowhere(sqlite_url: str) -> None:
    migrate(sqlite_url)
    with closing(open_store(sqlite_url)) as store:
        bearer, _ = store.tokens().create(
            organisation="uwv",
            level=Level.BOARD,
            roles=(),
            pseudonym="p-1",
            created_at=NOON,
            expires_at=NOON,
        )
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        held = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert b"p-1" in held
    assert bearer.encode() not in held


def test_event_ids_are_of_version_seven_and_sort_by_time() -> None:
    ids = [new_event_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {one[14] for one in ids} == {"7"}
    assert {one[19] for one in ids} <= set("89ab")
    assert [one[:8] for one in ids] == sorted(one[:8] for one in ids)


def test_the_same_id_in_other_bytes_is_somebody_else_s(store: Store) -> None:
    """What opens an event is random: who was second must not take the first one's for his own."""
    (event,) = stream(1, 1)
    mine, theirs = (event.model_copy(update={"proof": proof(secret)}) for secret in ("a", "b"))
    positions = store.append([mine])
    assert store.append([mine]) == positions
    with pytest.raises(ConflictError):
        store.append([theirs])


def proof(secret: str) -> Proof:
    seen = Seen(root="00" * 32, size=0)
    return Proof(commits=(), opening=secret * 64, schema_sha256="00" * 32, seen=seen)
