"""Running an image on real engines: hardening, output, the end, and what is left."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.engine import actors
from tests.engine.actors import Stage
from tests.engine.conftest import Endpoint
from tui.core.events import Event, Exited, Failed, Health, Log, Started
from tui.engine import EngineInfo, RunRequest, relay
from tui.engine.daemon import container as containers
from tui.engine.daemon import hardening
from tui.engine.daemon.address import Reach
from tui.engine.daemon.run import stop


@pytest.fixture
def stage(endpoint: Endpoint, client: Any) -> Iterator[Stage]:
    stage = Stage(endpoint, client)
    yield stage
    stage.assert_empty()


async def started(event: Event) -> bool:
    return isinstance(event, Started)


async def printed(event: Event) -> bool:
    return isinstance(event, Log)


async def test_is_hardened_and_says_so(stage: Stage) -> None:
    seen: dict[str, Any] = {}

    async def look(event: Event) -> bool:
        if isinstance(event, Started):
            seen.update(stage.client.inspect_container(event.container))
        return isinstance(event, Started)

    await stage.play("wait", until=look, ports=((8080, "tcp"),), writable_dirs=("/data",))
    host = seen["HostConfig"]
    assert host["ReadonlyRootfs"] is True
    assert set(host["Tmpfs"]) >= {"/tmp", "/data"}
    assert seen["State"]["Pid"]
    if stage.endpoint.is_podman:
        assert not seen.get("EffectiveCaps")
    else:
        assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges" in " ".join(host["SecurityOpt"])
    assert not host["Privileged"]
    assert all(
        binding["HostIp"] == "127.0.0.1" for bindings in host["PortBindings"].values() for binding in bindings
    )
    event = stage.only(Started)
    assert event.hardening == (
        "read-only root",
        "tmpfs on /tmp, /data",
        "no capabilities",
        "no new privileges",
        "ports on 127.0.0.1 only",
    )


async def test_the_kernel_confirms_the_hardening(stage: Stage) -> None:
    await stage.play("status-of-self")
    fields = dict(line.split(":\t", 1) for line in stage.output().splitlines() if ":\t" in line)
    for name in ("CapEff", "CapPrm", "CapBnd", "CapInh"):
        assert int(fields[name], 16) == 0, name
    assert fields["NoNewPrivs"] == "1"
    assert fields["Uid"].split()[0] == "65532"


async def test_writes_where_it_may_and_nowhere_else(stage: Stage) -> None:
    await stage.play("write", "/tmp/a", "/data/b", "/c", writable_dirs=("/data",))
    assert stage.output(1) == "wrote /tmp/a\nwrote /data/b\n"
    assert "/c: read-only file system" in stage.output(2)
    assert stage.only(Exited).exit_code == 1


async def test_a_writable_directory_belongs_to_the_user(stage: Stage) -> None:
    await stage.play(
        "write", "/data/b", "/data/deep/c", writable_dirs=("/data", "/data/deep"), user="65532:65532"
    )
    assert stage.only(Exited).exit_code == 0, stage.output()


async def test_the_root_can_be_left_writable(stage: Stage) -> None:
    dockerfile = 'FROM scratch\nCOPY actor /home/actor\nENTRYPOINT ["/home/actor"]\n'
    tag = actors.image(stage.client, dockerfile)
    await stage.play("write", "/home/c", image_tag=tag)
    assert stage.only(Exited).exit_code == 1
    await stage.play("write", "/home/c", image_tag=tag, writable=True)
    assert stage.only(Exited).exit_code == 0, stage.output()
    assert "read-only root" not in stage.only(Started).hardening
    assert "--read-only" not in stage.only(Started).command


async def test_the_equivalent_command_runs_the_same(stage: Stage) -> None:
    port = actors.free_port()
    settings: dict[str, Any] = {"env": (("GREETING", "two words; $HOME 'x'"),), "writable_dirs": ("/data",)}
    await stage.play("say", "a b", "c'd", "$x", ports=((port, "tcp"),), **settings)
    words = shlex.split(stage.only(Started).command)
    assert words[0] == ("podman" if stage.endpoint.is_podman else "docker")
    where = ["--url" if stage.endpoint.is_podman else "--host", stage.endpoint.url]
    again = [words[0], *where, *words[1:]]
    answer = await asyncio.to_thread(subprocess.run, again, capture_output=True, text=True, timeout=60)
    assert answer.stdout == stage.output() == '["a b" "c\'d" "$x"] two words; $HOME \'x\'\n'


@pytest.mark.parametrize("code", [0, 3])
async def test_the_exit_code_and_the_last_words(stage: Stage, code: int) -> None:
    await stage.play("exit", str(code))
    assert stage.output() == "leaving\n"
    end = stage.only(Exited)
    assert (end.exit_code, end.requested, end.oom_killed) == (code, False, not_for_memory(stage))
    assert stage.events[-1] is end
    assert stage.containers() == []


async def test_a_panic_is_called_one(stage: Stage) -> None:
    await stage.play("panic")
    end = stage.only(Exited)
    assert end.exit_code == 2
    assert "panic" in end.meaning
    assert "goroutine 1 [running]" in stage.output(2)


async def test_want_of_memory_is_told_from_other_kills(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"Memory": 32 << 20, "MemorySwap": 32 << 20}
    configured = hardening.host_config
    monkeypatch.setattr(hardening, "host_config", lambda *args: configured(*args) | limits)
    ends: list[Exited] = []
    while len(ends) < 3 and not any(end.oom_killed for end in ends):  # engines miss one now and then
        stage.events.clear()
        await stage.play("hog")
        ends.append(stage.only(Exited))
    assert {end.exit_code for end in ends} == {137}
    assert all("memory" in end.meaning for end in ends)
    if not stage.endpoint.is_podman:  # which does not see it where two versions of cgroups are mixed
        assert ends[-1].oom_killed


async def test_a_kill_from_outside_is_told_from_want_of_memory(stage: Stage) -> None:
    async def kill(event: Event) -> bool:
        if isinstance(event, Started):
            await asyncio.to_thread(stage.client.kill, event.container)
        return False

    await stage.play("wait", until=kill)
    end = stage.only(Exited)
    assert (end.exit_code, end.oom_killed) == (137, not_for_memory(stage))
    assert "killed from outside" in end.meaning
    if not stage.endpoint.is_podman:
        assert "saw no want of memory" in end.meaning


def not_for_memory(stage: Stage) -> bool | None:
    """What is known of a container that did not end for want of memory."""
    return None if stage.endpoint.is_podman else False


async def test_a_missing_file_is_the_applications_own_error(stage: Stage) -> None:
    await stage.play("read", "/etc/config.yaml")
    assert stage.only(Exited).exit_code == 1
    assert "no such file" in stage.output(2)


async def test_a_flood_loses_no_line(stage: Stage) -> None:
    count = 20_000
    await stage.play("flood", str(count))
    for stream in (1, 2):
        numbers = [int(line.split()[0]) for line in stage.output(stream).splitlines()]
        assert numbers == list(range(stream - 1, count, 2))
    assert isinstance(stage.events[-1], Exited)


async def test_a_slow_reader_loses_no_line(stage: Stage) -> None:
    async def dawdle(event: Event) -> bool:
        await asyncio.sleep(0.001 if isinstance(event, Log) else 0)
        return False

    await stage.play("flood", "3000", until=dawdle)
    assert stage.output().count("\n") == 3000


async def test_cut_characters_are_put_together(stage: Stage) -> None:
    await stage.play("pieces")
    assert stage.output() == "grüße → 🐳\nhalf �"


async def test_stop_ends_it_politely(stage: Stage) -> None:
    await _stopped_once_it_prints(stage, "polite")
    end = stage.only(Exited)
    assert (end.exit_code, end.requested) == (0, True)
    assert stage.output() == "waiting\nbye\n"
    assert stage.containers() == []


async def test_stop_kills_what_does_not_listen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "GRACE", 1)
    began = time.monotonic()
    await _stopped_once_it_prints(stage, "deaf")
    end = stage.only(Exited)
    assert (end.exit_code, end.requested) == (137, True)
    assert "did not end in time" in end.meaning
    assert time.monotonic() - began < 15


async def test_closing_the_stream_leaves_nothing(stage: Stage) -> None:
    began = time.monotonic()
    await stage.play("wait", until=printed)
    assert stage.containers() == []
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4])
async def test_cancelling_at_any_moment_leaves_nothing(stage: Stage, seconds: float) -> None:
    actors.image(stage.client)
    reader = asyncio.create_task(stage.play("wait", ports=((actors.free_port(), "tcp"),)))
    await asyncio.sleep(seconds)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert stage.containers() == []


async def test_cancelling_twice_leaves_nothing(stage: Stage) -> None:
    reader = asyncio.create_task(stage.play("wait"))
    await asyncio.sleep(0.3)
    for _ in range(3):
        reader.cancel()
        await asyncio.sleep(0.02)
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert stage.containers() == []


async def test_the_remains_of_a_dead_process_are_swept_away(stage: Stage) -> None:
    """An engine that was restarted keeps the container whose dockwright is gone by now."""
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await dead.wait()
    labels = {containers.LABEL: str(dead.pid)}, {containers.LABEL: str(os.getppid())}
    ended, of_another = [
        stage.client.create_container(actors.image(stage.client), ["exit", "0"], labels=label)["Id"]
        for label in labels
    ]
    try:
        for left in (ended, of_another):
            stage.client.start(left)
            stage.client.wait(left)
        await stage.play("exit", "0")
        kept = [container["Id"] for container in stage.client.containers(all=True)]
        assert ended not in kept
        assert of_another in kept
    finally:
        stage.client.remove_container(of_another, force=True)


async def test_the_health_check_is_reported(stage: Stage) -> None:
    """Every state once, up to the one the engine itself names."""
    # Podman leaves running the checks to systemd, which the machine under test may not have.
    final = ("starting",) if stage.endpoint.is_podman else ("healthy", "unhealthy")
    said: list[str] = []

    async def settled(event: Event) -> bool:
        if isinstance(event, Health) and event.state in final:
            said.append(await asyncio.to_thread(_health, stage))
        return bool(said)

    await stage.play("wait", until=settled, image_tag=actors.image(stage.client, actors.HEALTHY))
    states = [event.state for event in stage.events if isinstance(event, Health)]
    assert states == list(dict.fromkeys(["starting", *said]))


async def test_what_was_stopped_is_not_called_unhealthy(endpoint: Endpoint, client: Any) -> None:
    tag = actors.image(client, actors.HEALTHY)
    info = EngineInfo("Docker", "0", "linux", "amd64", endpoint.url, "", None)
    run = containers.Container(client, RunRequest(image=tag, tag=tag), info, Reach("127.0.0.1", ()))
    run.id = client.create_container(tag, ["wait"])["Id"]
    try:
        client.start(run.id)
        assert run.health() in ("starting", "healthy")
        client.stop(run.id, timeout=1)
        assert run.health() is None
    finally:
        client.remove_container(run.id, force=True)


async def test_without_a_health_check_none_is_reported(stage: Stage) -> None:
    await stage.play("exit", "0")
    assert not [event for event in stage.events if isinstance(event, Health)]


@pytest.mark.parametrize(
    ("dockerfile", "content", "mode", "word"),
    [
        (actors.GONE, b"", 0o755, "no such file"),
        (actors.PLAIN, b"this is no program", 0o755, "exec format error"),
        (actors.PLAIN, b"this is no program", 0o644, "permission denied"),
        (actors.NOBODY, b"", 0o755, "somebody"),
    ],
    ids=["gone", "format", "permission", "user"],
)
async def test_what_cannot_start_fails_in_words(
    stage: Stage, dockerfile: str, content: bytes, mode: int, word: str
) -> None:
    await stage.play(image_tag=actors.image(stage.client, dockerfile, content, mode))
    failed = stage.only(Failed)
    assert word in failed.detail.lower()
    assert failed.what.endswith(".")
    assert stage.events[-1] is failed
    assert stage.containers() == []


async def test_an_image_that_is_not_there_fails_in_words(stage: Stage) -> None:
    await stage.play(image_tag="dockwright-test/no-such-image:1")
    assert "no such image" in stage.only(Failed).detail.lower()


async def test_a_container_removed_by_someone_else_ends_the_stream(stage: Stage) -> None:
    async def remove(event: Event) -> bool:
        if isinstance(event, Log):
            await asyncio.to_thread(stage.client.remove_container, stage.only(Started).container, force=True)
        return False

    await stage.play("wait", until=remove)
    assert isinstance(stage.events[-1], Exited | Failed)


def test_a_killed_process_leaves_nothing(stage: Stage) -> None:
    """As the command line does it: the signal cancels the task, and that cleans up."""
    tag = actors.image(stage.client)
    program = textwrap.dedent(
        f"""
        import asyncio, docker, signal
        from tui.core.events import Log
        from tui.engine import EngineInfo, RunRequest
        from tui.engine.daemon.run import run

        async def main():
            client = docker.APIClient(base_url={stage.endpoint.url!r}, version="auto")
            name = {"Podman" if stage.endpoint.is_podman else "Docker"!r}
            info = EngineInfo(name, "0", "linux", "amd64", {stage.endpoint.url!r}, "", None)
            task = asyncio.current_task()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
            async for event in run(client, RunRequest({tag!r}, {tag!r}, args=("wait",)), info):
                if isinstance(event, Log):
                    print("running", flush=True)

        asyncio.run(main())
        """
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "running\n"
        label = {"label": f"{containers.LABEL}={process.pid}"}
        assert len(stage.client.containers(all=True, filters=label)) == 1
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert stage.client.containers(all=True, filters=label) == []
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _health(stage: Stage) -> str:
    state = stage.client.inspect_container(stage.only(Started).container)["State"]
    return str(state["Health"]["Status"])


async def _stopped_once_it_prints(stage: Stage, part: str) -> None:
    stops: list[asyncio.Task[None]] = []

    async def ask_to_stop(event: Event) -> bool:
        if isinstance(event, Log) and not stops:
            stops.append(asyncio.create_task(stop(stage.client, stage.only(Started).container)))
        return False

    await stage.play(part, until=ask_to_stop)
    await asyncio.gather(*stops)
