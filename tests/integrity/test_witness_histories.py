"""Whatever a log does, with its true keys and any proof: a witness never cosigns two histories."""

import tempfile
from http import HTTPStatus
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from tests.integrity.watched import Clock, Log, witness_in, witness_keys
from uitvoering.integrity.notes.keys import Kind, new_key
from uitvoering.integrity.tree.merkle import roots_of_consistency
from uitvoering.integrity.witness.request import body_of, request_of
from uitvoering.integrity.witness.witness import WitnessClockBehindError

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

    @rule(
        target=histories,
        log=histories,
        changed=st.none() | st.integers(1, 12),
        grown=st.integers(0, 5),
        old=st.none() | st.integers(0, LONGEST),
    )
    def offer(self, log: Log, changed: int | None, grown: int, old: int | None) -> Log:
        """Carry on any history, as it was or rewritten so many leaves back.

        With a true proof of it, from what the witness holds or from anything else.
        """
        if changed is not None and log.leaves:
            log = log.rewritten(max(0, log.tree.size - changed), b"milder")
        log = log.grown(min(LONGEST, log.tree.size + grown))
        old = self.held if old is None else old
        proof = log.proof(old) if old <= log.tree.size else []
        self.sent(log, body_of(old, proof, log.note()))
        return log

    @rule(log=histories, other=histories)
    def offer_with_the_proof_of_another(self, log: Log, other: Log) -> None:
        proof = other.proof(min(self.held, other.tree.size))
        self.sent(log, body_of(self.held, proof, log.note()))

    @rule(log=histories, cut=st.integers(1, 12))
    def offer_without_the_tail(self, log: Log, cut: int) -> None:
        shorter = Log(log.leaves[:-cut], KEYS, ORIGIN)
        self.sent(shorter, shorter.request(min(self.held, shorter.tree.size)))

    @rule(seconds=st.integers(-90, 4000))
    def restart(self, seconds: int) -> None:
        """Some time later, or with a clock that was set back."""
        self.clock.now += seconds
        self.witness = witness_in(self.folder, keys=WITNESS, clock=self.clock)

    @property
    def held(self) -> int:
        return len(self.cosigned[-1]) if self.cosigned else 0

    def sent(self, log: Log, body: bytes) -> None:
        try:
            answer = self.witness.add_checkpoint(body)
        except WitnessClockBehindError:
            return
        if answer.status == HTTPStatus.OK:
            self.cosigned.append(log.leaves)

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
            if row.reason == "other-past":
                proof = request_of(row.request).proof
                roots = roots_of_consistency(row.held.size, row.size, row.held.root, proof)
                assert roots is not None
                assert (roots[0] != row.held.root, roots[1]) == (True, row.root)


AnyLog.TestCase.settings = settings(max_examples=25, stateful_step_count=14)
TestAnyLog = AnyLog.TestCase
