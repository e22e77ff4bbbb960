"""An engine behind ssh, made to look like a local socket.

Every connection to the socket becomes ``ssh HOST docker system dial-stdio``, as the docker CLI
does it; the connection itself is the process's standard input and output.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit


class Tunnel:
    """A private local socket that leads to the engine of an ``ssh://[user@]host[:port]`` address.

    Raises ValueError for an address that is none.
    """

    def __init__(self, address: str) -> None:
        self._command = command(address)
        self._folder = tempfile.TemporaryDirectory(prefix="dockwright-ssh-")
        path = Path(self._folder.name) / "engine.sock"
        self._errors = Path(self._folder.name) / "errors"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self.host = f"unix://{path}"
        threading.Thread(target=self._serve, name="dockwright-ssh", daemon=True).start()

    def close(self) -> str:
        """End every connection; the last line ssh printed, for a person to read."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for process in self._processes:
            process.terminate()
        lines = self._errors.read_text(errors="replace").splitlines() if self._errors.exists() else []
        self._folder.cleanup()
        return lines[-1].strip() if lines else ""

    def _serve(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                connection, _ = self._listener.accept()
                with connection, self._errors.open("ab") as errors:
                    self._processes = [p for p in self._processes if p.poll() is None]
                    ends = connection.fileno()
                    process = subprocess.Popen(self._command, stdin=ends, stdout=ends, stderr=errors)
                    self._processes.append(process)


def command(address: str) -> list[str]:
    """The ssh command for an address. Raises ValueError."""
    parts = urlsplit(address)
    if not parts.hostname or parts.hostname.startswith("-") or parts.path.strip("/"):
        raise ValueError(f"{address} is not an address like ssh://user@host:port")
    user = ["-l", parts.username] if parts.username else []
    port = ["-p", str(parts.port)] if parts.port else []
    options = ["-o", "ConnectTimeout=15", "-o", "BatchMode=yes"]
    return ["ssh", *options, *user, *port, "-T", "--", parts.hostname, "docker system dial-stdio"]
