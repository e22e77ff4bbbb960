"""However dockwright ends, nothing of a run without an engine is left."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.engine.embedded.stage import WAIT, Stage, descendants, processes
from tui.core.events import Exited


@contextmanager
def waiting(stage: Stage, **told: Any) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """The player and handles of all processes it has started for an actor that waits."""
    with stage.playing("wait", **told) as player:
        assert player.stdout is not None
        assert any('"log"' in line for line in iter(player.stdout.readline, ""))
        pids = descendants(player.pid)
        assert len(pids) >= (1 if stage.way == "plain" else 2)
        handles = [os.pidfd_open(pid) for pid in pids]
        try:
            yield player, handles
        finally:
            for handle in handles:
                os.close(handle)


def assert_ended(handles: list[int]) -> None:
    """All of them end."""
    for handle in handles:
        assert select.select([handle], [], [], WAIT)[0], "a process is left"


def test_killed_dockwright_leaves_no_process(sandbox: Stage) -> None:
    _kill(sandbox)


def test_killed_dockwright_leaves_no_plain_process(plain: Stage) -> None:
    _kill(plain)


def _kill(stage: Stage) -> None:
    with waiting(stage) as (player, handles):
        player.kill()
        assert_ended(handles)
    assert stage.left(), "the folder of a killed run stays"
    stage.play("exit", "0")
    assert stage.left() == [], "the next run removes it"


def test_killing_what_waits_for_it_ends_it(unprivileged: Stage) -> None:
    with waiting(unprivileged) as (player, handles):
        signal.pidfd_send_signal(min(handles), signal.SIGKILL)
        assert_ended(handles)
        said, _ = player.communicate(timeout=WAIT)
    assert '"exit_code": 137' in said.splitlines()[-1]


@pytest.mark.parametrize("until", ["notice", "started", "log"])
def test_closing_the_stream_leaves_nothing(unprivileged: Stage, until: str) -> None:
    word = f"of-{unprivileged.home.name}"
    unprivileged.play("wait", word, until=until)
    assert unprivileged.events[-1].kind == until
    assert processes(word) == []


def test_a_cancelled_task_leaves_nothing(unprivileged: Stage) -> None:
    with waiting(unprivileged) as (player, handles):
        player.terminate()
        player.wait(WAIT)
        assert_ended(handles)


def test_a_cancelled_task_lets_the_program_end_politely(unprivileged: Stage) -> None:
    """What it still prints goes nowhere, and does not end it."""
    with unprivileged.playing("polite", writable=True) as player:
        assert player.stdout is not None
        assert any('"log"' in line for line in iter(player.stdout.readline, ""))
        player.terminate()
        player.wait(WAIT)


def test_stop_before_the_first_word_reaches_the_program(unprivileged: Stage) -> None:
    unprivileged.play("wait", stop="started", grace=WAIT)
    end = unprivileged.only(Exited)
    assert end.exit_code in (2, 143)  # as the first process: Go 1.26 ends with 2, 1.27 with 128 + SIGTERM
    assert end.requested


def test_two_runs_at_once_share_the_files(unprivileged: Stage) -> None:
    with waiting(unprivileged) as (player, _):
        unprivileged.play("exit", "3")
        assert unprivileged.only(Exited).exit_code == 3
        assert player.poll() is None
        assert len(unprivileged.left()) == 1
        player.terminate()
        player.wait(WAIT)
