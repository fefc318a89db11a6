"""Asking the witnesses that the policy of a log names; whatever they answer is kept."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus

from uitvoering.errors import TamperedError, UitvoeringError
from uitvoering.integrity.durable import shown
from uitvoering.integrity.log.ledger import Ledger
from uitvoering.integrity.log.past import Held
from uitvoering.integrity.log.publishing import policy_in, publish
from uitvoering.integrity.log.rows import Answer, LedgerRows, SignedCheckpoint
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of
from uitvoering.integrity.notes.keys import PublicKey
from uitvoering.integrity.notes.note import parsed
from uitvoering.integrity.notes.policy import Policy
from uitvoering.integrity.notes.policy_file import PolicyMalformedError
from uitvoering.integrity.tree.merkle import Nodes, consistency_proof, root
from uitvoering.integrity.witness.client import (
    Asked,
    WitnessAddressError,
    WitnessAheadError,
    WitnessClient,
    WitnessForkError,
    WitnessRefusedError,
    ask,
)

_AT_ONCE = 16
"""So many witnesses are looked at together: one that is away costs ten seconds."""
Keys = dict[tuple[str, bytes], PublicKey]
"""By the name and the id that stand in a signature line."""


def clients_of(policy: Policy | None) -> list[WitnessClient]:
    """One for each address in the policy: a body may have several keys. WitnessAddressError."""
    if policy is None:
        return []
    bodies: dict[str, list[tuple[str, PublicKey]]] = {}
    for witness in policy.witnesses:
        if witness.url:
            bodies.setdefault(witness.url, []).append((witness.name, witness.key))
    return [
        WitnessClient(" ".join(name for name, _ in held), url, [key for _, key in held])
        for url, held in bodies.items()
    ]


def ask_witnesses(
    ledger: Ledger, rows: LedgerRows, now: Callable[[], int], keys: Iterable[PublicKey] = ()
) -> list[Asked]:
    """Ask all over the newest checkpoint, keep what they say, publish what they signed.

    Where the log went on meanwhile and another process showed that to a witness, it is asked
    again. A fork, or a witness that has seen more than there is, is kept and then raised, also
    where it could not be kept: the WitnessForkError or WitnessAheadError of the first such
    witness. PolicyMalformedError, WitnessAddressError.

    A size that a witness names (409) is no fork by itself: what it shows must be signed by one of
    `keys`, or by a key of this log in the policy. A 422 always is one: the protocol gives it no
    body (c2sp.org/tlog-witness), so nothing tells it from the 422 of a gateway in between.
    """
    (clients, ours), found = _to_ask(ledger, rows, keys), list[Asked]()
    try:
        while clients:
            overtaken = _round(ledger, rows, clients, now, ours, found)
            clients = [client for client in clients if client.name in overtaken]
        _show_refusals(ledger, rows, found)
    finally:  # a full disk hides no fork
        for asked in found:
            if isinstance(asked.refusal, TamperedError):
                raise asked.refusal
    return sorted(found, key=lambda asked: asked.witness)


def _to_ask(
    ledger: Ledger, rows: LedgerRows, keys: Iterable[PublicKey]
) -> tuple[list[WitnessClient], Keys]:
    try:
        policy = policy_in(ledger)
        return clients_of(policy), _keys_of(policy, ledger.origin, keys)
    except (PolicyMalformedError, WitnessAddressError):
        _show_refusals(ledger, rows, [])  # nobody is asked, so what was refused before is past
        raise


def _show_refusals(ledger: Ledger, rows: LedgerRows, found: Iterable[Asked]) -> None:
    with rows.turn():
        shown(ledger.refusals_file, "".join(map(_line, found)).encode())


def _round(
    ledger: Ledger,
    rows: LedgerRows,
    clients: list[WitnessClient],
    now: Callable[[], int],
    ours: Keys,
    found: list[Asked],
) -> set[str]:
    """Who has seen a checkpoint after the newest; what the others say of that is added to `found`.

    Before it is kept: what cannot be written was answered all the same.
    """
    held, newest = rows.sizes_cosigned(), rows.newest()  # in this order: none held is newer
    if newest is None:
        return set()
    tree = ledger.tree(newest.checkpoint.size)

    def prove(old: int) -> list[bytes]:
        return consistency_proof(tree, old, newest.checkpoint.size)

    def old(witness: str) -> int:
        return held.get(witness, 0)

    answers = ask(clients, newest.signed, newest.checkpoint, prove, old)
    latest = rows.newest() or newest
    overtaken = {
        asked.witness
        for asked in answers
        if isinstance(asked.refusal, WitnessAheadError)
        and asked.refusal.seen <= latest.checkpoint.size
    }
    known = ledger.tree(latest.checkpoint.size)
    answers = [
        _upheld(asked, latest, known, ours) for asked in answers if asked.witness not in overtaken
    ]
    found += answers
    at = now()
    with rows.turn():
        for asked in answers:
            rows.add_answer(_kept(asked, newest, at))
    publish(ledger, rows, newest.number)
    return overtaken


def _upheld(asked: Asked, latest: SignedCheckpoint, tree: Nodes, ours: Keys) -> Asked:
    """Who names a size, and shows nothing of ours that this log does not extend, has refused."""
    match asked.refusal:
        case WitnessAheadError(seen=named, held=held):
            pass
        case WitnessForkError(status=HTTPStatus.CONFLICT, held=held):
            named = latest.checkpoint.size
        case _:
            return asked
    size = latest.checkpoint.size
    shown = None if held is None else _signed_by(held, ours)
    refusal: UitvoeringError = WitnessRefusedError(
        witness=asked.witness,
        status=HTTPStatus.CONFLICT.value,
        cause=f"it names {named} leaves and shows nothing that this log signed against it",
    )
    if shown is not None and shown.size > size:
        refusal = WitnessAheadError(holder=asked.witness, seen=shown.size, size=size, held=held)
    elif shown is not None and root(tree, shown.size) != shown.root:
        refusal = WitnessForkError(
            holder=asked.witness, size=shown.size, offered=latest.signed, held=held
        )
    return replace(asked, refusal=refusal)


def held_by_witnesses(
    ledger: Ledger, keys: Iterable[PublicKey], tell: Callable[[UitvoeringError], None]
) -> list[Held]:
    """What each shows as its newest; `tell` hears of those that cannot be asked.

    Of none where the policy cannot be read: PolicyMalformedError, WitnessAddressError.
    Only what a key of the log signed: a witness cannot make up a checkpoint to stop us.
    """
    policy = policy_in(ledger)
    ours = _keys_of(policy, ledger.origin, keys)

    def look(client: WitnessClient) -> Held | None:
        try:
            seen = client.view(ledger.origin)
        except UitvoeringError as error:
            tell(error)
            return None
        checkpoint = None if seen is None else _signed_by(seen, ours)
        return None if checkpoint is None else Held(client.name, checkpoint)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return [held for held in threads.map(look, clients_of(policy)) if held is not None]


def _keys_of(policy: Policy | None, origin: str, keys: Iterable[PublicKey]) -> Keys:
    """These, and those of this log in its policy."""
    named = () if policy is None else (log.key for log in policy.logs)
    known = (*keys, *(key for key in named if key.name == origin))
    return {(key.name, key.id): key for key in known}


def _signed_by(seen: bytes, keys: Keys) -> Checkpoint | None:
    note = parsed(seen)
    checkpoint = checkpoint_of(note.text)
    for given in note.signatures:
        key = keys.get((given.name, given.key_id))
        if key is not None and key.cosigned(checkpoint, given.value) is not None:
            return checkpoint
    return None


def _kept(asked: Asked, newest: SignedCheckpoint, at: int) -> Answer:
    refusal = asked.refusal
    held: bytes | None = getattr(refusal, "held", None)
    return Answer(
        witness=asked.witness,
        checkpoint=newest.number,
        lines=asked.lines,
        refused=_told(refusal),
        fork=isinstance(refusal, TamperedError),
        evidence="" if held is None else held.decode(errors="replace"),
        received_at=at,
    )


def _line(asked: Asked) -> str:
    """Of one that answers and does not cosign: an operator must act, or the quorum stays out."""
    refused = isinstance(asked.refusal, WitnessRefusedError | TamperedError)
    return f"{asked.witness}: {_told(asked.refusal)}\n" if refused else ""


def _told(refusal: UitvoeringError | None) -> str:
    """As it is kept: the code, and what the witness said beside it, on one line."""
    match refusal:
        case None:
            return ""
        case WitnessAheadError():
            return f"{refusal.code} {refusal.seen}"
        case WitnessRefusedError():
            said = f"{refusal.values['status']} {refusal.values['cause']}"
            return f"{refusal.code} {''.join(filter(str.isprintable, said))}".rstrip()
        case _:
            return refusal.code
