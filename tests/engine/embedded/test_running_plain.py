"""A machine on which no sandbox can be made."""

from __future__ import annotations

import re
from pathlib import Path

from tests.engine import actors
from tests.engine.embedded.stage import NOBODY, Stage, processes
from tui.core.events import Exited, Failed, Health, Ready, Started


def test_it_is_said_that_this_is_no_container(plain: Stage) -> None:
    port = actors.free_port()
    plain.play("http", str(port), ports=[[port, "tcp"]], until="ready")
    assert plain.only(Ready).status == 200
    assert plain.only(Started).hardening == ("not in a container",)
    for words in ("not run in a container", "bwrap is not installed", "unshare is not installed"):
        assert words in plain.notices()


def test_it_runs_as_oneself_in_a_folder_of_its_own(plain: Stage) -> None:
    plain.play("owner", ".", "/proc/self", writable_dirs=["/data"])
    assert plain.output() == f". drwxr-xr-x {NOBODY} {NOBODY}\n/proc/self dr-xr-xr-x {NOBODY} {NOBODY}\n"
    assert not (plain.root / "proc").exists()


def test_it_has_the_environment_of_the_image_only(plain: Stage) -> None:
    plain.play("environ", config={"Env": ["A=1", "PATH=/bin"]}, env=[["B", "2"]])
    for word in ('"A=1"', '"B=2"', '"PATH=/bin"'):
        assert word in plain.output()
    assert "OWN" not in plain.output()


def test_a_native_program_stands_for_the_images(plain: Stage) -> None:
    native = plain.home / "native"
    native.write_bytes(actors.program())
    native.chmod(0o755)
    (plain.root / "actor").write_bytes(b"for another system")
    check = {"Test": ["CMD", "/actor", "healthy"], "Interval": 50_000_000}
    plain.play("polite", native=str(native), config={"Healthcheck": check}, until="log")
    assert plain.output() == "waiting\n"
    with plain.playing("wait", native=str(native), config={"Healthcheck": check}) as player:
        assert player.stdout is not None
        assert any('"healthy"' in line for line in iter(player.stdout.readline, ""))
        player.terminate()
        player.wait()
    native.unlink()


def test_stop_and_exit_codes(plain: Stage) -> None:
    plain.play("polite", stop="log")
    assert (plain.only(Exited).exit_code, plain.output()) == (0, "waiting\nbye\n")
    plain.play("deaf", stop="log", grace=0.1)
    assert plain.only(Exited).exit_code == 137
    plain.play("exit", "3")
    assert plain.only(Exited).exit_code == 3


def test_what_it_started_ends_with_it(plain: Stage) -> None:
    word = f"of-{plain.home.name}"
    plain.play("parent", "wait", word)
    assert plain.output() == "alone\n"
    assert processes(word) == []


def test_what_needs_a_loader_fails_in_words(plain: Stage) -> None:
    content, loaders = re.subn(rb"/lib(?=\w*/ld-)", b"/gon", Path("/bin/true").read_bytes())
    assert loaders
    (plain.root / "actor").write_bytes(content)
    plain.play()
    assert "no such file" in plain.only(Failed).detail
    assert not [event for event in plain.events if isinstance(event, Health)]
