"""The commands of a reader's terminal, each a process of its own, forked from one that is warm.

A cold start is nearly all imports, and a document starts fifty. `tests/cli/test_manners.py` starts
some the slow way.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from select import select
from threading import Thread

from tests.cli import nursery
from tests.docs.blocks import ROOT

_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LENGTH = 4
_COMMAND = """#!{python} -SE
import json, os, signal, socket, sys
door = socket.socket(socket.AF_UNIX)
door.connect({door!r})
asked = json.dumps({{
    "program": os.path.basename(sys.argv[0]),
    "words": sys.argv[1:],
    "folder": os.getcwd(),
    "environment": dict(os.environ),
}}).encode()
socket.send_fds(door, [len(asked).to_bytes({length}, "big")], [0, 1, 2])
door.sendall(asked)
for number in {forwarded}:
    if signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, lambda number, _: door.sendall(bytes([number])))
answer = door.recv(1)
sys.exit(answer[0] if answer else 70)
"""


def terminal(folder: Path, programs: str = "bin") -> dict[str, str]:
    """The environment of one in whose PATH our programs stand, in a folder of that name."""
    place = folder / programs
    place.mkdir(parents=True)
    for name in nursery.PROGRAMS:
        (place / name).write_text(
            _COMMAND.format(
                python=sys.executable,
                door=_door(),
                length=_LENGTH,
                forwarded=[int(number) for number in _FORWARDED],
            )
        )
        (place / name).chmod(0o755)
    (place / "python3").symlink_to(sys.executable)
    kept = {n: v for n, v in os.environ.items() if not n.startswith("UITVOERING_")}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "PATH": f"{place}:{kept['PATH']}"}


@cache
def _door() -> str:
    """Of a process that is warm and waits; it ends with this one."""
    folder = tempfile.TemporaryDirectory(prefix="uitvoering-warm-")
    door = str(Path(folder.name) / "door")
    kept = {n: v for n, v in os.environ.items() if not n.startswith("UITVOERING_")}
    process = subprocess.Popen(  # ended at exit
        [sys.executable, "-m", "tests.docs.warm", door],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=kept | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"warm\n"

    def close() -> None:
        process.communicate(timeout=30)
        folder.cleanup()

    atexit.register(close)
    return door


def main(door: str) -> None:
    nursery.warm()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(door)
        listening.listen()
        sys.stdout.write("warm\n")
        sys.stdout.flush()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks what became of a helper
        while True:
            asking, _, _ = select([listening, sys.stdin], [], [])
            if sys.stdin in asking:  # who started it has ended
                return
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _help(line)
            line.close()


def _help(line: socket.socket) -> None:
    """Beside one command: hands it its signals, and its code to who waits. Never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, streams, _, _ = socket.recv_fds(line, _LENGTH, 3)
    left, asked = int.from_bytes(head, "big"), b""
    while len(asked) < left:
        asked += line.recv(left - len(asked))
    command = os.fork()
    if command == 0:
        line.close()
        nursery.become(json.loads(asked), streams)
    for stream in streams:
        os.close(stream)
    Thread(target=_forward, args=(line, command), daemon=True).start()
    _, status = os.waitpid(command, 0)
    code = os.waitstatus_to_exitcode(status)
    line.sendall(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def _forward(line: socket.socket, command: int) -> None:
    while number := line.recv(1):
        os.kill(command, number[0])
    os.kill(command, signal.SIGKILL)  # who waited was killed, and would have been this process


if __name__ == "__main__":
    main(sys.argv[1])
