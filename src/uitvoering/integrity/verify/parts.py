"""A pack that holds a part of the history: what it says was asked for, and what it leaves out."""

from collections.abc import Iterator
from typing import Any

from uitvoering.integrity.verify.events import Tally
from uitvoering.integrity.verify.findings import Finding, broken, unchecked
from uitvoering.integrity.verify.pack import Asked, Manifest


def wrong_bounds(manifest: Manifest, tally: Tally, asked: Asked | None) -> Iterator[Finding]:
    """The manifest against the events found, and against what who verifies asked for."""
    said = manifest.asked
    if asked is not None and asked != said:
        yield broken("asked-differs", **_shown(asked, "asked"), **_shown(said, "made"))
    if tally.places != (manifest.first_index, manifest.last_index) and (
        tally.places or (manifest.first_index, manifest.last_index) != (None, None)
    ):
        yield broken("bounds-differ")
    if tally.positions is not None:
        first, last = tally.positions
        if first < (said.first or 0) or last > (said.last or last):
            yield broken("bounds-differ")


def left_out(manifest: Manifest, tally: Tally) -> Iterator[Finding]:
    """Whether that is what was asked for cannot be seen from the pack."""
    said = manifest.asked
    if said.everything:
        return
    if tally.places is None or tally.positions is None:
        told = _shown(said, "made")
        yield unchecked("part-empty", size=manifest.size, **told)
    elif said.stream is not None:
        yield unchecked("only-stream", stream=said.stream)
    else:
        yield unchecked(
            "only-part",
            first=tally.positions[0],
            last=tally.positions[1],
            before=tally.places[0],
            after=manifest.size - tally.places[1] - 1,
            **_shown(said, "made"),
        )


def _shown(asked: Asked, whose: str) -> dict[str, Any]:
    """A dash for what was not named."""
    named = {"first": asked.first, "last": asked.last, "stream": asked.stream}
    return {f"{whose}_{name}": "-" if value is None else value for name, value in named.items()}
