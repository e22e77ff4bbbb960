"""A server between a client and a real registry, which sees every request and can spoil it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = Callable[["Handler"], bool]
"""Answers a request itself, and says whether it did."""

_PASSED = ("range", "accept", "content-type", "content-range", "host")


@dataclass
class Between:
    """``seen`` are the requests as ``METHOD /path?query``; ``fault`` is asked first."""

    host: str
    seen: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    fault: Fault = lambda handler: False

    def count(self, method: str, part: str = "") -> int:
        """How many requests of that method had that in their path."""
        return sum(line.startswith(f"{method} ") and part in line for line in self.seen)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    between: Between
    upstream: str

    def do_GET(self) -> None:
        self.between.seen.append(f"{self.command} {self.path}")
        self.between.headers.append(dict(self.headers))
        if not self.between.fault(self):
            self.pass_on(self.body())

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET

    def body(self, size: int | None = None) -> bytes:
        """The request's body, or its beginning."""
        length = int(self.headers.get("Content-Length", 0))
        return self.rfile.read(length if size is None else size)

    def ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """What the registry says to this request."""
        connection = http.client.HTTPConnection(self.upstream, timeout=30)
        headers = {key: value for key, value in self.headers.items() if key.lower() in _PASSED}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), data

    def pass_on(self, body: bytes) -> None:
        """Have the registry answer."""
        status, headers, data = self.ask(body)
        if self.command != "HEAD":
            headers["Content-Length"] = str(len(data))
        self.answer(status, headers, data)

    def answer(self, status: int, headers: dict[str, str] | None = None, data: bytes = b"") -> None:
        """Answer with that; ``Content-Length`` may promise more than comes."""
        self.send_response(status)
        for key, value in ({"Content-Length": str(len(data))} | (headers or {})).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def hang_up(self) -> None:
        """End the connection in the middle of whatever was said."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def standing(upstream: str = "", fault: Fault = lambda handler: False) -> Iterator[Between]:
    """One in front of that registry; without one, ``fault`` answers everything."""
    between = Between("", fault=fault)
    kind = type("Bound", (Handler,), {"between": between, "upstream": upstream})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    between.host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield between
    finally:
        server.shutdown()
        server.server_close()
