"""Exit codes in words."""

from __future__ import annotations

import pytest

from tui.core.exitcodes import meaning


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (0, "without an error"),
        (1, "error of its own"),
        (2, "flags"),
        (3, "code 3"),
        (125, "engine could not start"),
        (126, "could not be executed"),
        (127, "not in the image"),
        (129, "SIGHUP"),
        (130, "SIGINT"),
        (132, "GOAMD64"),
        (137, "SIGKILL"),
        (139, "SIGSEGV"),
        (143, "SIGTERM"),
        (150, "signal 22"),
        (192, "signal 64"),
        (193, "code 193"),
        (255, "code 255"),
    ],
)
def test_the_words_name_what_happened(code: int, word: str) -> None:
    assert word in meaning(code)


def test_a_panic_is_told_from_wrong_flags() -> None:
    assert "panic" in meaning(2, panicked=True)
    assert "panic" not in meaning(2)
    assert "panic" in meaning(2, panicked=True, requested=True)


def test_out_of_memory_is_told_from_other_kills() -> None:
    assert "memory than it may" in meaning(137, oom_killed=True)
    assert "often for want of memory" in meaning(137)
    assert "saw no want of memory" in meaning(137, oom_killed=False)
    assert "did not end in time" in meaning(137, requested=True)


@pytest.mark.parametrize("code", [0, 1, 2, 7, 130, 137, 143])
def test_a_stop_is_said_to_be_one(code: int) -> None:
    assert meaning(code, requested=True).startswith("It was stopped")
    assert not meaning(code).startswith("It was stopped")


@pytest.mark.parametrize("code", range(256))
def test_every_code_has_a_sentence(code: int) -> None:
    assert meaning(code).endswith(".")
    assert meaning(code, requested=True).endswith(".")
