"""Whatever a log does, with its true keys and any proof: a witness never cosigns two histories."""

import tempfile
from http import HTTPStatus
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.integrity.watched import Clock, Log, witness_in, witness_keys
from uitvoering.integrity.keys import Kind, new_key
from uitvoering.integrity.witness import WitnessClockBehindError
from uitvoering.integrity.witness_request import body_of

ORIGIN = "log.example.nl/any"
KEYS = [new_key(ORIGIN, Kind.ED25519)]
WITNESS = witness_keys()[:1]
LONGEST = 40


class AnyLog(RuleBasedStateMachine):
    """Grows, rewrites, cuts, replays and lies about what went before; the witness restarts."""

    histories = Bundle("histories")

    @initialize(target=histories, size=st.integers(0, 9))
    def begin(self, size: int) -> Log:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.cosigned: list[list[bytes]] = []
        self.stated: list[int] = []
        self.log = Log(keys=KEYS, origin=ORIGIN)
        self.witness = witness_in(self.folder, self.log, keys=WITNESS, clock=self.clock)
        return self.log.grown(size)

    @rule(target=histories, log=histories, added=st.integers(1, 12))
    def grow(self, log: Log, added: int) -> Log:
        return log.grown(min(LONGEST, log.tree.size + added))

    @rule(
        target=histories, log=histories, index=st.integers(0, LONGEST), leaf=st.binary(max_size=2)
    )
    def rewrite(self, log: Log, index: int, leaf: bytes) -> Log:
        return log.rewritten(index, leaf) if index < log.tree.size else log

    @rule(target=histories, log=histories, size=st.integers(0, LONGEST))
    def cut(self, log: Log, size: int) -> Log:
        return Log(log.leaves[:size], KEYS, ORIGIN)

    @rule(log=histories, back=st.integers(0, LONGEST), size=st.integers(0, LONGEST))
    def ask(self, log: Log, back: int, size: int) -> None:
        """With a true proof of this history, from an old size that may be any."""
        size = min(log.tree.size, size)
        self.sent(log, size, log.request(max(0, size - back), size))

    @rule(log=histories)
    def ask_from_what_it_holds(self, log: Log) -> None:
        held = len(self.cosigned[-1]) if self.cosigned else 0
        if held <= log.tree.size:
            self.sent(log, log.tree.size, log.request(held))

    @rule(log=histories, other=histories, old=st.integers(0, LONGEST))
    def ask_with_the_proof_of_another(self, log: Log, other: Log, old: int) -> None:
        proof = other.proof(min(old, other.tree.size))
        self.sent(log, log.tree.size, body_of(old, proof, log.note()))

    @rule(seconds=st.integers(-90, 4000))
    def wait(self, seconds: int) -> None:
        self.clock.now += seconds

    @rule()
    def restart(self) -> None:
        self.witness = witness_in(self.folder, keys=WITNESS, clock=self.clock)

    def sent(self, log: Log, size: int, body: bytes) -> None:
        try:
            answer = self.witness.add_checkpoint(body)
        except WitnessClockBehindError:
            return
        if answer.status == HTTPStatus.OK:
            self.cosigned.append(log.leaves[:size])

    @invariant()
    def every_cosigned_tree_begins_with_the_one_before(self) -> None:
        for earlier, later in zip(self.cosigned, self.cosigned[1:], strict=False):
            assert later[: len(earlier)] == earlier

    @invariant()
    def it_holds_the_last_it_cosigned(self) -> None:
        with self.witness.store.reading() as record:
            held, latest = record.held(ORIGIN), record.last_stated()
        last = Log(self.cosigned[-1] if self.cosigned else [], KEYS, ORIGIN)
        assert (held.size, held.root) == (last.tree.size, last.tree.root())
        assert self.stated == [] or latest >= self.stated[-1]
        self.stated.append(latest)

    def teardown(self) -> None:
        """What was kept as proof is proof: two roots of one size, and one of them cosigned."""
        with self.witness.store.reading() as record:
            refused = record.refused()
        for row in refused:
            if row.reason == "same-size":
                assert (row.held.size, row.size) == (row.size, row.held.size)
                assert row.held.root != row.root


AnyLog.TestCase.settings = settings(max_examples=25, stateful_step_count=25)
TestAnyLog = AnyLog.TestCase
