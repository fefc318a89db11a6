"""What does one line of an import ask, and of which stream? Read with every fault at once."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError

from uitvoering.application.caller import Caller
from uitvoering.application.identity import derived_id
from uitvoering.application.kinds import COMMANDS, KINDS, own_stream
from uitvoering.application.line_ids import PLAIN, LineIds
from uitvoering.commands.command import Command
from uitvoering.commands.json_text import KeyRepeatedError, read_json
from uitvoering.domain.values import Code, Level, Name, Role, Value
from uitvoering.errors import CommandUnknownError, InputInvalidError, TooLargeError

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


@dataclass(frozen=True)
class ImportLine:
    """One line, read: the command, who acts, and on which stream."""

    id: str
    command: Command
    caller: Caller
    subject: str
    begun_by: str | None = None
    """The line the subject was named by, where it is not a UUID."""
    ids: LineIds = PLAIN


def read_line(text: str, default: Caller | None, limit: int, ids: LineIds = PLAIN) -> ImportLine:
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
        raw["id"],
        command,
        caller,
        _subject(raw, command, caller, ids),
        _begun_by(raw, command),
        ids,
    )


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


def _caller(raw: dict[str, Any], default: Caller | None) -> Caller:
    organisation = raw.get("organisation") or (default.organisation if default else "")
    level = raw.get("level") or (default.level if default else "")
    if not organisation or not level:  # neither the line nor the settings say who acts
        who = {"organisation": organisation, "level": level}
        unsaid = (name for name, said in who.items() if not said)
        raise LineInvalidError(*(LineFault(name, "acting_unsaid") for name in unsaid))
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


def _begun_by(raw: dict[str, Any], command: Command) -> str | None:
    given = raw.get("subject") if command.PATH else None
    return given if isinstance(given, str) and not _UUID.fullmatch(given.lower()) else None


def _subject(raw: dict[str, Any], command: Command, caller: Caller, ids: LineIds) -> str:
    """A UUID, or the id of the line that started the stream; a new stream follows from its line."""
    given = raw.get("subject")
    own = own_stream(command, caller)
    if own is not None:
        return own
    if not command.PATH:
        return ids.stream(KINDS[command.KIND].name, raw["id"])
    if not isinstance(given, str) or not _legible(given):
        raise LineInvalidError(LineFault("subject", "missing"))
    if _UUID.fullmatch(given.lower()):
        return given.lower()
    return ids.stream(KINDS[command.KIND].name, given)


def _legible(name: str) -> bool:
    """Not empty, and without the half characters that JSON can spell and UTF-8 cannot."""
    return bool(name) and name.isprintable()


def id_of(text: str, limit: int) -> str | None:
    """For telling which line it was; a line over the limit is not read for it."""
    try:
        found: object = json.loads(text[: limit + 1])
    except (ValueError, RecursionError):
        return None
    given = cast(dict[str, Any], found).get("id") if isinstance(found, dict) else None
    return given if isinstance(given, str) and _legible(given) else None
