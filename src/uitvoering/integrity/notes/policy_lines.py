"""What a policy file says of one's own keys, for others to pin: the lines of logs and witnesses."""

from collections.abc import Iterable

from uitvoering.integrity.notes.keys import Kind, PublicKey


def policy_lines(
    logs: Iterable[PublicKey], witnesses: Iterable[PublicKey], url: str = ""
) -> list[str]:
    """Without newlines. `url` is where these witnesses answer, if it is known.

    A body with two keys is a group, so that it counts once; what was recorded of a witness is kept
    under these names, so a body that is named anew would be another one.
    """
    lines = [f"log {key}" for key in logs]
    members: dict[str, list[str]] = {}
    for key in witnesses:
        name = f"{key.name}-{'mldsa44' if key.kind is Kind.MLDSA44 else 'ed25519'}"
        members.setdefault(key.name, []).append(name)
        lines.append(f"witness {name} {key} {url}".rstrip())
    return lines + [f"group {body} any {' '.join(names)}" for body, names in members.items()]
