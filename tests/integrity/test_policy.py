"""A policy: every malformed line by its number, the quorum as naively counted, and who signed."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitvoering.integrity.notes.checkpoint import Checkpoint
from uitvoering.integrity.notes.keys import Kind, PrivateKey, new_key
from uitvoering.integrity.notes.note import (
    NoteMalformedError,
    SignatureWrongError,
    formatted,
    signature_line,
)
from uitvoering.integrity.notes.policy import (
    LogUnsignedError,
    QuorumMissingError,
    unwitnessed_policy,
)
from uitvoering.integrity.notes.policy_file import MOST_BYTES, PolicyMalformedError, policy_of
from uitvoering.integrity.notes.policy_lines import policy_lines

ORIGIN = "log.example/a"
LOG = new_key(ORIGIN, Kind.ED25519)
LOG_PQ = new_key(ORIGIN, Kind.MLDSA44)
NEXT_LOG = new_key(ORIGIN, Kind.ED25519)
OTHER_LOG = new_key("log.example/b", Kind.ED25519)
MINISTRY = new_key("ministry.example", Kind.COSIGNATURE)
OMBUDSMAN = new_key("ombudsman.example", Kind.COSIGNATURE)
OMBUDSMAN_PQ = new_key("ombudsman.example", Kind.MLDSA44)
AUDIT_OFFICE = new_key("rekenkamer.example", Kind.COSIGNATURE)
TREE = Checkpoint(ORIGIN, 5, bytes(range(32)))

BOTH = f"""\
# pinned by the auditor; never fetched from the log
log {LOG.public}
log {LOG_PQ.public} https://log.example/a

witness ministry {MINISTRY.public} https://ministry.example
\twitness ombudsman-ed25519 \t {OMBUDSMAN.public}\t
witness ombudsman-mldsa44 {OMBUDSMAN_PQ.public}
witness rekenkamer {AUDIT_OFFICE.public}
group ombudsman any ombudsman-ed25519 ombudsman-mldsa44
  # one body counts once
group outside any ombudsman rekenkamer
group both all ministry outside
quorum both
""".encode()
POLICY = policy_of(BOTH)


def signed(*keys: PrivateKey, at: int = 100, tree: Checkpoint = TREE) -> bytes:
    return formatted(tree.text, [key.cosignature_line(tree, at) for key in keys])


def test_a_policy_is_read_whole() -> None:
    assert POLICY.origins == {ORIGIN}
    assert [log.key for log in POLICY.logs] == [LOG.public, LOG_PQ.public]
    assert [log.url for log in POLICY.logs] == ["", "https://log.example/a"]
    assert [(w.name, w.url) for w in POLICY.witnesses] == [
        ("ministry", "https://ministry.example"),
        ("ombudsman-ed25519", ""),
        ("ombudsman-mldsa44", ""),
        ("rekenkamer", ""),
    ]
    assert not POLICY.unwitnessed


@pytest.mark.parametrize(
    ("cosigners", "holds"),
    [
        ((), False),
        ((MINISTRY,), False),
        ((OMBUDSMAN, AUDIT_OFFICE), False),
        ((OMBUDSMAN, OMBUDSMAN_PQ), False),
        ((MINISTRY, OMBUDSMAN), True),
        ((MINISTRY, OMBUDSMAN_PQ), True),
        ((MINISTRY, AUDIT_OFFICE), True),
        ((MINISTRY, OMBUDSMAN, OMBUDSMAN_PQ, AUDIT_OFFICE), True),
    ],
)
def test_the_quorum_is_what_the_policy_asks(
    cosigners: Sequence[PrivateKey], *, holds: bool
) -> None:
    judgement = POLICY.judge(signed(LOG, *cosigners))
    assert judgement.quorum is holds
    assert judgement.accepted is holds
    assert {row.witness.key for row in judgement.cosigned} == {k.public for k in cosigners}
    found = {row.witness for row in judgement.cosigned} | set(judgement.absent)
    assert found == set(POLICY.witnesses)


def test_without_the_log_itself_no_quorum_is_enough() -> None:
    judgement = POLICY.judge(signed(MINISTRY, OMBUDSMAN))
    assert (judgement.log_keys, judgement.quorum, judgement.accepted) == ((), True, False)
    with pytest.raises(LogUnsignedError, match=ORIGIN):
        POLICY.accept(signed(MINISTRY, OMBUDSMAN))
    with pytest.raises(LogUnsignedError):
        POLICY.accept(signed(new_key(ORIGIN, Kind.ED25519), MINISTRY, OMBUDSMAN))


def test_a_missing_quorum_names_who_has_not_cosigned() -> None:
    with pytest.raises(QuorumMissingError) as caught:
        POLICY.accept(signed(LOG, OMBUDSMAN))
    assert caught.value.values["cosigned"] == "ombudsman-ed25519"
    assert caught.value.values["absent"] == "ministry, ombudsman-mldsa44, rekenkamer"
    assert POLICY.accept(signed(LOG, MINISTRY, OMBUDSMAN)).checkpoint == TREE


def test_one_wrong_signature_of_a_known_key_rejects_the_checkpoint() -> None:
    good = signed(LOG, MINISTRY, OMBUDSMAN).decode()
    for key, length in ((LOG, 64), (MINISTRY, 72), (OMBUDSMAN_PQ, 2428), (LOG_PQ, 3)):
        wrong = good + signature_line(key.name, key.public.id, b"\1" * length)
        with pytest.raises(SignatureWrongError, match=key.name):
            POLICY.judge(wrong.encode())


def test_a_signature_for_another_tree_rejects_the_checkpoint() -> None:
    other = Checkpoint(ORIGIN, 6, bytes(32))
    note = formatted(TREE.text, [LOG.text_line(TREE.text), MINISTRY.cosignature_line(other, 100)])
    with pytest.raises(SignatureWrongError):
        POLICY.judge(note)


def test_unknown_keys_are_ignored_even_with_a_name_or_id_that_is_known() -> None:
    good = signed(LOG).decode()
    strangers = [
        signature_line(MINISTRY.name, OMBUDSMAN.public.id, bytes(72)),
        signature_line("ministry", MINISTRY.public.id, bytes(72)),
        new_key(MINISTRY.name, Kind.COSIGNATURE).cosignature_line(TREE, 100),
    ]
    judgement = POLICY.judge((good + "".join(strangers)).encode())
    assert judgement.log_keys == (LOG.public,)
    assert judgement.cosigned == ()


def test_the_log_cannot_pass_for_a_witness() -> None:
    lines = [LOG.text_line(TREE.text), LOG_PQ.cosignature_line(TREE, 100)]
    judgement = POLICY.judge(formatted(TREE.text, lines))
    assert judgement.log_keys == (LOG.public, LOG_PQ.public)
    assert (judgement.cosigned, judgement.quorum) == ((), False)


def test_while_keys_are_replaced_any_of_them_is_enough() -> None:
    policy = policy_of(f"log {LOG.public}\nlog {NEXT_LOG.public}\nquorum none\n".encode())
    for keys in ((LOG,), (NEXT_LOG,), (LOG, NEXT_LOG)):
        assert policy.judge(signed(*keys)).log_keys == tuple(key.public for key in keys)
    older = policy_of(f"log {LOG.public}\nquorum none\n".encode())
    assert older.judge(signed(LOG, NEXT_LOG)).accepted, "old verifiers go on"
    assert not older.judge(signed(NEXT_LOG)).accepted


def test_a_policy_for_several_logs_takes_each_by_its_own_keys() -> None:
    policy = policy_of(f"log {LOG.public}\nlog {OTHER_LOG.public}\nquorum none\n".encode())
    assert policy.origins == {ORIGIN, "log.example/b"}
    other = Checkpoint("log.example/b", 5, bytes(32))
    assert policy.judge(signed(OTHER_LOG, tree=other)).accepted
    crossed = policy.judge(signed(OTHER_LOG))
    assert crossed.log_keys == (), "the key of another log says nothing about this one"
    assert not policy.judge(signed(LOG, tree=other)).accepted


def test_a_quorum_of_none_takes_the_word_of_the_log_and_says_so() -> None:
    for policy in (
        policy_of(f"log {LOG.public}\nquorum none\n".encode()),
        unwitnessed_policy([LOG.public]),
    ):
        judgement = policy.judge(signed(LOG))
        assert (judgement.accepted, judgement.reached_at, policy.unwitnessed) == (True, None, True)


def test_a_policy_may_leave_the_logs_to_who_uses_it() -> None:
    policy = policy_of(f"witness w {MINISTRY.public}\nquorum w\n".encode())
    judgement = policy.judge(signed(LOG, MINISTRY))
    assert (judgement.quorum, judgement.accepted) == (True, False)


def test_the_quorum_was_reached_when_its_last_member_signed() -> None:
    lines = [
        LOG.text_line(TREE.text),
        MINISTRY.cosignature_line(TREE, 100),
        AUDIT_OFFICE.cosignature_line(TREE, 300),
        OMBUDSMAN.cosignature_line(TREE, 200),
    ]
    judgement = POLICY.judge(formatted(TREE.text, lines))
    assert judgement.reached_at == 200
    assert [row.time for row in judgement.cosigned] == [100, 200, 300], "in the policy's order"
    assert POLICY.judge(signed(LOG, MINISTRY)).reached_at is None


@pytest.mark.parametrize("key", [OMBUDSMAN, OMBUDSMAN_PQ])
def test_a_cosignature_that_states_no_time_is_none(key: PrivateKey) -> None:
    """A witness never makes one: it says that this is a tree, not that it was the newest."""
    lines = [
        LOG_PQ.cosignature_line(TREE, 0),  # the log itself need not state when it signed
        MINISTRY.cosignature_line(TREE, 100),
        key.cosignature_line(TREE, 0),
    ]
    judgement = POLICY.judge(formatted(TREE.text, lines))
    assert judgement.log_keys == (LOG_PQ.public,)
    assert [row.witness.name for row in judgement.cosigned] == ["ministry"]
    assert key.public in {witness.key for witness in judgement.absent}
    assert (judgement.quorum, judgement.reached_at) == (False, None)
    later = formatted(TREE.text, [*lines, key.cosignature_line(TREE, 200)])
    assert POLICY.judge(later).reached_at == 200


def test_of_two_cosignatures_of_one_witness_the_later_counts() -> None:
    lines = [MINISTRY.cosignature_line(TREE, at) for at in (300, 100, 200)]
    judgement = POLICY.judge(formatted(TREE.text, [LOG.text_line(TREE.text), *lines]))
    assert [row.time for row in judgement.cosigned] == [300]
    assert judgement.cosigned[0].signature.line == lines[0]


def test_what_is_no_checkpoint_is_not_judged() -> None:
    text = "uitvoering-promise/v1\nlog\nx\n"
    for note in (b"", formatted(text, [LOG.text_line(text)])):
        with pytest.raises(NoteMalformedError):
            POLICY.judge(note)


W = f"witness w {MINISTRY.public}"
V = f"witness v {OMBUDSMAN.public}"
TEXT_KEY = new_key("w.example", Kind.ED25519)
MALFORMED = {
    "nothing": ("", 1, "the file is empty"),
    "empty lines": ("\r\n\n", 1, "the file is empty"),
    "no quorum": (f"{W}\n", 1, "without a quorum"),
    "two quorums": (f"{W}\nquorum w\nquorum none\n", 3, "a line above"),
    "the same quorum twice": ("quorum none\nquorum none\n", 2, "a line above"),
    "a quorum of two names": (f"{W}\n{V}\nquorum w v\n", 3, "too few words or too many"),
    "a quorum of nobody": ("quorum\n", 1, "too few words or too many"),
    "an unknown quorum": (f"{W}\nquorum v\n", 2, "no line above defines v"),
    "a quorum above its witness": (f"quorum w\n{W}\n", 1, "no line above defines w"),
    "names in another case": (f"{W}\nquorum W\n", 2, "no line above defines W"),
    "an unknown word": (f"{W}\nrequire w\n", 2, "begins with none of"),
    "a word in capitals": ("Quorum none\n", 1, "begins with none of"),
    "a byte order mark within": ("\n\ufeffquorum none\n", 2, "begins with none of"),
    "a log without a key": ("log\nquorum none\n", 1, "too few words or too many"),
    "a log with two addresses": (f"log {LOG.public} a b\n", 1, "too few words or too many"),
    "a log with no key": ("log log.example\n", 1, "name+id+key"),
    "a log with a private key": (f"log {LOG.encoded()}\n", 1, "private half"),
    "a log with the key of a witness": (f"log {MINISTRY.public}\n", 1, "0x04"),
    "a log twice": (f"log {LOG.public}\nlog {LOG.public} x\n", 2, "same key"),
    "a witness without a key": ("witness w\n", 1, "too few words or too many"),
    "a witness without a name": (f"witness {MINISTRY.public}\n", 1, "too few words or too many"),
    "a witness with two addresses": (f"{W} a b\n", 1, "too few words or too many"),
    "a witness that signs texts": (f"witness w {TEXT_KEY.public}\n", 1, "0x01"),
    "a witness called none": (f"witness none {MINISTRY.public}\n", 1, "none is the name"),
    "a key with another id": (
        f"witness w {str(MINISTRY.public).replace(MINISTRY.public.id.hex(), '00000000')}\n",
        1,
        "its id does not belong to it",
    ),
    "a key cut off": (f"{W[:-4]}\n", 1, "the key is no key"),
    "a name twice": (f"{W}\nwitness w {OMBUDSMAN.public}\n", 2, "the name w stands on"),
    "a group called as a witness": (f"{W}\n{V}\ngroup w any v\n", 3, "the name w stands on"),
    "a witness called as a group": (
        f"{W}\ngroup v any w\n{V}\n",
        3,
        "the name v stands on",
    ),
    "a group called none": (f"{W}\ngroup none any w\n", 2, "none is the name"),
    "one key under two names": (f"{W}\nwitness x {MINISTRY.public}\n", 2, "same key"),
    "one key under two key names": (
        f"{W}\nwitness x {PrivateKey('x', Kind.COSIGNATURE, MINISTRY.seed).public}\n",
        2,
        "same key",
    ),
    "a log that is its own witness": (
        f"log {PrivateKey(ORIGIN, Kind.ED25519, MINISTRY.seed).public}\n{W}\n",
        2,
        "same key",
    ),
    "a group of nobody": (f"{W}\ngroup g any\n", 2, "too few words or too many"),
    "a group without a number": (f"{W}\ngroup g w\n", 2, "too few words or too many"),
    "a group of some": (f"{W}\n{V}\ngroup g some w v\n", 3, "any, all or a number"),
    "a group of zero": (f"{W}\ngroup g 0 w\n", 2, "any, all or a number"),
    "a group of less": (f"{W}\ngroup g -1 w\n", 2, "any, all or a number"),
    "a group with a leading zero": (f"{W}\ngroup g 01 w\n", 2, "any, all or a number"),
    "a group with a sign": (f"{W}\ngroup g +1 w\n", 2, "any, all or a number"),
    "a group of more than it has": (f"{W}\n{V}\ngroup g 3 w v\n", 3, "more than its 2 members"),
    "a group of more than can be read": (f"{W}\ngroup g {'9' * 5000} w\n", 2, "any, all"),
    "a member that is unknown": (f"{W}\ngroup g any w v\n", 2, "no line above defines v"),
    "a member that stands below": (f"group g any w\n{W}\n", 1, "no line above defines w"),
    "a group in itself": (f"{W}\ngroup g any g w\n", 2, "no line above defines g"),
    "none as a member": (f"{W}\ngroup g any w none\n", 2, "no line above defines none"),
    "a member twice": (f"{W}\ngroup g any w w\n", 2, "w is a member already"),
    "a member of two groups": (f"{W}\n{V}\ngroup g any w\ngroup h any v w\n", 4, "already"),
    "a remark behind a line": (f"{W}\nquorum w # ours\n", 2, "too few words or too many"),
    "a carriage return": (f"{W}\rquorum w\r\n", 1, "control character"),
    "a nul": ("# \0\nquorum none\n", 1, "control character"),
    "a form feed": ("quorum\fnone\n", 1, "control character"),
    "a delete": ("# \x7f\nquorum none\n", 1, "control character"),
    "a space of another kind": ("quorum\u00a0none\n", 1, "begins with none of"),
    "no newline at the end": (f"{W}\nquorum w", 2, "ends within a line"),
    "half a line": (f"{W}\nquorum w\nwitn", 3, "ends within a line"),
    "too large": ("#" * MOST_BYTES + "\nquorum none\n", 1, "bytes"),
}


@pytest.mark.parametrize(("text", "line", "cause"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_line_is_refused_by_its_number(text: str, line: int, cause: str) -> None:
    with pytest.raises(PolicyMalformedError) as caught:
        policy_of(text.encode())
    assert caught.value.values["line"] == str(line)
    assert cause in caught.value.values["cause"]


def test_a_policy_is_read_as_an_editor_leaves_it() -> None:
    plain = f"{W}\nquorum w\n"
    windows = plain.replace("\n", "\r\n")
    quoted = "".join(f"> {line}\r\n" for line in plain.splitlines())
    for as_left in (
        windows.encode("utf-8-sig"),
        *(f"\ufeff{windows}".encode(coded) for coded in ("utf-16-le", "utf-16-be")),
        quoted.encode(),
    ):
        assert policy_of(as_left) == policy_of(plain.encode())


def test_a_private_key_in_a_policy_is_not_shown() -> None:
    secret = LOG.encoded().split("+", 4)[4]
    for before in ("log ", "witness w ", ""):
        with pytest.raises(PolicyMalformedError) as caught:
            policy_of(f"{before}{LOG.encoded()}\n".encode())
        assert secret not in str(caught.value)


def test_names_are_octets() -> None:
    """K and the Kelvin sign are two names (tlog-policy), and so is what is no UTF-8."""
    lines = [
        f"witness K {MINISTRY.public}".encode(),
        f"witness \u212a {OMBUDSMAN.public}".encode(),
        b"witness \xff " + str(AUDIT_OFFICE.public).encode(),
        b"group \xfe all \xff K",
        b"quorum \xfe",
    ]
    policy = policy_of(b"\n".join(lines) + b"\n")
    assert [w.name for w in policy.witnesses] == ["K", "\u212a", "\\xff"]
    assert policy.judge(signed(LOG, MINISTRY, AUDIT_OFFICE)).quorum
    assert not policy.judge(signed(LOG, OMBUDSMAN, AUDIT_OFFICE)).quorum


def test_words_of_the_file_may_be_names() -> None:
    text = f"witness any {MINISTRY.public}\ngroup all any any\ngroup 1 1 all\nquorum 1\n"
    assert policy_of(text.encode()).judge(signed(LOG, MINISTRY)).quorum


def test_forty_logs_witnesses_and_groups_are_no_problem() -> None:
    logs = [new_key(f"log.example/{n}", Kind.MLDSA44) for n in range(40)]
    cosigners = [new_key(f"w{n}.example", Kind.MLDSA44) for n in range(40)]
    lines = [f"log {key.public}" for key in logs]
    lines += [f"witness w{n} {key.public}" for n, key in enumerate(cosigners)]
    # Each group holds the one before: what is deep is as good as what is wide.
    lines += ["group g0 all w0"] + [f"group g{n} all g{n - 1} w{n}" for n in range(1, 40)]
    policy = policy_of(("\n".join([*lines, "quorum g39"]) + "\n").encode())
    tree = Checkpoint(logs[7].name, 1, bytes(32))
    judgement = policy.judge(signed(logs[7], *cosigners, tree=tree))
    assert judgement.accepted
    assert not policy.judge(signed(logs[7], *cosigners[1:], tree=tree)).quorum


Rule = Callable[[set[str]], bool]


@st.composite
def trees_of_groups(draw: st.DrawFn) -> tuple[bytes, list[str], Rule]:
    """A policy of groups within groups, and the same rule as plain functions."""
    keys = [PrivateKey(f"w{n}", Kind.COSIGNATURE, bytes([n + 1]) * 32) for n in range(8)]
    known = [f"w{n}" for n in range(draw(st.integers(1, 8)))]
    lines = [f"witness {name} {key.public}" for name, key in zip(known, keys, strict=False)]
    rules: dict[str, Rule] = {name: _cosigned_by(name) for name in known}
    free = list(known)
    for number in range(draw(st.integers(0, 5))):
        if not free:
            break
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
        free = [name for name in free if name not in members]
        word = draw(st.sampled_from(["any", "all", "k"]))
        least = {"any": 1, "all": len(members)}.get(word) or draw(st.integers(1, len(members)))
        name = f"g{number}"
        lines.append(" ".join(["group", name, str(least) if word == "k" else word, *members]))
        rules[name] = _least_of(least, [rules[member] for member in members])
        free.append(name)
    quorum = draw(st.sampled_from([*rules, "none"]))
    rules["none"] = _cosigned_by(None)
    return "\n".join([*lines, f"quorum {quorum}", ""]).encode(), known, rules[quorum]


def _cosigned_by(name: str | None) -> Rule:
    return lambda cosigned: name is None or name in cosigned


def _least_of(least: int, members: list[Rule]) -> Rule:
    return lambda cosigned: sum(member(cosigned) for member in members) >= least


@given(trees_of_groups(), st.sets(st.sampled_from([f"w{n}" for n in range(8)])))
def test_a_quorum_holds_exactly_when_a_plain_count_says_so(
    drawn: tuple[bytes, list[str], Rule], cosigned: set[str]
) -> None:
    text, known, rule = drawn
    cosigned &= set(known)
    assert policy_of(text).holds(name.encode() for name in cosigned) is rule(cosigned)


@given(trees_of_groups(), st.sets(st.sampled_from([f"w{n}" for n in range(8)])), st.data())
def test_one_more_cosignature_never_undoes_a_quorum(
    drawn: tuple[bytes, list[str], Rule], cosigned: set[str], data: st.DataObject
) -> None:
    text, known, _ = drawn
    policy = policy_of(text)
    before = {name.encode() for name in cosigned & set(known)}
    after = before | {data.draw(st.sampled_from(known)).encode()}
    assert policy.holds(before) <= policy.holds(after)


@given(st.binary(max_size=200))
def test_any_octets_are_a_policy_or_refused(data: bytes) -> None:
    try:
        policy_of(data)
    except PolicyMalformedError:
        pass
    else:
        assert b"quorum" in data


@given(st.integers(0, len(BOTH) - 1))
def test_a_policy_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(PolicyMalformedError):
        policy_of(BOTH[:length])


@pytest.mark.parametrize("url", ["", "https://witness.example"])
def test_lines_for_a_policy_name_every_key_and_count_a_body_once(url: str) -> None:
    log, body = new_key("log.example", Kind.ED25519).public, "ombudsman.example"
    pair = [new_key(body, kind).public for kind in (Kind.COSIGNATURE, Kind.MLDSA44)]
    lines = policy_lines([log], pair, url)
    policy = policy_of("\n".join([*lines, f"quorum {body}", ""]).encode())
    assert [row.key for row in policy.logs] == [log]
    assert [(row.key, row.url) for row in policy.witnesses] == [(key, url) for key in pair]
    assert [row.name for row in policy.witnesses] == [f"{body}-ed25519", f"{body}-mldsa44"]
    assert all(policy.holds([row.name.encode()]) for row in policy.witnesses)
