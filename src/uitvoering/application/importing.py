"""Bulk filing: one command a line, once by its id; bad lines are told, the good land or none."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import ValidationError

from uitvoering.application.caller import Caller, Outcome, Receipt
from uitvoering.application.identity import derived_id
from uitvoering.application.kinds import COMMANDS, KINDS, own_stream
from uitvoering.application.receipts import promised_now
from uitvoering.application.rehearsal import Rehearsal
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.command import Command
from uitvoering.commands.json_text import KeyRepeatedError, read_json
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Code, Level, Name, Role, Value
from uitvoering.errors import (
    BusyError,
    CommandUnknownError,
    ImportIdReusedError,
    InputInvalidError,
    TooLargeError,
    UitvoeringError,
)
from uitvoering.persistence.store import ConflictError

_OURS = frozenset({"id", "command", "subject", "organisation", "level", "roles", "pseudonym"})
_UNNAMED = "-"
_WITNESS = (Role.REPORTER, Role.LINE)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class _Acting(Value):
    """Who acts, as a line may say it."""

    organisation: Code
    level: Level
    roles: frozenset[Role]
    pseudonym: Name


@dataclass(frozen=True)
class LineFault:
    """One field that is not right; `kind` and `context` as pydantic names them, for the labels."""

    name: str
    kind: str
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])


class LineInvalidError(InputInvalidError):
    """A line that does not have the right form; every fault at once."""

    def __init__(self, *faults: LineFault) -> None:
        self.faults: Sequence[LineFault] = faults
        super().__init__(count=len(faults), names=[fault.name for fault in faults])


class LineOutcome(Value):
    """What became of one line; `code` and `detail` are null when it landed."""

    line: int
    id: str | None
    subject: str | None
    recorded: int
    """Events recorded; 0 for a line that landed before."""
    receipts: tuple[Receipt, ...] = ()
    """One for each of these events, where the store has a log; given once."""


@dataclass(frozen=True)
class Refusal:
    """A line that did not land, and why."""

    line: int
    id: str | None
    error: UitvoeringError


@dataclass(frozen=True)
class ImportLine:
    """One line, read: the command, who acts, and on which stream."""

    id: str
    command: Command
    caller: Caller
    subject: str
    begun_by: str | None = None
    """The line the subject was named by, where it is not a UUID."""


def read_line(text: str, default: Caller | None, limit: int) -> ImportLine:
    """Refuses with every invalid field at once."""
    if len(text.encode(errors="surrogatepass")) > limit:
        raise TooLargeError(limit=limit)
    try:
        read: object = read_json(text)
    except KeyRepeatedError as error:
        key = error.key if _legible(error.key) else "-"
        raise LineInvalidError(LineFault(key, "repeated")) from error
    except (ValueError, RecursionError) as error:
        raise LineInvalidError(LineFault("-", "json_invalid")) from error
    if not isinstance(read, dict):
        raise LineInvalidError(LineFault("-", "dict_type"))
    raw = cast(dict[str, Any], read)
    if not isinstance(raw.get("id"), str) or not _legible(raw["id"]):
        raise LineInvalidError(LineFault("id", "string_unicode" if raw.get("id") else "missing"))
    name = raw.get("command")
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        asked = name if isinstance(name, str) and _legible(name) else "-"
        raise CommandUnknownError(command=asked, known=tuple(sorted(COMMANDS)))
    # A register row has an organisation of its own; who files it is then said by the settings.
    ours = _OURS - kind.model_fields.keys()
    fields = {key: value for key, value in raw.items() if key not in ours}
    try:
        command = kind.model_validate(fields)
        caller = _caller({key: raw[key] for key in ours & raw.keys()}, default)
    except ValidationError as error:
        raise invalid_input(error) from error
    return ImportLine(
        raw["id"], command, caller, _subject(raw, command, caller), _begun_by(raw, command)
    )


def land(app: Uitvoering, line: ImportLine) -> Outcome:
    """Record one line; one that landed before records nothing, another under its id is refused."""
    line = _led_to_its_stream(app, line)
    first = derived_id("import", "event", line.id)
    earlier = app.store.event(first)
    if earlier is not None:
        return _landed_before(app, line, earlier[1])
    return app.handle(line.command, line.caller, subject=line.subject, first_event=first)


def land_all(
    app: Uitvoering, texts: Iterable[str], default: Caller | None, limit: int
) -> Iterator[LineOutcome | Refusal]:
    """Line by line, each in its own transaction: the good ones land."""
    for n, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        identifier: str | None = None
        try:
            line = read_line(text, default, limit)
            identifier = line.id
            outcome = land(app, line)
        except UitvoeringError as error:
            yield Refusal(n, identifier or _id_of(text, limit), error)
        else:
            yield LineOutcome(
                line=n,
                id=line.id,
                subject=outcome.id,
                recorded=len(outcome.events),
                receipts=outcome.receipts,
            )


def land_none_or_all(
    app: Uitvoering, texts: Iterable[str], default: Caller | None, limit: int
) -> Iterator[LineOutcome | Refusal]:
    """Rehearse every line; record all of them in one transaction, or none when one is refused.

    Everything rehearsed is held in memory until the end.
    """
    stage = rehearsed(app)
    found = list(land_all(stage, texts, default, limit))
    if not any(isinstance(row, Refusal) for row in found):
        try:
            stage.store.perform()
        except ConflictError as error:
            raise BusyError(cause="someone else filed in the same place meanwhile") from error
        # What was decided while rehearsing is recorded only now, and so is it promised.
        yield from (
            row.model_copy(update={"receipts": promised_now(app, row.receipts)})
            for row in found
            if isinstance(row, LineOutcome)
        )
        return
    yield from (row for row in found if isinstance(row, Refusal))


@dataclass(frozen=True)
class Rehearsed(Uitvoering):
    """The application on a store of which nothing is kept until it is performed."""

    store: Rehearsal


def rehearsed(app: Uitvoering) -> Rehearsed:
    return Rehearsed(store=Rehearsal(app.store), clock=app.clock, promises=app.promises)


def invalid_input(error: ValidationError) -> LineInvalidError:
    """What pydantic found; without what was given, which may be about a person."""
    return LineInvalidError(
        *(
            LineFault(
                ".".join(map(str, row["loc"])) or "-",
                row["type"],
                {key: str(value) for key, value in row.get("ctx", {}).items()},
            )
            for row in error.errors(include_url=False, include_input=False)
        )
    )


def _landed_before(app: Uitvoering, line: ImportLine, landed: AnyRecorded) -> Outcome:
    """The same line again is a retry; the decision itself says whether the content is the same."""
    if landed.originator_id != line.subject:
        raise ImportIdReusedError(id=line.id)
    version = app.store.facts(line.subject)[-1].originator_version
    try:
        outcome = rehearsed(app).handle(line.command, line.caller, subject=line.subject)
    except UitvoeringError as error:
        raise ImportIdReusedError(id=line.id) from error
    if outcome.events:
        raise ImportIdReusedError(id=line.id)
    return Outcome(kind=line.command.KIND, id=line.subject, version=version, events=())


def _caller(raw: dict[str, Any], default: Caller | None) -> Caller:
    organisation = raw.get("organisation") or (default.organisation if default else "")
    level = raw.get("level") or (default.level if default else "")
    if not organisation or not level:  # neither the line nor the settings say who acts
        unsaid = {"organisation": organisation, "level": level}
        raise LineInvalidError(*(LineFault(n, "missing") for n, said in unsaid.items() if not said))
    acting = _Acting.model_validate(
        {
            "organisation": organisation,
            "level": level,
            "roles": raw.get("roles") or (default.roles if default else _WITNESS),
            "pseudonym": raw.get("pseudonym") or (default.pseudonym if default else _UNNAMED),
        }
    )
    pseudonym = acting.pseudonym
    if pseudonym == _UNNAMED:
        pseudonym = derived_id("import", acting.organisation, acting.level)
    return Caller(acting.organisation, acting.level, acting.roles, pseudonym)


def _led_to_its_stream(app: Uitvoering, line: ImportLine) -> ImportLine:
    """A stream with an id of its own is found by the event of the line that started it."""
    if line.begun_by is None:
        return line
    found = app.store.event(derived_id("import", "event", line.begun_by))
    if found is None or found[1].fact.TOPIC not in KINDS[line.command.KIND].births:
        return line
    return replace(line, subject=found[1].originator_id)


def _begun_by(raw: dict[str, Any], command: Command) -> str | None:
    given = raw.get("subject") if command.PATH else None
    return given if isinstance(given, str) and not _UUID.fullmatch(given.lower()) else None


def _subject(raw: dict[str, Any], command: Command, caller: Caller) -> str:
    """A UUID, or the id of the line that started the stream; a new stream follows from its line."""
    given = raw.get("subject")
    own = own_stream(command, caller)
    if own is not None:
        return own
    if not command.PATH:
        return derived_id("import", KINDS[command.KIND].name, raw["id"])
    if not isinstance(given, str) or not _legible(given):
        raise LineInvalidError(LineFault("subject", "missing"))
    if _UUID.fullmatch(given.lower()):
        return given.lower()
    return derived_id("import", KINDS[command.KIND].name, given)


def _legible(name: str) -> bool:
    """Not empty, and without the half characters that JSON can spell and UTF-8 cannot."""
    return bool(name) and name.isprintable()


def _id_of(text: str, limit: int) -> str | None:
    """For telling which line it was; a line over the limit is not read for it."""
    try:
        found: object = json.loads(text[: limit + 1])
    except (ValueError, RecursionError):
        return None
    given = cast(dict[str, Any], found).get("id") if isinstance(found, dict) else None
    return given if isinstance(given, str) and _legible(given) else None
