"""Does the application answer on its published ports?

A TCP connection proves nothing: docker's proxy accepts with nothing behind it. An answer is an
HTTP status line, a TLS handshake, or any byte of the application's own.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from tui.core.events import Event, NotProbed, Published, Ready

PATIENCE = 10.0
"""Seconds without an answer until a running application is called not probed."""

PAUSE = 0.1
QUIET_PAUSE = 1.0
"""Seconds between two attempts, before and after PATIENCE."""

CONNECT_TIMEOUT = 1.0
ANSWER_TIMEOUT = 3.0

FALLBACK_AFTER = 2.0
"""Seconds of refused connections until the addresses after the first are tried too."""

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_TLS_ALERT = b"\x15\x03"
_HTTPS_EXPECTED = b"HTTP request to an HTTPS server"


class Quiet(Enum):
    """Why a port gave no answer; the value completes "Port 8080 …"."""

    REFUSED = "refuses connections: nothing listens on it."
    CLOSED = (
        "closes every connection at once: nothing listens on it in the container, "
        "or only on the container's own 127.0.0.1."
    )
    SILENT = "accepts connections and says nothing to an HTTP request."


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is None for what is not HTTP."""

    url: str
    status: int | None


@dataclass(slots=True)
class Target:
    """A tcp port of the container and the (host, port) pairs it may be reached at, best first."""

    port: int
    addresses: tuple[tuple[str, int], ...]
    last: Quiet = field(default=Quiet.REFUSED)


async def watch(
    targets: Sequence[Target], put: Callable[[Event], Awaitable[None]], began: float, doubt: str = ""
) -> None:
    """Put Ready once the first target answers, and NotProbed before it if that takes PATIENCE.

    Seconds count from ``began`` (monotonic). ``doubt`` is what else may be the reason when every
    connection is refused.
    """
    attempts = {asyncio.create_task(_until_answer(target, began)) for target in targets}
    try:
        done, _ = await asyncio.wait(attempts, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            await put(NotProbed(_reasons(targets, doubt)))
            done, _ = await asyncio.wait(attempts, return_when=asyncio.FIRST_COMPLETED)
        answer = done.pop().result()
        await put(Ready(answer.url, answer.status, time.monotonic() - began))
    finally:
        for attempt in attempts:
            attempt.cancel()


def unanswerable(published: Sequence[Published]) -> str:
    """Why none of these ports can be asked for an answer; empty when one can."""
    if not published:
        return "No port is published."
    if not any(port.protocol == "tcp" for port in published):
        return "Only UDP ports are published, and UDP has no connection whose answer could be awaited."
    return ""


async def ask(host: str, port: int) -> Answer | Quiet:
    """One attempt: what ``host:port`` answers to ``GET /``, in the clear or else over TLS."""
    reply = await _exchange(host, port)
    if isinstance(reply, Quiet):
        return reply
    if not reply or reply.startswith(_TLS_ALERT) or _HTTPS_EXPECTED in reply:
        secure = await _ask_tls(host, port)
        return secure or (Answer(f"tcp://{host}:{port}", None) if reply else Quiet.CLOSED)
    return _answer("http", "tcp", host, port, reply)


def _reasons(targets: Sequence[Target], doubt: str) -> str:
    refused = all(target.last is Quiet.REFUSED for target in targets)
    reasons = [f"Port {target.port} {target.last.value}" for target in targets]
    return " ".join([*reasons, doubt] if refused and doubt else reasons)


async def _until_answer(target: Target, began: float) -> Answer:
    while True:
        waited = time.monotonic() - began
        for host, port in target.addresses:
            result = await ask(host, port)
            if isinstance(result, Answer):
                return result
            target.last = result
            if result is not Quiet.REFUSED or waited < FALLBACK_AFTER:
                break
        await asyncio.sleep(PAUSE if waited < PATIENCE else QUIET_PAUSE)


async def _ask_tls(host: str, port: int) -> Answer | None:
    """The answer over TLS; the certificate is not checked, since it is the person's own server."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reply = await _exchange(host, port, context)
    if reply is Quiet.SILENT:  # the handshake came from the application
        return Answer(f"tls://{host}:{port}", None)
    return None if isinstance(reply, Quiet) else _answer("https", "tls", host, port, reply)


def _answer(http: str, other: str, host: str, port: int, reply: bytes) -> Answer:
    if status := _STATUS_LINE.match(reply):
        return Answer(f"{http}://{host}:{port}", int(status[1]))
    return Answer(f"{other}://{host}:{port}", None)


async def _exchange(host: str, port: int, tls: ssl.SSLContext | None = None) -> bytes | Quiet:
    """The first bytes of the reply to ``GET /``; empty when the connection was closed without any."""
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    except (OSError, TimeoutError, ssl.SSLError):
        return Quiet.REFUSED
    try:
        writer.write(_request(host, port))
        return await _first_bytes(reader)
    except TimeoutError:
        return Quiet.SILENT
    except OSError:
        return b""
    finally:
        writer.transport.abort()


def _request(host: str, port: int) -> bytes:
    headers = f"Host: {host}:{port}\r\nUser-Agent: dockwright\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    return f"GET / HTTP/1.1\r\n{headers}".encode()


async def _first_bytes(reader: asyncio.StreamReader) -> bytes:
    """What comes first; of a 400 the start of the body too, which may say that HTTPS was expected."""
    async with asyncio.timeout(ANSWER_TIMEOUT):
        reply = await reader.read(4096)
        while reply and reply.startswith(b"HTTP/"[: len(reply)]) and b"\n" not in reply:
            more = await reader.read(4096)
            if not more:
                break
            reply += more
    status = _STATUS_LINE.match(reply)
    if status and status[1] == b"400":
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                while len(reply) < 8192 and (more := await reader.read(4096)):
                    reply += more
    return reply
