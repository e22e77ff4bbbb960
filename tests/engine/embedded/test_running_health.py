"""What an image's configuration says of its health check, with Docker's defaults."""

from __future__ import annotations

from typing import Any

import pytest

from tui.engine.embedded.running.health import Check, check_of


@pytest.mark.parametrize(
    "told", [None, {}, {"Test": []}, {"Test": ["NONE"]}, {"Test": ["CMD"]}, {"Interval": 10**9}]
)
def test_without_a_command_there_is_none(told: Any) -> None:
    assert check_of({"Healthcheck": told}) is None


def test_docker_defaults_stand_for_what_is_not_said() -> None:
    assert check_of({"Healthcheck": {"Test": ["CMD", "/probe", "-x"], "Interval": 0}}) == Check(
        words=("/probe", "-x"), interval=30, timeout=30, start_period=0, start_interval=5, retries=3
    )


def test_times_are_nanoseconds_and_a_shell_runs_what_is_for_one() -> None:
    told = {
        "Test": ["CMD-SHELL", "wget -q localhost || exit 1"],
        "Interval": 10 * 10**9,
        "Timeout": 2 * 10**9,
        "StartPeriod": 7 * 10**9,
        "StartInterval": 10**9,
        "Retries": 5,
    }
    words = ("wget -q localhost || exit 1",)
    times = {"interval": 10, "timeout": 2, "start_period": 7, "start_interval": 1, "retries": 5}
    assert check_of({"Healthcheck": told}) == Check(words=("/bin/sh", "-c", *words), **times)
    own = check_of({"Healthcheck": told, "Shell": ["/bin/ash", "-ec"]})
    assert own is not None
    assert own.words == ("/bin/ash", "-ec", *words)
