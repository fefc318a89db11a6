"""Bulk filing: one command a line, once by its id; bad lines are told, the good land or none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from uitvoering.application.caller import Caller, Outcome, Receipt
from uitvoering.application.import_lines import ImportLine, id_of, read_line
from uitvoering.application.kinds import KINDS
from uitvoering.application.line_ids import PLAIN, LineIds
from uitvoering.application.receipts import promised_now
from uitvoering.application.rehearsal import Rehearsal
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.events.topics import AnyRecorded
from uitvoering.domain.values import Value
from uitvoering.errors import BusyError, ImportIdReusedError, UitvoeringError
from uitvoering.persistence.store import ConflictError


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


def land(app: Uitvoering, line: ImportLine) -> Outcome:
    """Record one line; one that landed before records nothing, another under its id is refused."""
    line = _led_to_its_stream(app, line)
    first = line.ids.event(line.id)
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
            line = _line_of(app, text, default, limit)
            identifier = line.id
            outcome = land(app, line)
        except UitvoeringError as error:
            yield Refusal(n, identifier or id_of(text, limit), error)
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
    return Rehearsed(
        store=Rehearsal(app.store),
        clock=app.clock,
        promises=app.promises,
        line_secret=app.line_secret,
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


def _line_of(app: Uitvoering, text: str, default: Caller | None, limit: int) -> ImportLine:
    secret = app.line_secret
    if isinstance(secret, UitvoeringError):
        # Lines landed under ids that nobody can make now: what is repeated would land twice.
        raise secret
    line = read_line(text, default, limit, LineIds(secret))
    if secret and app.store.event(PLAIN.event(line.id)) is not None:
        return read_line(text, default, limit)  # it landed before there was a log
    return line


def _led_to_its_stream(app: Uitvoering, line: ImportLine) -> ImportLine:
    """A stream with an id of its own is found by the event of the line that started it."""
    if line.begun_by is None:
        return line
    begun = (app.store.event(ids.event(line.begun_by)) for ids in (line.ids, PLAIN))
    found = next(filter(None, begun), None)
    if found is None or found[1].fact.TOPIC not in KINDS[line.command.KIND].births:
        return line
    return replace(line, subject=found[1].originator_id)
