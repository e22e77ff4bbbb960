"""Running an image without an engine: what it may do, what it sees, what it prints, how it ends."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import actors
from tests.engine.embedded.stage import USER, Stage, processes
from tui.core.events import Exited, Failed, Health, Listening, NotProbed, Ready, Started


def test_a_server_answers(sandbox: Stage) -> None:
    port = actors.free_port()
    sandbox.play("http", str(port), ports=[[port, "tcp"]], until="listening", again="dockwright run .")
    started, ready = sandbox.only(Started), sandbox.only(Ready)
    assert (ready.url, ready.status) == (f"http://127.0.0.1:{port}", 200)
    assert [(p.port, p.host, p.wanted) for p in started.published] == [(port, "", port)]
    assert started.command == "dockwright run ."
    assert sandbox.only(Listening) == Listening(port, ("::",), open=True)
    assert "this machine's own" in sandbox.notices()


def test_a_server_on_the_loopback_is_not_open(unprivileged: Stage) -> None:
    port = actors.free_port()
    unprivileged.play("local", str(port), ports=[[port, "tcp"]], until="listening")
    assert unprivileged.only(Listening) == Listening(port, ("127.0.0.1",), open=False)


@pytest.mark.parametrize("user", [USER, "0:0", "0:1000"])
def test_the_kernel_confirms_the_hardening(sandbox: Stage, user: str) -> None:
    sandbox.play("cat", "/proc/self/status", writable_dirs=["/data"], config={"User": user})
    fields = _status(sandbox.output())
    for name in ("CapEff", "CapPrm", "CapInh", "CapAmb", "CapBnd"):
        assert int(fields[name], 16) == 0, name
    assert (fields["NoNewPrivs"], fields["Pid"]) == ("1", "1")
    uid, gid = user.split(":")
    assert (fields["Uid"].split(), fields["Gid"].split()) == ([uid] * 4, [gid] * 4)
    words = ("read-only root", "tmpfs on /tmp, /data", "no capabilities", "no new privileges")
    assert sandbox.only(Started).hardening == words
    assert f"made by {sandbox.way}" in sandbox.notices()


def test_signals_are_as_for_any_program(sandbox: Stage) -> None:
    """Python, which becomes the program, ignores some for itself; a Go program would take them back.

    What whoever started this ignores, as nohup does, is no matter of the sandbox.
    """
    libraries = subprocess.run(["ldd", "/bin/cat"], capture_output=True, text=True, check=True).stdout
    for place in ("/bin/cat", *re.findall(r"(/\S+) \(0x", libraries)):
        copy = sandbox.root / place.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(place, copy)
    sandbox.play(config={"Entrypoint": ["/bin/cat", "/proc/self/status"]})
    inside, here = _status(sandbox.output()), _status(Path("/proc/self/status").read_text())
    ours = sum(1 << (number - 1) for number in (signal.SIGPIPE, signal.SIGXFSZ))
    assert int(inside["SigIgn"], 16) == int(here["SigIgn"], 16) & ~ours
    assert int(inside["SigBlk"], 16) == 0


def _status(text: str) -> dict[str, str]:
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def test_folders_to_write_to_are_mounted_as_engines_do(sandbox: Stage) -> None:
    sandbox.play("cat", "/proc/self/mountinfo", writable_dirs=["/data"])
    mounts = {line.split()[4]: set(line.split()[5].split(",")) for line in sandbox.output().splitlines()}
    for path in ("/tmp", "/data", "/dev/shm"):
        assert mounts[path] >= {"rw", "noexec", "nosuid", "nodev"}, path


def test_writes_where_it_may_and_nowhere_else(sandbox: Stage) -> None:
    dirs = ["/data/deep", "/data", "/etc/own"]
    places = ("/tmp/a", "/data/b", "/data/deep/c", "/etc/own/d")
    for place in ("/e", "/etc/f", "/proc/sys/kernel/hostname"):
        sandbox.play("write", *places, place, writable_dirs=dirs)
        assert sandbox.output(1) == "".join(f"wrote {place}\n" for place in places)
        assert f"{place}: read-only file system" in sandbox.output(2)
        assert sandbox.only(Exited).exit_code == 1


def test_folders_to_write_to_belong_to_the_user(sandbox: Stage) -> None:
    sandbox.play("owner", "/tmp", "/data", "/actor", writable_dirs=["/data"])
    assert sandbox.output() == (
        "/tmp dtrwxrwxrwx 65532 65532\n/data drwxr-xr-x 65532 65532\n/actor -rwxr-xr-x 65532 65532\n"
    )


def test_the_root_can_be_left_writable(sandbox: Stage) -> None:
    sandbox.play("write", "/new", writable=True)
    assert sandbox.only(Exited).exit_code == 0, sandbox.output()
    assert "read-only root" not in sandbox.only(Started).hardening
    assert not (sandbox.root / "new").exists()


def test_only_its_own_processes_are_to_be_seen(sandbox: Stage) -> None:
    sandbox.play("list", "/proc")
    assert [name for name in sandbox.output().split() if name.isdecimal()] == ["1"]


def test_nothing_of_this_machine_is_to_be_seen(sandbox: Stage) -> None:
    sandbox.play("list", "/")
    assert sandbox.output().split() == ["actor", "dev", "etc", "proc", "tmp"]
    sandbox.play("links", "/proc/self/fd")
    opened = dict(line.split() for line in sandbox.output().splitlines())
    assert opened.pop("0") == "/dev/null"
    assert opened.pop("1").startswith("pipe:")
    assert opened.pop("2").startswith("pipe:")
    assert all(target.startswith(("anon_inode:", "/proc/")) for target in opened.values()), opened


def test_the_environment_is_the_images_and_the_requests(sandbox: Stage) -> None:
    env = ["GREETING=hello", "KEPT=two\nlines; $HOME 'x'", "PATH=/bin"]
    sandbox.play("environ", config={"Env": env}, env=[["GREETING", "hi \x01\\n"], ["EMPTY", ""]])
    name = sandbox.only(Started).container
    told = dict(line.split("=", 1) for line in _go_strings(sandbox.output()))
    told.pop("PWD", None)  # bubblewrap's own
    assert told == {
        "PATH": "/bin",
        "HOME": "/",
        "HOSTNAME": name,
        "GREETING": "hi \x01\\n",
        "KEPT": "two\nlines; $HOME 'x'",
        "EMPTY": "",
    }


def test_variables_of_the_loader_reach_the_program_alone(sandbox: Stage) -> None:
    """The programs of this machine that make the sandbox would say that it is not there."""
    sandbox.play("environ", env=[["LD_PRELOAD", "/none.so"]])
    assert "LD_PRELOAD=/none.so" in sandbox.output()
    assert sandbox.output(2) == ""


def test_values_of_the_environment_are_in_no_command_line(sandbox: Stage) -> None:
    with sandbox.playing("wait", env=[["PASSWORD", "only-its-user-knows"]]) as player:
        assert player.stdout is not None
        assert any('"log"' in line for line in iter(player.stdout.readline, ""))
        assert processes("/actor\0wait")
        assert processes("only-its-user-knows") == []
        player.terminate()
        player.wait()


def test_names_are_looked_up_as_on_this_machine(unprivileged: Stage) -> None:
    unprivileged.play("cat", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname")
    own = Path("/etc/resolv.conf").read_text(encoding="utf-8")
    assert unprivileged.output().startswith(own)
    assert unprivileged.output().endswith(f"{unprivileged.only(Started).container}\n")
    assert "localhost" in unprivileged.output()


def test_user_working_directory_and_path_are_the_images(unprivileged: Stage) -> None:
    etc = unprivileged.root / "etc"
    etc.mkdir()
    (etc / "passwd").write_text("app:x:1234:2345:app:/srv/app:/sbin/nologin\n", encoding="utf-8")
    config = {"User": "app", "WorkingDir": "/srv/app", "Entrypoint": ["actor"], "Env": ["PATH=/none:/"]}
    unprivileged.play("owner", ".", config=config)
    assert unprivileged.output() == ". drwxr-xr-x 1234 2345\n"
    unprivileged.play("environ", config=config)
    assert "HOME=/srv/app" in unprivileged.output()


def test_arguments_take_the_place_of_the_images(unprivileged: Stage) -> None:
    unprivileged.play(config={"Cmd": ["say", "one"]})
    assert unprivileged.output() == '["one"] \n'
    unprivileged.play("say", "a b", "$x;'\n", config={"Cmd": ["exit", "3"]})
    assert unprivileged.output() == '["a b" "$x;\'\\n"] \n'


def test_what_it_started_ends_with_it(sandbox: Stage) -> None:
    word = f"of-{sandbox.home.name}"
    sandbox.play("parent", "wait", word)
    assert sandbox.only(Exited).exit_code == 0, sandbox.output()
    assert processes(word) == []


def test_stop_ends_it_politely(sandbox: Stage) -> None:
    sandbox.play("polite", stop="log")
    end = sandbox.only(Exited)
    assert (end.exit_code, end.requested, sandbox.output()) == (0, True, "waiting\nbye\n")


def test_stop_kills_what_does_not_listen(sandbox: Stage) -> None:
    sandbox.play("deaf", stop="log", grace=0.1)
    end = sandbox.only(Exited)
    assert (end.exit_code, end.requested) == (137, True)
    assert "did not end in time" in end.meaning


def test_a_flood_loses_no_line(unprivileged: Stage) -> None:
    count = 200_000
    unprivileged.play("flood", str(count))
    for stream in (1, 2):
        numbers = [int(line.split()[0]) for line in unprivileged.output(stream).splitlines()]
        assert numbers == list(range(stream - 1, count, 2))
    assert isinstance(unprivileged.events[-1], Exited)


def test_any_bytes_may_be_printed(unprivileged: Stage) -> None:
    unprivileged.play("bytes", "20000")
    assert unprivileged.output() == "\0\x1b\ufffd\n" * 20000
    unprivileged.play("pieces")
    assert unprivileged.output() == "grüße → 🐳\nhalf �"


def test_closed_streams_are_no_end(unprivileged: Stage) -> None:
    unprivileged.play("mute", "4")
    assert unprivileged.only(Exited).exit_code == 4


def test_a_health_check_makes_it_healthy(unprivileged: Stage) -> None:
    check = {"Test": ["CMD", "/actor", "healthy"], "Interval": 50_000_000}
    unprivileged.play("wait", config={"Healthcheck": check}, until="health")
    assert unprivileged.only(Health).state == "starting"
    assert "health check" in unprivileged.notices()
    port = actors.free_port()
    unprivileged.play("http", str(port), config={"Healthcheck": check}, stop="log", until="exited", grace=0)
    assert [event.state for event in unprivileged.events if isinstance(event, Health)][:1] == ["starting"]


@pytest.mark.parametrize(("words", "state"), [(["healthy"], "healthy"), (["exit", "1"], "unhealthy")])
def test_the_state_is_the_checks(unprivileged: Stage, words: list[str], state: str) -> None:
    check = {"Test": ["CMD", "/actor", *words], "Interval": 50_000_000, "Retries": 2}
    with unprivileged.playing("wait", config={"Healthcheck": check}) as player:
        assert player.stdout is not None
        states = [line for line in _until(iter(player.stdout.readline, ""), state) if '"health"' in line]
        player.terminate()
        player.wait()
    assert [state in line for line in states] == [False, True]


def _until(lines: Iterator[str], word: str) -> Iterator[str]:
    for line in lines:
        yield line
        if f'"{word}"' in line:
            return


@pytest.mark.parametrize(
    ("entrypoint", "content", "mode", "word"),
    [
        ("/gone", b"", 0o755, "no such file"),
        ("gone", b"", 0o755, "executable file not found"),
        ("/plain", b"this is no program", 0o755, "exec format error"),
        ("/plain", b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xff\x00" + bytes(44), 0o755, "exec format error"),
        ("/plain", b"this is no program", 0o644, "permission denied"),
        ("/plain", b"#!/bin/none\n", 0o755, "no such file"),
        ("/etc", b"", 0o755, "permission denied"),
    ],
    ids=["gone", "not in PATH", "format", "processor", "permission", "interpreter", "folder"],
)
def test_what_cannot_start_fails_in_words(
    unprivileged: Stage, entrypoint: str, content: bytes, mode: int, word: str
) -> None:
    (unprivileged.root / "plain").write_bytes(content)
    (unprivileged.root / "plain").chmod(mode)
    (unprivileged.root / "etc").mkdir()
    (unprivileged.root / "etc").chmod(0o777)
    unprivileged.play(config={"Entrypoint": [entrypoint]})
    failed = unprivileged.only(Failed)
    assert word in failed.detail
    assert failed.what.endswith(".")
    assert unprivileged.events[-1] is failed


def test_an_unknown_user_fails_in_words(unprivileged: Stage) -> None:
    unprivileged.play("exit", "0", config={"User": "somebody"})
    assert "somebody" in unprivileged.only(Failed).detail


def test_a_taken_port_is_explained(unprivileged: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        unprivileged.play("local", str(port), ports=[[port, "tcp"]])
    assert f"Port {port} is in use on this machine already" in unprivileged.notices()
    assert f"Port {port} is in use: another program" in unprivileged.only(Exited).meaning
    assert "theirs" in unprivileged.only(NotProbed).why


def test_a_low_port_is_announced(unprivileged: Stage) -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text(encoding="ascii"))
    if lowest <= 81:
        pytest.skip("every user may listen on low ports here")
    unprivileged.play("http", "81", ports=[[81, "tcp"]])
    assert "Port 81 will be refused" in unprivileged.notices()
    assert "permission denied" in unprivileged.output(2)
    assert "may not listen on port 81" in unprivileged.only(Exited).meaning


def test_folders_nobody_may_write_to_get_their_mount_points(unprivileged: Stage) -> None:

    (unprivileged.root / "etc").mkdir()
    (unprivileged.root / "etc").chmod(0o555)
    unprivileged.root.chmod(0o555)
    unprivileged.play("exit", "0")
    assert unprivileged.only(Exited).exit_code == 0, unprivileged.events
    assert (unprivileged.root.stat().st_mode & 0o777, (unprivileged.root / "etc").stat().st_mode & 0o777) == (
        0o555,
        0o555,
    )


def test_links_of_an_image_do_not_lead_out_of_it(sandbox: Stage) -> None:
    outside = sandbox.home / "outside"
    outside.mkdir(mode=0o777)
    (sandbox.root / "data").symlink_to(outside)
    (sandbox.root / "etc").symlink_to("../../../../../../outside-etc")
    sandbox.play("write", "/data/a", writable_dirs=["/data"])
    assert sandbox.only(Exited).exit_code == 0, sandbox.output()
    assert [*outside.iterdir()] == []
    outside.rmdir()
    assert (sandbox.root / "outside-etc" / "hosts").is_file()


def _go_strings(text: str) -> list[str]:
    """Go's %q of a list of strings, which these values share with JSON but for \\x01."""

    return list(json.loads(text.replace("\\x01", "\\u0001").replace('" "', '","')))
