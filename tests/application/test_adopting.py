"""What the product runs by is a dated fact: an upgrade decides nothing, a registrar does."""

from contextlib import closing
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from tests.persistence.processes import finish, start
from tests.seeded import SEEDED_AT
from uitvoering.application.caller import Caller
from uitvoering.application.kinds import register_stream
from uitvoering.application.seeds import method_that_runs, seed_commands
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.registers import AdoptCosigningPolicy, AdoptMethod
from uitvoering.domain.acts import Source
from uitvoering.domain.events.registers import CosigningPolicyAdopted, MethodAdopted
from uitvoering.domain.values import Level, Role
from uitvoering.errors import ForbiddenError
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.persistence.store import Store, migrate, open_store
from uitvoering.projections import adoptions
from uitvoering.projections.adoptions import CosigningPolicyDocument, MethodDocument
from uitvoering.softening import method
from uitvoering.wiring import REGISTRAR, seed

OTHER = AdoptMethod(
    happened_on=date(2026, 3, 1),
    method="3",
    digest="0f" * 32,
    in_force_from=date(2026, 4, 1),
    source=Source(title="Besluit raad van bestuur"),
)
QUORUM = f"log {new_key('log.example.nl/uitvoering', Kind.ED25519).public}\nquorum none\n"


def adopted(app: Uitvoering) -> list[MethodAdopted]:
    found = app.store.facts_of(frozenset({MethodAdopted.TOPIC}))
    return [event.fact for _, event in found if isinstance(event.fact, MethodAdopted)]


def opened(store: Store) -> Uitvoering:
    return Uitvoering(store=store, clock=lambda: datetime(2026, 3, 1, 9, tzinfo=UTC))


def begin(url: str) -> None:
    migrate(url)
    with closing(open_store(url)) as store:
        seed(opened(store))


def test_a_new_store_begins_with_the_method_that_runs(store: Store) -> None:
    app = opened(store)
    seed(app)
    [first] = adopted(app)
    assert (first.method, first.digest) == (method.METHOD_VERSION, method.digest())
    assert first.in_force_from == date(2026, 3, 1)
    assert method.method() == f"{first.method}+{first.digest[:12]}"


def test_migrating_again_adopts_nothing_whatever_method_runs(store: Store) -> None:
    app = opened(store)
    seed(app)
    app.handle(OTHER, REGISTRAR)
    position = store.position()
    assert seed(app) == 0
    assert store.position() == position
    assert [row.method for row in adopted(app)] == [method.METHOD_VERSION, "3"]


def test_a_store_from_before_adopts_nothing_by_an_upgrade(store: Store) -> None:
    app = opened(store)
    for command in seed_commands():
        app.handle(command, REGISTRAR)
    assert seed(app) == 0
    assert adopted(app) == []


def test_processes_that_begin_a_store_together_adopt_once(empty_url: str) -> None:
    assert finish([start(begin, empty_url) for _ in range(2)]) == [0] * 2
    with closing(open_store(empty_url)) as store:
        assert len(adopted(opened(store))) == 1


def test_a_store_whose_making_was_cut_off_still_adopts_first(store: Store) -> None:
    """Whatever was recorded before the end, the method stands before it."""
    app = opened(store)
    app.handle(method_that_runs(date(2026, 3, 1)), REGISTRAR)
    assert seed(app) == sum(1 for _ in seed_commands())
    assert len(adopted(app)) == 1


def test_only_a_registrar_adopts(seeded_url: str) -> None:
    caller = Caller("uwv", Level.BOARD, frozenset({Role.LINE, Role.ADMINISTRATOR}), "p1")
    with closing(open_store(seeded_url)) as store, pytest.raises(ForbiddenError):
        opened(store).handle(OTHER, caller)


def test_a_policy_file_is_kept_to_the_byte_and_a_broken_one_is_refused(seeded_url: str) -> None:
    asked = AdoptCosigningPolicy(
        happened_on=date(2026, 3, 1),
        text=QUORUM,
        in_force_from=date(2026, 3, 1),
        source=Source(title="Besluit"),
    )
    with closing(open_store(seeded_url)) as store:
        app = opened(store)
        stream = app.handle(asked, REGISTRAR).id
        fact = store.facts(stream)[-1].fact
        assert isinstance(fact, CosigningPolicyAdopted)
        assert (fact.text, fact.sha256) == (QUORUM, sha256(QUORUM.encode()).hexdigest())
        broken = asked.model_copy(update={"text": QUORUM.replace("quorum", "quorun")})
        with pytest.raises(PolicyMalformedError, match="line 2"):
            app.handle(broken, REGISTRAR)
        assert len(store.facts(stream)) == 1
        assert register_stream(broken) == stream


def test_what_counts_is_read_as_of_any_day(seeded_url: str) -> None:
    """And what a store begins with is known at every moment, as in every register."""
    with closing(open_store(seeded_url)) as store:
        app = opened(store)
        app.handle(OTHER, REGISTRAR)
        for moment, expected in (
            (app.reading.moment(), method.METHOD_VERSION),
            (app.reading.moment(happened_as_of=datetime(2026, 4, 2, tzinfo=UTC)), "2"),
            (app.reading.moment(recorded_as_of=SEEDED_AT), method.METHOD_VERSION),
        ):
            [row] = adoptions.methods(app.reading.documents(moment), moment)
            assert row.method == expected
        found = app.reading.views.documents(store.position()).get(
            MethodDocument, adoptions.SOFTENING
        )
        assert found is not None
        assert found.on(date(2026, 4, 1)).method == "3"
        assert found.on(date(2026, 3, 31)).method == method.METHOD_VERSION
        unasked = app.reading.views.documents(0).get(CosigningPolicyDocument, adoptions.LEDGER)
        assert unasked is None
