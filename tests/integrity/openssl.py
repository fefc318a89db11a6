"""openssl as a second opinion: Ed25519 over the text of a note, read without our own parser."""

import base64
import shutil
import subprocess
from pathlib import Path

OPENSSL = shutil.which("openssl")
_SPKI = bytes.fromhex("302a300506032b6570032100")  # RFC 8410, 4: an Ed25519 key of 32 bytes follows


def signed(folder: Path, vkey: str, note: bytes) -> bool:
    """Whether the note bears a signature line of that key, and openssl says that it holds."""
    name, hint, key = vkey.split("+", 2)
    text, _, lines = note.rpartition(b"\n\n")
    start = f"— {name} ".encode()
    values = [
        base64.b64decode(line.removeprefix(start))
        for line in lines.split(b"\n")
        if line.startswith(start)
    ]
    mine = [value[4:] for value in values if value[:4].hex() == hint]
    if len(mine) != 1:
        return False
    public, body, signature = folder / "public.der", folder / "body", folder / "signature"
    public.write_bytes(_SPKI + base64.b64decode(key)[1:])
    body.write_bytes(text + b"\n")
    signature.write_bytes(mine[0])
    command = [str(OPENSSL), "pkeyutl", "-verify", "-pubin", "-keyform", "DER"]
    files = ["-inkey", public, "-rawin", "-in", body, "-sigfile", signature]
    said = subprocess.run([*command, *map(str, files)], capture_output=True, check=False)
    return said.returncode == 0 and b"Signature Verified Successfully" in said.stdout
