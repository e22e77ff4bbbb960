"""Published ports and whether the application answers, on real engines."""

from __future__ import annotations

import asyncio
import re
import socket
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine import actors
from tests.engine.actors import Stage
from tests.engine.conftest import Endpoint
from tui.core.events import Event, Exited, Log, NotProbed, Ready, Started
from tui.engine import probe
from tui.engine.daemon import container as containers


@pytest.fixture
def stage(endpoint: Endpoint, client: Any) -> Iterator[Stage]:
    stage = Stage(endpoint, client)
    yield stage
    stage.assert_empty()


async def ready(event: Event) -> bool:
    return isinstance(event, Ready)


async def answered(event: Event) -> bool:
    return isinstance(event, Ready | NotProbed)


async def test_an_http_server_answers(stage: Stage) -> None:
    port = actors.free_port()
    bodies: list[int] = []

    async def fetch(event: Event) -> bool:
        if isinstance(event, Ready):
            bodies.append(await asyncio.to_thread(_status, event.url))
        return isinstance(event, Ready)

    await stage.play("http", str(port), until=fetch, ports=((port, "tcp"),))
    event = stage.only(Ready)
    assert (event.url, event.status) == (f"http://127.0.0.1:{port}", 200)
    assert 0 < event.seconds < 10
    assert bodies == [200]


async def test_any_http_status_is_an_answer(stage: Stage) -> None:
    port = actors.free_port()
    await stage.play("status", str(port), "503", until=answered, ports=((port, "tcp"),))
    assert stage.only(Ready).status == 503


async def test_a_tls_server_answers_over_https(stage: Stage) -> None:
    port = actors.free_port()
    await stage.play("https", str(port), until=answered, ports=((port, "tcp"),))
    event = stage.only(Ready)
    assert (event.url, event.status) == (f"https://127.0.0.1:{port}", 200)


async def test_bare_tls_is_an_answer(stage: Stage) -> None:
    port = actors.free_port()
    await stage.play("tls", str(port), until=answered, ports=((port, "tcp"),))
    event = stage.only(Ready)
    assert (event.url, event.status) == (f"tls://127.0.0.1:{port}", None)


async def test_a_server_that_speaks_first_answers(stage: Stage) -> None:
    port = actors.free_port()
    await stage.play("banner", str(port), until=answered, ports=((port, "tcp"),))
    event = stage.only(Ready)
    assert (event.url, event.status) == (f"tcp://127.0.0.1:{port}", None)


@pytest.mark.parametrize(
    ("part", "word"),
    [("silent", "says nothing"), ("wait", "nothing listens"), ("local", "127.0.0.1|nothing listens")],
)
async def test_no_answer_is_said_with_the_reason(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, part: str, word: str
) -> None:
    monkeypatch.setattr(probe, "PATIENCE", 3.0)
    monkeypatch.setattr(probe, "ANSWER_TIMEOUT", 0.5)
    port = actors.free_port()
    await stage.play(part, str(port), until=answered, ports=((port, "tcp"),))
    why = stage.only(NotProbed).why
    assert f"Port {port} " in why
    assert re.search(word, why)


async def test_a_late_server_becomes_ready_after_all(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PATIENCE", 1.0)
    port = actors.free_port()
    await stage.play("late", str(port), "3s", until=ready, ports=((port, "tcp"),))
    kinds = [type(event) for event in stage.events]
    assert kinds.index(NotProbed) < kinds.index(Ready)
    assert 3 <= stage.only(Ready).seconds < 10


async def test_the_first_of_several_ports_that_answers_wins(stage: Stage) -> None:
    silent, port = actors.free_port(), actors.free_port()
    await stage.play("http", str(port), until=answered, ports=((silent, "tcp"), (port, "tcp")))
    assert stage.only(Ready).url == f"http://127.0.0.1:{port}"


async def test_udp_is_published_as_udp(stage: Stage) -> None:
    port = actors.free_port()
    echoed: list[bytes] = []

    async def ask(event: Event) -> bool:
        if isinstance(event, Log):  # it listens
            echoed.append(await asyncio.to_thread(_echo, port))
        return bool(echoed) and any(isinstance(seen, NotProbed) for seen in stage.events)

    await stage.play("udp", str(port), until=ask, ports=((port, "udp"),))
    assert "UDP" in stage.only(NotProbed).why
    (published,) = stage.only(Started).published
    assert (published.protocol, published.host_port) == ("udp", port)
    assert echoed == [b"hello"]


async def test_without_a_port_nothing_is_probed(stage: Stage) -> None:
    await stage.play("wait", until=answered)
    assert stage.only(NotProbed).why == "No port is published."
    assert stage.only(Started).published == ()


async def test_a_taken_port_gives_way_to_a_free_one(stage: Stage) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        await stage.play("http", str(port), until=answered, ports=((port, "tcp"),))
    (published,) = stage.only(Started).published
    assert (published.port, published.wanted) == (port, port)
    assert published.host_port not in (0, port)
    assert stage.only(Ready).url == f"http://127.0.0.1:{published.host_port}"
    assert f"127.0.0.1:{published.host_port}:{port}/tcp" in stage.only(Started).command


async def test_a_port_taken_at_the_last_moment_gives_way_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was free when looked at is refused by the engine itself."""
    monkeypatch.setattr(containers, "is_free", lambda port, protocol: True)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken, port = holder.getsockname()[1], actors.free_port()
        await stage.play("http", str(port), until=answered, ports=((taken, "tcp"), (port, "tcp")))
    first, second = stage.only(Started).published
    assert first.host_port not in (0, taken)
    if not stage.endpoint.is_podman:  # which itself holds the ports of what it could not start
        assert second.host_port == port
    assert stage.only(Ready).url == f"http://127.0.0.1:{second.host_port}"


async def test_a_restart_gets_the_same_port(stage: Stage) -> None:
    """Connections of the last run that wait to be forgotten do not count."""
    port = actors.free_port()
    for _ in range(2):
        await stage.play("http", str(port), until=ready, ports=((port, "tcp"),))
        assert stage.only(Started).published[0].host_port == port


async def test_a_low_port_can_be_listened_on_without_capabilities(stage: Stage) -> None:
    await stage.play("http", "80", until=answered, ports=((80, "tcp"),))
    assert stage.only(Ready).status == 200


async def test_an_end_while_it_is_asked_ends_the_questions(stage: Stage) -> None:
    port = actors.free_port()
    await stage.play("exit", "0", ports=((port, "tcp"),))
    assert isinstance(stage.events[-1], Exited)
    assert not [event for event in stage.events if isinstance(event, Ready)]


def _status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return int(answer.status)


def _echo(port: int) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(5)
        asker.sendto(b"hello", ("127.0.0.1", port))
        return asker.recv(100)
