"""Which level softens most, and on what? And what may not be told?"""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.given import act
from tests.projections.signal_story import AMBER, RAISED, RED, REPORTER, Story, at
from uitvoering.domain.events.signal import HandOnLapsed, SignalHandedOn, SignalRestated
from uitvoering.domain.values import Level, Role, Statement
from uitvoering.projections.hotspots import Hotspot, hotspots
from uitvoering.projections.read_models_signals import SIGNAL_READ_MODELS
from uitvoering.projections.small_numbers import Cell, suppressed, with_totals
from uitvoering.softening.facets import Dimension

NOW = at("2026-06-01")


def hop(
    story: Story,
    n: int,
    level: Level,
    statement: Statement | None,
    organisation: str = "uwv",
) -> None:
    """Add one more signal, restated once by the level."""
    stream = str(UUID(int=n + (4 << 76) + (2 << 62)))
    story.tell(RAISED, REPORTER, stream=stream)
    by = act(level, "2026-01-12", organisation=organisation)
    if statement is None:
        lapse = HandOnLapsed(level=level, due_on=by.happened_on, of=story.events[-1].event_id)
        story.tell(lapse, by.model_copy(update={"actor_role": Role.CLOCK}), stream=stream)
    else:
        story.tell(SignalRestated(statement=statement), by, stream=stream)


def light(rows: list[Hotspot], level: Level | None) -> Hotspot:
    return next(r for r in rows if r.level == level and r.dimension is Dimension.LIGHT)


def test_a_loss_counts_at_the_level_where_it_first_appears() -> None:
    story = Story()
    for n in range(12):
        hop(story, n, Level.TEAM_LEAD, AMBER if n < 9 else RED)
        stream = story.events[-1].originator_id
        passed_on = SignalHandedOn(to=Level.DIRECTORATE, statement=AMBER if n < 9 else RED)
        story.tell(passed_on, act(Level.DEPARTMENT, "2026-01-19"), stream=stream)
    rows = hotspots(story.told(), NOW)
    first, second = light(rows, Level.TEAM_LEAD), light(rows, Level.DEPARTMENT)
    assert (first.hops, first.softened, first.softened_per_thousand) == (12, 9, 750)
    assert (second.hops, second.softened, second.softened_per_thousand) == (12, 0, 0)


def test_ten_hops_are_shown_and_nine_are_not() -> None:
    story = Story()
    for n in range(9):
        hop(story, n, Level.TEAM_LEAD, AMBER)
    dark = light(hotspots(story.told(), NOW), Level.TEAM_LEAD)
    assert (dark.suppressed, dark.hops, dark.softened, dark.softened_per_thousand) == (
        True,
        None,
        None,
        None,
    )
    hop(story, 9, Level.TEAM_LEAD, AMBER)
    shown = light(hotspots(story.told(), NOW), Level.TEAM_LEAD)
    assert (shown.suppressed, shown.hops) == (False, 10)


def test_a_second_level_goes_where_the_total_would_give_the_first_back() -> None:
    story = Story()
    counts = {Level.TEAM_LEAD: 30, Level.DEPARTMENT: 20, Level.DIRECTORATE: 3}
    n = 0
    for level, hops in counts.items():
        for _ in range(hops):
            hop(story, n, level, AMBER)
            n += 1
    rows = hotspots(story.told(), NOW)
    assert light(rows, None).hops == 53
    assert light(rows, Level.TEAM_LEAD).hops == 30
    assert light(rows, Level.DIRECTORATE).suppressed
    assert light(rows, Level.DEPARTMENT).suppressed, "53 - 30 - 20 would give 3"


def test_asking_per_body_gives_back_no_more_than_asking_for_all() -> None:
    story = Story()
    for n in range(12):
        hop(story, n, Level.TEAM_LEAD, AMBER)
    for n in range(12, 14):
        hop(story, n, Level.TEAM_LEAD, AMBER, organisation="svb")
    documents = story.told()
    assert light(hotspots(documents, NOW), Level.TEAM_LEAD).hops == 14
    assert light(hotspots(documents, NOW, organisation="svb"), Level.TEAM_LEAD).suppressed
    assert light(hotspots(documents, NOW, organisation="uwv"), Level.TEAM_LEAD).suppressed


def test_a_lapse_counts_on_omission_alone() -> None:
    story = Story()
    for n in range(10):
        hop(story, n, Level.TEAM_LEAD, None)
    (row,) = hotspots(story.told(), NOW, level=Level.TEAM_LEAD)
    assert (row.dimension, row.hops, row.missing, row.softened) == (Dimension.OMISSION, 10, 10, 10)


def test_a_field_no_source_supports_is_not_counted() -> None:
    story = Story()
    unread = RED.model_copy(update={"coded": ("text", "severity")})
    for n in range(10):
        hop(story, n, Level.TEAM_LEAD, unread)
    rows = hotspots(story.told(), NOW, level=Level.TEAM_LEAD)
    assert {row.dimension for row in rows} == {
        Dimension.SEVERITY,
        Dimension.SCOPE,
        Dimension.WORDING,
        Dimension.OMISSION,
    }


def test_a_period_can_be_chosen() -> None:
    story = Story()
    for n in range(10):
        hop(story, n, Level.TEAM_LEAD, AMBER)
    documents = story.told()
    assert hotspots(documents, NOW, since=date(2026, 1, 13)) == []
    assert hotspots(documents, NOW, until=date(2026, 1, 11)) == []
    assert hotspots(documents, NOW, since=date(2026, 1, 12), until=date(2026, 1, 12)) != []


def test_a_replay_holds_the_rows_of_every_body_and_of_all() -> None:
    story = Story()
    hop(story, 1, Level.TEAM_LEAD, AMBER)
    rows = SIGNAL_READ_MODELS["hotspots"](story.told(), NOW)
    assert {row.organisation for row in rows if isinstance(row, Hotspot)} == {None, "uwv"}


_TABLES = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(["x", "y", "z"])),
    st.integers(0, 25),
    max_size=9,
)


@given(_TABLES)
def test_no_total_less_what_is_shown_gives_a_small_group_back(counts: dict[Cell, int]) -> None:
    table, hidden = with_totals(counts), suppressed(counts, 10)
    for total in table:
        for axis in (0, 1):
            if total[axis] is not None:
                continue
            parts = [
                cell
                for cell in table
                if cell[axis] is not None and cell[1 - axis] == total[1 - axis]
            ]
            dark = [cell for cell in parts if cell in hidden]
            if total in hidden:
                assert dark, "the parts would add up to it"
                continue
            assert len(dark) != 1
            assert not dark or sum(table[cell] for cell in dark) >= 10
    assert {cell for cell, n in table.items() if n < 10} <= hidden
