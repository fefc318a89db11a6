"""A time stamping authority (RFC 3161): openssl, keys made on the spot and a real server."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OPENSSL = shutil.which("openssl")

# No `certs=` in [authority]: openssl would add them unsorted, and rfc3161-client reads strict DER.
_CONFIG = """
[req]
distinguished_name = subject
prompt = no
[subject]
CN = an authority
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[authority]
serial = serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.0.1
digests = sha256
ess_cert_id_alg = sha256
"""
_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "ts.cnf")


@dataclass(frozen=True)
class Authority:
    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "signer.pem"

    def reply(self, query: bytes) -> bytes:
        """The response to a request, as openssl makes it: with a rejection when it asks so."""
        asked, given = self.folder / "asked.tsq", self.folder / "given.tsr"
        asked.write_bytes(query)
        _openssl(
            self.folder,
            *("ts", "-reply", "-config", "ts.cnf", "-section", "authority", "-queryfile", asked),
            *("-signer", "signer.pem", "-inkey", "signer.key", "-out", given),
        )
        return given.read_bytes()

    def accepts(self, response: bytes, message: bytes) -> bool:
        """Whether openssl's own verifier takes the response for that message under our root."""
        kept, text = self.folder / "kept.tsr", self.folder / "text"
        kept.write_bytes(response)
        text.write_bytes(message)
        command = (OPENSSL, "ts", "-verify", "-in", kept, "-data", text, "-CAfile", self.root)
        judged = subprocess.run([str(word) for word in command], capture_output=True, check=False)
        return judged.returncode == 0


def authority(folder: Path, name: str = "authority") -> Authority:
    """One with a root and a signer of its own, made in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Authority(folder)
    (folder / "ts.cnf").write_text(_CONFIG, encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    _openssl(
        folder,
        *("req", "-x509", *_NEW_KEY, "-keyout", "root.key", "-out", "root.pem"),
        *("-days", 30, "-extensions", "root", "-subj", f"/CN=root of {name}"),
    )
    _openssl(
        folder,
        *("req", *_NEW_KEY, "-keyout", "signer.key", "-out", "signer.csr"),
        *("-subj", f"/CN={name}"),
    )
    _openssl(
        folder,
        *("x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key"),
        *("-CAcreateserial", "-out", "signer.pem", "-days", 30),
        *("-extfile", "ts.cnf", "-extensions", "signer"),
    )
    return made


def _openssl(folder: Path, *words: object) -> None:
    command = [str(OPENSSL), *map(str, words)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


Answer = Callable[[BaseHTTPRequestHandler, bytes], None]
"""What a server does with the body of a request."""


def replying(made: Authority) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        send(handler, made.reply(query))

    return answer


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str = "application/timestamp-reply",
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def served(answer: Answer) -> Generator[str]:
    """The address at which it is answered, on the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its own name
            """A test tells what it saw itself."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/stamp"
        finally:
            server.shutdown()
            thread.join()
