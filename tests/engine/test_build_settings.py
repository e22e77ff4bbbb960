"""What a build is given beside its Dockerfile: a stage, arguments, secrets, an ssh agent."""

from __future__ import annotations

import hashlib
import json
import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.builds import ALPINE, build, engine_at, failed, finished, processes, request
from tests.engine.conftest import Endpoint
from tui.core.events import BuildStarted
from tui.engine import BuildRequest, EngineInfo
from tui.engine.daemon.refusals import refusal

PASSWORD = f"s3cret-{uuid.uuid4().hex}"  # no process of another worker has it
PROXY = f"http://someone:{PASSWORD}@proxy.invalid:3128"
PROXIES = (("HTTP_PROXY", PROXY), ("HTTPS_PROXY", f"{PROXY}/tls"), ("NO_PROXY", "a.invalid,b.invalid"))
INFO = EngineInfo("Docker", "28.5.2", "linux", "amd64", "unix:///run/docker.sock", "overlay2", "0.29.1")
PLAIN = BuildRequest(Path(), "FROM scratch\n", "", "x:1", (), "")


async def test_target_and_arguments(endpoint: Endpoint, transport: str, tmp_path: Path) -> None:
    check = f'test "$GREETING" = "hello, \\"world\\" $HOME" # {uuid.uuid4().hex}'
    dockerfile = f"FROM {ALPINE} AS wanted\nARG GREETING\nRUN {check}\nFROM wanted\nRUN exit 9\n"
    given = (("GREETING", 'hello, "world" /root'),)
    finished(
        await build(endpoint, request(tmp_path, dockerfile, transport, target="wanted", build_args=given))
    )


async def test_proxies_reach_every_step_and_stay_out_of_the_image(
    endpoint: Endpoint, transport: str, client: Any, tmp_path: Path
) -> None:
    """The step compares a hash, so that its own text does not hold the proxy."""
    seen = "".join(value for _, value in PROXIES) + "\n"
    expected = hashlib.sha256(seen.encode()).hexdigest()
    check = f'test "$(echo $HTTP_PROXY$HTTPS_PROXY$NO_PROXY | sha256sum)" = "{expected}  -"'
    dockerfile = f"FROM {ALPINE}\nRUN {check} # {uuid.uuid4().hex}\n"
    wanted = request(tmp_path, dockerfile, transport, build_args=PROXIES)
    async with engine_at(endpoint.url) as engine:
        events = [(event, processes(PASSWORD)) async for event in engine.build(wanted)]
    finished([event for event, _ in events])
    try:
        told = json.dumps([client.inspect_image(wanted.tag), client.history(wanted.tag)])
    finally:
        client.remove_image(wanted.tag, force=True)
    assert not any(seen for _, seen in events), "no process has the password among its words"
    assert expected in told, "the step is in the history"
    assert "s3cret" not in told and "b.invalid" not in told


async def test_a_secret_is_there_for_its_step_alone(
    endpoint: Endpoint, transport: str, client: Any, tmp_path: Path
) -> None:
    secret = tmp_path / 'a "secret", with=signs'
    secret.write_text("machine git.invalid login someone password s3cret\n")
    expected = hashlib.sha256(secret.read_bytes()).hexdigest()
    mount = "--mount=type=secret,id=netrc,target=/root/.netrc"
    check = f'test "$(sha256sum < /root/.netrc)" = "{expected}  -" # {uuid.uuid4().hex}'
    after = "test ! -s /root/.netrc"
    dockerfile = f"FROM {ALPINE}\nRUN {mount} {check}\nRUN {after}\n"
    context = tmp_path / "context"
    context.mkdir()
    wanted = request(context, dockerfile, transport, secrets=(("netrc", secret),))
    events = await build(endpoint, wanted, keep=True)
    if transport == "api":
        assert failed(events) == events[0], "nothing was begun"
        assert "a secret" in failed(events).what and "buildx" in failed(events).what
        return
    finished(events)
    told = json.dumps([client.inspect_image(wanted.tag), client.history(wanted.tag)])
    client.remove_image(wanted.tag, force=True)
    assert "s3cret" not in told


@pytest.fixture
def agent(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A socket that stands in for an ssh agent's."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short_path / "agent"))
        listener.listen()
        monkeypatch.setenv("SSH_AUTH_SOCK", str(short_path / "agent"))
        yield


@pytest.mark.usefixtures("agent")
async def test_the_ssh_agent_is_forwarded(endpoint: Endpoint, transport: str, tmp_path: Path) -> None:
    context = tmp_path / "context"
    context.mkdir()
    check = f'test -S "$SSH_AUTH_SOCK" # {uuid.uuid4().hex}'
    dockerfile = f"FROM {ALPINE}\nRUN --mount=type=ssh {check}\n"
    events = await build(endpoint, request(context, dockerfile, transport, ssh=True))
    if transport == "api":
        assert failed(events) == events[0] and "ssh agent" in failed(events).what
    else:
        finished(events)


async def test_auto_takes_buildx_for_a_secret(endpoint: Endpoint, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    dockerfile = f"FROM {ALPINE}\nRUN --mount=type=secret,id=a,required=true test -s /run/secrets/a\n"
    events = await build(endpoint, request(tmp_path, dockerfile, "auto", secrets=(("a", secret),)))
    if endpoint.is_podman:
        assert "Podman" in failed(events).why
    else:
        finished(events)
        assert isinstance(events[0], BuildStarted) and events[0].transport == "buildx"


async def test_a_context_above_the_project(endpoint: Endpoint, transport: str, tmp_path: Path) -> None:
    """A replaced module beside the project is in it, and neither folder is written to."""
    for name in ("app", "lib"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(f"module {name} // {uuid.uuid4().hex}\n")
    dockerfile = f"FROM {ALPINE}\nWORKDIR /src\nCOPY lib lib\nCOPY app app\nRUN cat lib/go.mod app/go.mod\n"
    finished(await build(endpoint, request(tmp_path, dockerfile, transport, dockerignore="**/*.md\n")))
    assert files(tmp_path) == ["app", "app/go.mod", "lib", "lib/go.mod"]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


async def test_windows_is_refused_before_anything_begins(
    endpoint: Endpoint, transport: str, tmp_path: Path
) -> None:
    wanted = request(tmp_path, "FROM nowhere.invalid/windows:1\n", transport, os="windows")
    events = await build(endpoint, wanted)
    assert failed(events) == events[0]
    assert failed(events).what == "This plan needs an engine that runs Windows containers."
    assert endpoint.url in failed(events).why and "Linux" in failed(events).why


def test_linux_is_refused_by_a_windows_engine() -> None:
    refused = refusal(PLAIN, replace(INFO, os="windows"))
    assert refused and refused.what == "This plan needs an engine that runs Linux containers."
    assert "is a Windows one" in refused.why
    assert refusal(replace(PLAIN, os="windows"), replace(INFO, os="windows")) is None


@pytest.mark.parametrize("way", ["auto", "buildx", "api"])
@pytest.mark.parametrize("buildx", [None, "0.29.1"])
def test_a_secret_needs_a_session(way: str, buildx: str | None, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    wanted = replace(PLAIN, transport=way, secrets=(("netrc", secret),))
    refused = refusal(wanted, replace(INFO, buildx=buildx))
    if buildx and way != "api":
        assert refused is None
    else:
        assert refused and "a secret" in refused.what
        assert ("--transport buildx" if buildx else "Install docker-buildx") in refused.fix


def test_what_is_not_there_cannot_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = refusal(replace(PLAIN, secrets=(("netrc", tmp_path / "none\x1b[31m"),)), INFO)
    assert refused and "netrc" in refused.what and "\x1b" not in refused.why
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    refused = refusal(replace(PLAIN, ssh=True), INFO)
    assert refused and "SSH_AUTH_SOCK" in refused.why
