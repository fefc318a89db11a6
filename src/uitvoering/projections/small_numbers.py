"""Which cells of a table may be shown, so that no group below the threshold can be told apart?

A cell below the threshold is suppressed, and so is a second one wherever a shown total less the
shown cells would give it back, or would give back a group that is itself below the threshold
(DOMAIN 2, principle 8). The answer depends on the whole table and not on the question asked of it,
so that two questions together show no more than each alone.
"""

from collections.abc import Iterator, Mapping

Cell = tuple[str | None, str | None]
"""Row and column; None is the total over all of them."""


def suppressed(counts: Mapping[Cell, int], threshold: int) -> frozenset[Cell]:
    """Suppress until no row or column gives a suppressed cell back; zeroes are not cells."""
    table = with_totals(counts)
    lines = list(_lines(table))
    hidden = {cell for cell, n in table.items() if n < threshold}
    before = -1
    while before != len(hidden):
        before = len(hidden)
        for total, parts in lines:
            hidden |= _also(total, parts, table, hidden, threshold)
    return frozenset(hidden)


def with_totals(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """Add the totals by row, by column and over all."""
    table: dict[Cell, int] = {}
    for (row, column), n in sorted(counts.items()):
        if n == 0:
            continue
        for cell in ((row, column), (None, column), (row, None), (None, None)):
            table[cell] = table.get(cell, 0) + n
    return table


def _lines(table: Mapping[Cell, int]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each total with the cells it is the sum of, smallest first."""
    rows: dict[str | None, list[Cell]] = {}
    columns: dict[str | None, list[Cell]] = {}
    for cell in sorted(table, key=lambda cell: (table[cell], _order(cell))):
        row, column = cell
        if row is not None:
            columns.setdefault(column, []).append(cell)
        if column is not None:
            rows.setdefault(row, []).append(cell)
    yield from (((None, column), cells) for column, cells in sorted(columns.items(), key=_by_name))
    yield from (((row, None), cells) for row, cells in sorted(rows.items(), key=_by_name))


def _also(
    total: Cell, parts: list[Cell], table: Mapping[Cell, int], hidden: set[Cell], threshold: int
) -> set[Cell]:
    """Name what has to be suppressed besides, or nothing when the line is safe."""
    dark = [cell for cell in parts if cell in hidden]
    shown = [cell for cell in parts if cell not in hidden]
    if total in hidden:
        # A hidden total is the sum of its parts: at least one of them goes with it.
        return set() if dark else {shown[0]}
    if not dark or (len(dark) > 1 and sum(table[cell] for cell in dark) >= threshold):
        return set()
    return {shown[0]} if shown else {total}


def _order(cell: Cell) -> tuple[str, str]:
    return (cell[0] or "", cell[1] or "")


def _by_name(line: tuple[str | None, list[Cell]]) -> str:
    return line[0] or ""
