"""Bulk filing: one command a line, idempotent by its id; all bad lines told, the good ones land or none."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from uitvoering.application.caller import Caller, Outcome
from uitvoering.application.identity import derived_id
from uitvoering.application.kinds import COMMANDS, KINDS, register_stream
from uitvoering.application.rehearsal import Rehearsal
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.commands.command import Command
from uitvoering.domain.values import Level, Role, Value
from uitvoering.errors import (
    BusyError,
    ImportIdReusedError,
    InputInvalidError,
    TooLargeError,
    UitvoeringError,
    CommandUnknownError,
)
from uitvoering.persistence.store import ConflictError

_OURS = frozenset({"id", "command", "subject", "organisation", "level", "roles", "pseudonym"})


class LineOutcome(Value):
    """What became of one line; `code` and `detail` are null when it landed."""

    line: int
    id: str | None
    subject: str | None
    recorded: int
    """Events recorded; 0 for a line that landed before."""


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
    subject: str | None


def read_line(text: str, default: Caller | None, limit: int) -> ImportLine:
    """Refuses with every invalid field at once."""
    if len(text.encode()) > limit:
        raise TooLargeError(limit=limit)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputInvalidError(count=1, names=f"not JSON: {error}") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not raw["id"]:
        raise InputInvalidError(count=1, names="every line is an object with an id of its own")
    name = raw.get("command")
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise CommandUnknownError(command=name, known=tuple(sorted(COMMANDS)))
    fields = {key: value for key, value in raw.items() if key not in _OURS}
    fields.setdefault("causation_id", derived_id("import", raw["id"]))
    try:
        command = kind.model_validate(fields)
        caller = _caller(raw, default)
    except ValidationError as error:
        raise invalid_input(error) from error
    except ValueError as error:
        raise InputInvalidError(count=1, names=str(error)) from error
    return ImportLine(raw["id"], command, caller, _subject(raw, command))


def land(app: Uitvoering, line: ImportLine) -> Outcome:
    """Record one line; a line that landed before records nothing, another under its id is refused."""
    if line.subject is not None:
        for event in app.store.facts(line.subject):
            if event.causation_id == line.command.causation_id:
                return _landed_before(app, line)
    return app.handle(line.command, line.caller, subject=line.subject)


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
            yield Refusal(n, identifier or _id_of(text), error)
        else:
            yield LineOutcome(line=n, id=line.id, subject=outcome.id, recorded=len(outcome.events))


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
        yield from found
        return
    yield from (row for row in found if isinstance(row, Refusal))


@dataclass(frozen=True)
class Rehearsed(Uitvoering):
    """The application on a store of which nothing is kept until it is performed."""

    store: Rehearsal


def rehearsed(app: Uitvoering) -> Rehearsed:
    return Rehearsed(store=Rehearsal(app.store), clock=app.clock)


def invalid_input(error: ValidationError) -> InputInvalidError:
    """pydantic's findings as one refusal that names every field with what is wrong with it."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    names = tuple(f"{'.'.join(map(str, row['loc'])) or '-'}: {row['msg']}" for row in found)
    return InputInvalidError(count=len(found), names=names)


def _landed_before(app: Uitvoering, line: ImportLine) -> Outcome:
    """The same line again is a retry; the decision itself says whether the content is the same."""
    subject = line.subject or ""
    version = app.version(line.command.KIND, subject)
    try:
        outcome = rehearsed(app).handle(line.command, line.caller, subject=subject)
    except UitvoeringError as error:
        raise ImportIdReusedError(id=line.id) from error
    if outcome.events:
        raise ImportIdReusedError(id=line.id)
    return Outcome(kind=line.command.KIND, id=subject, version=version, events=())


def _caller(raw: dict[str, Any], default: Caller | None) -> Caller:
    organisation = raw.get("organisation") or (default.organisation if default else "")
    level = raw.get("level") or (default.level if default else "")
    roles = raw.get("roles") or (default.roles if default else ("reporter", "line"))
    pseudonym = raw.get("pseudonym") or (default.pseudonym if default else "")
    if not organisation or not level:
        raise ValueError("say who acts: organisation and level, in the line or in the settings")
    return Caller(
        organisation=str(organisation),
        level=Level(level),
        roles=frozenset(Role(role) for role in roles),
        pseudonym=str(pseudonym or derived_id("import", str(organisation), str(level))),
    )


def _subject(raw: dict[str, Any], command: Command) -> str | None:
    """A UUID, or the id of the line that started the stream; a new stream follows from its line."""
    given = raw.get("subject")
    if register_stream(command) is not None:
        return register_stream(command)
    if not command.PATH:
        return derived_id("import", KINDS[command.KIND].name, raw["id"])
    if not isinstance(given, str) or not given:
        raise InputInvalidError(
            count=1, names=f"subject: {command.name()} acts on something, name its id"
        )
    if len(given) == 36 and given.count("-") == 4:
        return given.lower()
    return derived_id("import", KINDS[command.KIND].name, given)


def _id_of(text: str) -> str | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found.get("id") if isinstance(found, dict) and isinstance(found.get("id"), str) else None
