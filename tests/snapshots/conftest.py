"""What keeps pictures the same from run to run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.widgets import Input

from tui.widgets import code_view


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No animation, no blinking cursor, marks of changed lines stay, paths relative to the repository."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
    monkeypatch.setattr(code_view, "MARK_SECONDS", 3600)
    monkeypatch.chdir(Path(__file__).parents[2])
