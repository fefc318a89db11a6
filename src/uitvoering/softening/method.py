"""Which method gave a verdict: its version, and a hash of all the words and weights it leans on."""

import hashlib
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
    """SHA-256 over everything the method leans on that is not code.

    simplemma and wordfreq are pinned to one version each, as their word lists are part of it.
    """
    hashed = hashlib.sha256()
    for name, source in (
        *lexicon_files(),
        ("thesaurus", thesaurus().source),
        ("weights", weights.source()),
    ):
        hashed.update(name.encode() + b"\0" + source.replace(b"\r\n", b"\n") + b"\0")
    return hashed.hexdigest()
