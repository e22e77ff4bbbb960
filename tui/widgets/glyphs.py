"""The signs all screens draw with, and their ASCII stand-ins.

Each is one cell wide, so a layout does not depend on which set is used (the keys' names are not).
"""

from __future__ import annotations

import locale
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs. ``spinner`` holds the frames of the animation."""

    done: str = "✓"
    todo: str = "○"
    failed: str = "✗"
    current: str = "●"
    bar: str = "▌"
    absent: str = "–"
    addable: str = "+"
    arrow: str = "→"
    ellipsis: str = "…"
    middot: str = "·"
    line: str = "━"
    block: str = "█"
    opened: str = "▾"
    closed: str = "▸"
    warning: str = "!"
    up: str = "↑"
    down: str = "↓"
    left: str = "←"
    right: str = "→"
    updown: str = "↑↓"
    spinner: str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


UNICODE = Glyphs()
ASCII = Glyphs(
    done="v",
    todo="o",
    failed="x",
    current="*",
    bar="|",
    absent="-",
    addable="+",
    arrow=">",
    ellipsis="~",
    middot="-",
    line="=",
    block="#",
    opened="v",
    closed=">",
    warning="!",
    up="up",
    down="down",
    left="left",
    right="right",
    updown="up/down",
    spinner="|/-\\",
)


def glyphs_for(codeset: str) -> Glyphs:
    """The set a terminal of this character encoding can show."""
    return UNICODE if codeset.lower().replace("-", "") == "utf8" else ASCII


# The C library's answer: Python's own switches to UTF-8 in a C locale, whatever the terminal can.
GLYPHS = glyphs_for(locale.nl_langinfo(locale.CODESET))
