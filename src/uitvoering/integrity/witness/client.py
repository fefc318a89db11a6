"""Asking witnesses to cosign: what each of them answers within a deadline, never in the way."""

import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPException
from queue import SimpleQueue
from threading import Thread
from time import monotonic

from uitvoering.errors import BusyError, InvalidError, RefusedError, TamperedError, UitvoeringError
from uitvoering.integrity.direct_http import Response, exchanged
from uitvoering.integrity.log.errors import LogForkedError, LogRolledBackError
from uitvoering.integrity.notes.checkpoint import Checkpoint, checkpoint_of, size_of
from uitvoering.integrity.notes.keys import Kind, PublicKey
from uitvoering.integrity.notes.note import NoteMalformedError, parsed, signature
from uitvoering.integrity.notes.policy_lines import is_address
from uitvoering.integrity.witness.request import body_of

SECONDS = 10.0
_MOST_BYTES = 256 * 1024
"""Of an answer: a checkpoint and some signatures."""
_HEADERS = {"Content-Type": "text/plain; charset=utf-8"}
_TREE_SIZE = "text/x.tlog.size"

Prove = Callable[[int], list[bytes]]
"""The consistency proof from an old size to the size of the checkpoint."""


class WitnessAddressError(InvalidError):
    code = "witness-address"
    message = "{url} is no address of a witness; give one that begins with https:// or http://"


class WitnessUnreachableError(BusyError):
    code = "witness-unreachable"
    message = "witness {witness} gave no answer: {cause}; it is asked again, filing goes on"


class WitnessRefusedError(RefusedError):
    code = "witness-refused"
    message = "witness {witness} did not cosign ({status}): {cause}; ask the body that runs it"


class WitnessForkError(LogForkedError):
    """With both checkpoints, to be kept: what we offered, and what the witness holds."""

    def __init__(
        self,
        *,
        holder: str,
        size: int,
        offered: bytes,
        held: bytes | None,
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> None:
        """`status` is what the witness answered: 422, or 409 as v1.0.0 has it."""
        super().__init__(holder=holder, size=size)
        self.offered, self.held, self.status = offered, held, status


class WitnessAheadError(LogRolledBackError):
    """The witness cosigned a larger tree than this; `held` is its checkpoint, where it told it."""

    def __init__(self, *, holder: str, seen: int, size: int, held: bytes | None) -> None:
        super().__init__(holder=holder, seen=seen, size=size)
        self.seen, self.held = seen, held


_REFUSALS = (WitnessUnreachableError, WitnessRefusedError, WitnessForkError, WitnessAheadError)


@dataclass(frozen=True)
class Asked:
    """What one witness came to: cosignature lines, or why there are none."""

    witness: str
    lines: tuple[str, ...] = ()
    refusal: UitvoeringError | None = None

    @property
    def fork(self) -> bool:
        """It holds what this log does not extend: nothing may be signed any more."""
        return isinstance(self.refusal, TamperedError)


class WitnessClient:
    """One witness: a body with one address, and every key it signs with."""

    def __init__(
        self, name: str, url: str, keys: Sequence[PublicKey], timeout: float = SECONDS
    ) -> None:
        """`timeout` in seconds is for a whole call. WitnessAddressError."""
        if not is_address(url):
            raise WitnessAddressError(url=url)
        self.name, self._url, self._timeout = name, url.rstrip("/"), timeout
        self._keys = {(key.name, key.id): key for key in keys if key.kind is not Kind.ED25519}

    def add(self, note: bytes, checkpoint: Checkpoint, prove: Prove, old: int) -> list[str]:
        """The lines, each with its newline, of the cosignatures that hold.

        `old` is the size it is thought to hold. When it holds another, it is asked again with a
        proof from there, and once more when others showed it more meanwhile.
        WitnessUnreachableError, WitnessRefusedError, WitnessForkError, WitnessAheadError.
        """
        until = monotonic() + self._timeout
        if old > checkpoint.size:
            # Nothing can be proved: the witness is shown the shorter tree, and answers 400.
            answer = self._exchanged("/add-checkpoint", body_of(old, [], note), until)
            raise self._refused(answer)
        answer, told, tried = self._offered(note, prove, old, until), old, {old}
        while answer.status == HTTPStatus.CONFLICT:
            told = self._told_size(answer)
            if told > checkpoint.size:
                raise WitnessAheadError(
                    holder=self.name,
                    seen=told,
                    size=checkpoint.size,
                    held=self._seen(checkpoint.origin, until),
                )
            if told in tried:
                break
            tried.add(old := told)
            answer = self._offered(note, prove, old, until)
        unmoved = answer.status == HTTPStatus.CONFLICT and told == old
        same_size = unmoved and old == checkpoint.size
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY or same_size:  # 409 as v1.0.0 has it
            held = self._seen(checkpoint.origin, until)
            raise WitnessForkError(
                holder=self.name, size=old, offered=note, held=held, status=answer.status
            )
        if answer.status != HTTPStatus.OK:
            raise self._refused(answer)
        return self._cosignatures(checkpoint, answer)

    def view(self, origin: str) -> bytes | None:
        """The newest checkpoint it cosigned of this log, as it shows it; None when it has none.

        Checked: it is of this log and a key of this witness cosigned it.
        """
        return self._view(origin, monotonic() + self._timeout)

    def _offered(self, note: bytes, prove: Prove, old: int, until: float) -> Response:
        body = body_of(old, prove(old), note)
        return self._exchanged("/add-checkpoint", body, until)

    def _view(self, origin: str, until: float) -> bytes | None:
        digest = sha256(origin.encode()).hexdigest()
        answer = self._exchanged(f"/{digest}/checkpoint", None, until)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        if answer.status != HTTPStatus.OK:
            raise self._refused(answer)
        try:
            note = parsed(answer.body)
            checkpoint = checkpoint_of(note.text)
        except NoteMalformedError as error:
            raise self._senseless(answer, error.values["cause"]) from error
        if checkpoint.origin != origin:
            raise self._senseless(answer, f"it shows a checkpoint of {checkpoint.origin}")
        held = [(s.name, s.key_id) in self._keys for s in note.signatures]
        lines = answer.body.decode().rpartition("\n\n")[2].splitlines(keepends=True)
        self._held(
            checkpoint, [line for line, known in zip(lines, held, strict=True) if known], answer
        )
        return answer.body

    def _seen(self, origin: str, until: float) -> bytes | None:
        """Beside what is told already: that it cannot be had says nothing."""
        try:
            return self._view(origin, until)
        except UitvoeringError:
            return None

    def _cosignatures(self, checkpoint: Checkpoint, answer: Response) -> list[str]:
        try:
            lines = answer.body.decode().splitlines(keepends=True)
        except UnicodeDecodeError as error:
            raise self._senseless(answer, "it is not UTF-8") from error
        return self._held(checkpoint, lines, answer)

    def _held(self, checkpoint: Checkpoint, lines: list[str], answer: Response) -> list[str]:
        """Those of keys we know; all of them are refused when one does not hold."""
        found: list[str] = []
        for line in lines:
            try:
                given = signature(line.removesuffix("\n"))
            except NoteMalformedError as error:
                raise self._senseless(answer, error.values["cause"]) from error
            key = self._keys.get((given.name, given.key_id))
            if key is None:
                continue
            if not key.cosigned(checkpoint, given.value):  # nor one that states no time
                raise self._senseless(answer, f"the signature of {given.name} does not hold")
            found.append(line.removesuffix("\n") + "\n")
        if not found:
            raise self._senseless(answer, "no key of it that we know has signed")
        return found

    def _told_size(self, answer: Response) -> int:
        size = size_of(answer.body.decode("ascii", "replace").removesuffix("\n"))
        if answer.content_type != _TREE_SIZE or size is None:
            raise self._senseless(answer, "it does not tell the size it holds")
        return size

    def _refused(self, answer: Response) -> UitvoeringError:
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in {
            HTTPStatus.REQUEST_TIMEOUT,
            HTTPStatus.TOO_MANY_REQUESTS,
        }:
            return WitnessUnreachableError(witness=self.name, cause=f"status {answer.status}")
        told = answer.body.decode(errors="replace").partition("\n")[0][:200]
        return self._senseless(answer, told)

    def _senseless(self, answer: Response, cause: object) -> UitvoeringError:
        return WitnessRefusedError(witness=self.name, status=answer.status, cause=cause)

    def _exchanged(self, path: str, body: bytes | None, until: float) -> Response:
        # The address is one of http or https, and the method POST where there is a body.
        headers = {} if body is None else _HEADERS
        request = urllib.request.Request(self._url + path, body, headers)  # noqa: S310 as said
        try:
            answer = exchanged(request, until, _MOST_BYTES)
        except (OSError, HTTPException, ValueError) as error:
            cause = getattr(error, "reason", None) or error
            slow = isinstance(cause, TimeoutError)
            told = f"none within {self._timeout:g} seconds" if slow else str(cause)
            raise WitnessUnreachableError(witness=self.name, cause=told) from error
        if len(answer.body) > _MOST_BYTES:
            told = f"an answer of over {_MOST_BYTES} bytes"
            raise WitnessUnreachableError(witness=self.name, cause=told)
        return answer


def ask(
    clients: Iterable[WitnessClient],
    note: bytes,
    checkpoint: Checkpoint,
    prove: Prove,
    old: Callable[[str], int],
) -> list[Asked]:
    """Every witness at the same time; `old` gives, by name, the size it last cosigned here.

    No refusal is raised: each stands with its witness. `prove` is called from several threads;
    what it raises is raised here.
    """
    queue: SimpleQueue[Asked | BaseException] = SimpleQueue()

    def one(client: WitnessClient) -> None:
        try:
            lines = client.add(note, checkpoint, prove, old(client.name))
            queue.put(Asked(client.name, tuple(lines)))
        except _REFUSALS as error:
            queue.put(Asked(client.name, refusal=error))
        except BaseException as error:  # noqa: BLE001 raised again by who waits
            queue.put(error)

    threads = [Thread(target=one, args=(client,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    answers: list[Asked] = []
    for _ in threads:
        found = queue.get()
        if isinstance(found, BaseException):
            raise found
        answers.append(found)
    return sorted(answers, key=lambda asked: asked.witness)
