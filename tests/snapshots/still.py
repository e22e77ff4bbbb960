"""What keeps pictures the same from run to run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.widgets import Input

from tui.widgets import code_view


def hold_still(patch: pytest.MonkeyPatch) -> None:
    """No animation, no blinking cursor, marks of changed lines stay, paths relative to the repository."""
    patch.setenv("TEXTUAL_ANIMATIONS", "none")
    patch.setenv("LANG", "C.UTF-8")
    patch.setenv("TZ", "UTC")
    time.tzset()
    patch.setattr(Input, "_toggle_cursor", lambda self: None)
    patch.setattr(code_view, "MARK_SECONDS", 3600)
    patch.chdir(Path(__file__).parents[2])
