"""Which method gave a verdict: its version, and a hash of all the words and weights it leans on."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

from uitvoering.softening import weights
from uitvoering.softening.lexicon import lexicon_files
from uitvoering.softening.thesaurus import thesaurus

METHOD_VERSION = "2"
"""Raised with every change of the code that can change a result."""
_SHOWN = 12
"""Letters of the hash: enough to tell any two apart that were ever in use."""


def method() -> str:
    """Stands beside every verdict: the same method gives the same verdict for ever."""
    return f"{METHOD_VERSION}+{digest()[:_SHOWN]}"


@cache
def digest() -> str:
    """SHA-256 over everything the method leans on that is not code."""
    return digest_of(sources())


def sources() -> Iterator[tuple[str, bytes]]:
    """Words and weights, by name, as they stand in their files.

    simplemma and wordfreq are pinned to one version each, as their word lists are part of it.
    """
    yield from lexicon_files()
    yield "thesaurus", thesaurus().source
    yield "weights", weights.source()


def digest_of(named: Iterable[tuple[str, bytes]]) -> str:
    """The same for files with the line ends of any system."""
    hashed = hashlib.sha256()
    for name, source in named:
        hashed.update(name.encode() + b"\0" + source.replace(b"\r\n", b"\n") + b"\0")
    return hashed.hexdigest()
