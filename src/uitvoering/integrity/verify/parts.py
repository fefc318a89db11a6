"""A pack that holds a part of the history: what was asked for, and what it leaves out."""

from collections.abc import Iterator
from shlex import quote

from uitvoering.integrity.verify.events import Tally
from uitvoering.integrity.verify.findings import Finding, broken, unchecked
from uitvoering.integrity.verify.pack import Asked, Manifest


def asked_otherwise(manifest: Manifest, asked: Asked) -> Iterator[Finding]:
    """Who leaves events out writes into the manifest that nobody asked for them."""
    if asked != manifest.asked:
        yield broken("asked-differs", asked=typed(asked), made=typed(manifest.asked))


def wrong_bounds(manifest: Manifest, tally: Tally) -> Iterator[Finding]:
    """The manifest against the events found."""
    said = manifest.asked
    if tally.places != (manifest.first_index, manifest.last_index) and (
        tally.places or (manifest.first_index, manifest.last_index) != (None, None)
    ):
        yield broken("bounds-differ")
    if tally.positions is not None:
        first, last = tally.positions
        if first < (said.first or 0) or last > (said.last or last):
            yield broken("bounds-differ")


def left_out(manifest: Manifest, tally: Tally) -> Iterator[Finding]:
    """Leaves bound a part: the positions by which it was asked for stand in none of them."""
    said = manifest.asked
    if said.everything:
        return
    if tally.places is None:
        yield broken("part-empty", size=manifest.size, made=typed(said))
    elif said.stream is not None:
        yield unchecked("only-stream", stream=said.stream)
    else:
        first, last = tally.places
        after = manifest.size - last - 1
        yield unchecked("only-part", first=first, last=last, before=first, after=after)
        yield unchecked("only-positions", made=typed(said))


def typed(asked: Asked) -> str:
    """As they are typed after `export` and `verify`."""
    named = {"from": asked.first, "to": asked.last, "stream": asked.stream}
    given = {name: value for name, value in named.items() if value is not None}
    return "".join(f" --{name} {quote(str(value))}" for name, value in given.items())
