"""What a policy file says of one's own keys, for others to pin: lines, remarks and addresses."""

import urllib.parse
from collections.abc import Iterable

from uitvoering.integrity.notes.keys import Kind, PublicKey


def policy_lines(
    logs: Iterable[PublicKey],
    witnesses: Iterable[PublicKey],
    url: str = "",
    promises: Iterable[PublicKey] = (),
) -> list[str]:
    """Without newlines. `url` is where these witnesses answer, if it is known.

    Keys of `promises` count in no policy: they stand in remarks, for who is handed the file.

    A body with two keys is a group, so that it counts once; what was recorded of a witness is kept
    under these names, so a body that is named anew would be another one.
    """
    lines = [f"log {key}" for key in logs] + [f"# promise {key}" for key in promises]
    members: dict[str, list[str]] = {}
    for key in witnesses:
        name = f"{key.name}-{'mldsa44' if key.kind is Kind.MLDSA44 else 'ed25519'}"
        members.setdefault(key.name, []).append(name)
        lines.append(f"witness {name} {key} {url}".rstrip())
    return lines + [f"group {body} any {' '.join(names)}" for body, names in members.items()]


def is_address(url: str) -> bool:
    """Whether a log can ask a witness here: what a policy may give as its address."""
    try:
        parts = urllib.parse.urlsplit(url)
        _ = parts.port  # refused when it is no number of a port
    except ValueError:
        return False
    written = url.isprintable() and " " not in url  # `urlsplit` leaves line ends out
    return written and parts.scheme in {"http", "https"} and bool(parts.hostname)
