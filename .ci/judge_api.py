"""Two judges we did not write, against the running service: schemathesis and a generated client."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BUILD = Path("build").resolve()
JUDGES = BUILD / "judges" / "bin"
SERVICE = Path(".venv/bin/uitvoering").resolve()
LEAST_CASES = 1000
ALL_ROLES = "reporter,line,tester,requester,journey-team,auditor,registrar"


def main() -> None:
    BUILD.mkdir(exist_ok=True)
    store = BUILD / "judged.db"
    for leftover in BUILD.glob("judged.db*"):
        leftover.unlink()
    os.environ["UITVOERING_STORE"] = f"sqlite:///{store}"
    run(SERVICE, "migrate")
    secret = token("uwv", "frontline")
    port = free_port()
    with subprocess.Popen([SERVICE, "serve", "--port", str(port)]) as server:
        try:
            base = f"http://127.0.0.1:{port}/api/v1"
            wait_for(f"http://127.0.0.1:{port}/_healthz/livez")
            schemathesis(base, secret)
            generated_client(base, secret)
        finally:
            server.terminate()


WALKED = r"^/(signals(/\{id\}(/(restatements|trail))?)?|comparisons|events|hotspots|policies)$"
"""Where the exhaustive coverage phase is walked too: on every path it would take half an hour."""


def schemathesis(base: str, secret: str) -> None:
    """All checks, fixed seed; together the runs must have made at least 1,000 cases."""
    cases = judged(base, secret, "--phases", "examples,fuzzing,stateful", "--max-examples", "8")
    cases += judged(base, secret, "--phases", "coverage", "--include-path-regex", WALKED)
    print(f"schemathesis: {cases} cases, 0 failures")
    if cases < LEAST_CASES:
        sys.exit(f"schemathesis made {cases} cases, fewer than {LEAST_CASES}")


def judged(base: str, secret: str, *chosen: str) -> int:
    """One run; how many cases it made. Any failure ends the judging."""
    found = subprocess.run(
        [
            JUDGES / "schemathesis",
            "run",
            f"{base}/openapi.json",
            "--url",
            base,
            "--checks",
            "all",
            "--seed",
            "1",
            "--generation-deterministic",
            "--header",
            f"Authorization: Bearer {secret}",
            *chosen,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path.cwd(),
    )
    with (BUILD / "schemathesis.txt").open("a", encoding="utf-8") as report:
        report.write(found.stdout + found.stderr)
    print("\n".join(found.stdout.splitlines()[-40:]))
    if found.returncode:
        sys.exit(f"schemathesis: exit {found.returncode}")
    return generated(found.stdout)


def generated(output: str) -> int:
    """How many cases its own summary counts."""
    for line in output.splitlines():
        words = line.replace(",", "").split()
        if "generated" in words:
            return int(words[words.index("generated") - 1])
    return 0


def generated_client(base: str, secret: str) -> None:
    """Generate a client from our document alone; file a signal and read it back with it."""
    document = BUILD / "openapi.nl.json"
    folder = BUILD / "client"
    shutil.rmtree(folder, ignore_errors=True)
    path = f"{JUDGES}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [
            JUDGES / "openapi-python-client",
            "generate",
            "--path",
            document,
            "--meta",
            "none",
            "--output-path",
            folder / "generated_client",
            "--overwrite",
        ],
        check=True,
        env=os.environ | {"PATH": path},
        cwd=BUILD,
    )
    walk = Path(__file__).with_name("walk_client.py")
    subprocess.run([JUDGES / "python", walk, folder, base, secret], check=True)


def token(organisation: str, level: str) -> str:
    made = run(
        SERVICE,
        "token",
        "create",
        "--organisation",
        organisation,
        "--level",
        level,
        "--roles",
        ALL_ROLES,
        "--json",
    )
    found: str = json.loads(made)["token"]
    return found


def run(*command: object) -> str:
    return subprocess.run(
        list(map(str, command)), check=True, text=True, stdout=subprocess.PIPE
    ).stdout


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=1)  # noqa: S310 loopback, our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{url} does not answer")


if __name__ == "__main__":
    main()
