"""Judges evidence with openssl, as the other judges do, started for each case."""

import base64
import subprocess
from collections.abc import Sequence
from pathlib import Path

from evidence.cases import Case

from tests.integrity import openssl


def judge(folder: Path, cases: Sequence[Case]) -> list[tuple[bool, str]]:
    folder.mkdir(exist_ok=True)
    return [(_holds(folder, case), "openssl refuses it") for case in cases]


def _holds(folder: Path, case: Case) -> bool:
    given = case.given
    if case.kind == "checkpoint":
        return openssl.signed(folder, given["vkey"], given["note"].encode())
    root, text, response = folder / "root.pem", folder / "text", folder / "stamp.tsr"
    root.write_text(given["root"], encoding="utf-8")
    text.write_bytes(base64.b64decode(given["message"]))
    response.write_bytes(base64.b64decode(given["response"]))
    command = [str(openssl.OPENSSL), "ts", "-verify", "-CAfile", root]
    command += ["-in", response, "-data", text]
    said = subprocess.run(list(map(str, command)), capture_output=True, check=False)
    return said.returncode == 0
