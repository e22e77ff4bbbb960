"""TLS servers of the tests: a CA of their own, and a certificate of it."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.engine.conftest import missing


def certified(folder: Path, address: str) -> Path:
    """A CA's certificate; beside it in the folder are certificate and key of a server at that address."""
    if shutil.which("openssl") is None:
        missing("openssl is not installed")
    ca, key = folder / "ca.crt", folder / "ca.key"
    make = ("openssl", "req", "-newkey", "rsa:2048", "-nodes")
    run(*make, "-x509", "-days", "2", "-subj", "/CN=test CA", "-keyout", str(key), "-out", str(ca))
    request = folder / "server.csr"
    run(*make, "-subj", "/CN=server", "-keyout", str(folder / "server.key"), "-out", str(request))
    (folder / "names").write_text(f"subjectAltName=IP:{address}\n")
    signing = ("-CA", str(ca), "-CAkey", str(key), "-CAcreateserial", "-days", "2")
    out = ("-extfile", str(folder / "names"), "-out", str(folder / "server.pem"))
    run("openssl", "x509", "-req", "-in", str(request), *signing, *out)
    return ca


def start(server: ThreadingHTTPServer, folder: Path) -> None:
    """Serve with the certificate in that folder, until the server is shut down."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    # Each client's own thread shakes hands: one that went away in the middle of it keeps no other waiting.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def run(*words: str) -> None:
    """A command whose failure is the test's, outside of any Git repository."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    subprocess.run(words, check=True, capture_output=True, env=environment)
