"""Where published ports are reached, for engines here and elsewhere."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import actors
from tests.engine.actors import Stage
from tests.engine.conftest import Endpoint
from tui.core.events import Event, NotProbed, Ready, Started
from tui.engine import probe
from tui.engine.daemon import address
from tui.engine.daemon import run as runs
from tui.engine.daemon.address import Reach, reach
from tui.engine.ports import LOOPBACK, is_free


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that is no container."""
    monkeypatch.setattr(address, "_IN_A_CONTAINER", ())


@pytest.fixture
def stage(endpoint: Endpoint, client: Any) -> Iterator[Stage]:
    stage = Stage(endpoint, client)
    yield stage
    stage.assert_empty()


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    "endpoint_url",
    [
        "unix:///var/run/docker.sock",
        "npipe:////./pipe/docker_engine",
        "tcp://localhost:2375",
        "tcp://127.0.0.1:2375",
        "tcp://[::1]:2375",
        "",
    ],
)
def test_an_engine_here_is_reached_on_loopback(endpoint_url: str) -> None:
    assert reach(endpoint_url) == Reach(LOOPBACK, (LOOPBACK,), local=True)


def test_in_a_container_other_addresses_are_tried_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(address, "_IN_A_CONTAINER", (tmp_path / "absent", tmp_path))
    route = reach("unix:///var/run/docker.sock")
    assert route.beside
    assert route.hosts == (LOOPBACK, "host.docker.internal")


def test_an_engine_over_tcp_is_reached_on_its_host() -> None:
    assert reach("tcp://192.0.2.7:2376") == Reach("192.0.2.7", ("192.0.2.7",))


def test_a_host_without_an_address_is_said_to_have_none() -> None:
    route = reach("tcp://engine.invalid:2376")
    assert route.hosts == ()
    assert "engine.invalid" in route.unreachable


@pytest.mark.parametrize(
    ("endpoint_url", "line"),
    [
        ("ssh://build.example.com", "ssh -N -L 81:127.0.0.1:81 build.example.com"),
        ("ssh://me@build.example.com:2222", "ssh -N -p 2222 -L 81:127.0.0.1:81 me@build.example.com"),
    ],
)
def test_an_engine_over_ssh_comes_with_the_line_that_forwards(endpoint_url: str, line: str) -> None:
    route = reach(endpoint_url)
    assert (route.publish, route.hosts) == (LOOPBACK, ())
    assert route.unreachable.format(port=81).endswith(line)


def test_a_port_is_free_until_someone_listens() -> None:
    port = actors.free_port()
    assert is_free(port, "tcp")
    with socket.socket() as holder:
        holder.bind((LOOPBACK, port))
        holder.listen()
        assert not is_free(port, "tcp")
        assert is_free(port, "udp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind((LOOPBACK, port))
        assert not is_free(port, "udp")


def test_someone_who_listens_everywhere_takes_it_too() -> None:
    with socket.socket() as holder:
        holder.bind(("0.0.0.0", 0))
        holder.listen()
        assert not is_free(holder.getsockname()[1], "tcp")


async def answered(event: Event) -> bool:
    return isinstance(event, Ready | NotProbed)


def from_afar(stage: Stage, url: str) -> Stage:
    """The same engine, as if it were connected to at another address."""
    return Stage(Endpoint(stage.endpoint.name, url), stage.client)


async def test_over_ssh_the_screen_says_how_to_reach_it(stage: Stage) -> None:
    port = actors.free_port()
    afar = from_afar(stage, "ssh://me@build.example.com")
    await afar.play("http", str(port), until=answered, ports=((port, "tcp"),))
    assert afar.only(NotProbed).why.endswith(f"ssh -N -L {port}:127.0.0.1:{port} me@build.example.com")
    assert afar.only(Started).published[0].host == LOOPBACK


async def test_over_tcp_it_is_published_where_the_engine_is(stage: Stage) -> None:
    own, port = _own_address(), actors.free_port()
    afar = from_afar(stage, f"tcp://{own}:2376")
    await afar.play("http", str(port), until=answered, ports=((port, "tcp"),))
    assert afar.only(Started).published[0].host == own
    assert "ports on 127.0.0.1 only" not in afar.only(Started).hardening
    assert afar.only(Ready).url == f"http://{own}:{port}"


async def test_an_address_the_host_does_not_have_is_explained(stage: Stage) -> None:
    port = actors.free_port()
    afar = from_afar(stage, "tcp://192.0.2.7:2376")
    await afar.play("http", str(port), until=answered, ports=((port, "tcp"),))
    assert afar.only(Started).published[0].host == LOOPBACK
    assert "192.0.2.7" in afar.only(NotProbed).why


async def test_beside_the_engine_the_containers_own_address_answers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that was given the engine's socket: nothing is behind its 127.0.0.1."""
    port, unused = actors.free_port(), actors.free_port()
    monkeypatch.setattr(probe, "FALLBACK_AFTER", 0.5)
    monkeypatch.setattr(runs, "reach", lambda url: Reach(LOOPBACK, ("127.0.0.9",), local=True, beside=True))
    await stage.play("http", str(unused), until=answered, ports=((unused, "tcp"), (port, "tcp")))
    host = stage.only(Ready).url.removeprefix("http://").rpartition(":")[0]
    assert host.startswith("10.") or host.startswith("172.")


async def test_beside_the_engine_no_answer_comes_with_the_doubt(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = actors.free_port()
    monkeypatch.setattr(probe, "PATIENCE", 1.0)
    monkeypatch.setattr(runs, "reach", lambda url: Reach(LOOPBACK, ("127.0.0.9",), local=True, beside=True))
    await stage.play("wait", until=answered, ports=((port, "tcp"),))
    assert "runs in a container itself" in stage.only(NotProbed).why


def _own_address() -> str:
    """This machine's address on its way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe_socket:
        probe_socket.connect(("192.0.2.1", 9))
        return str(probe_socket.getsockname()[0])
