"""Terminal text made safe: colours become data, every other escape or control character goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

_ESCAPES = re.compile(
    r"\x1b\[(?P<sgr>[0-9;:]*)m"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # other control sequences, also cut off ones
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # strings: titles, links
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0a-\x1f\x7f-\x9f]"
    # What reorders or hides text: direction marks, separators, invisible and unpaired code points.
    r"|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a piece of text looks. ``color`` is an ANSI number 0 to 15, or (red, green, blue)."""

    color: int | tuple[int, int, int] | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False


PLAIN = Look()


def plain(text: str) -> str:
    """The text alone, tabs expanded."""
    if text.isascii() and text.isprintable():
        return text
    return _ESCAPES.sub("", text).expandtabs()


def pieces(text: str) -> Iterator[tuple[str, Look]]:
    """The text in pieces of one look each. Tabs are left in."""
    look, start = PLAIN, 0
    for match in _ESCAPES.finditer(text):
        if match.start() > start:
            yield text[start : match.start()], look
        start = match.end()
        if match["sgr"] is not None:
            look = _applied(look, match["sgr"])
    if start < len(text):
        yield text[start:], look


_SET: dict[int, dict[str, Any]] = {
    **{30 + n: {"color": n} for n in range(8)},
    **{90 + n: {"color": 8 + n} for n in range(8)},
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    39: {"color": None},
}


def _applied(look: Look, parameters: str) -> Look:
    codes = iter([int(part or 0) for part in re.split("[;:]", parameters)])
    for code in codes:
        if code == 0:
            look = PLAIN
        elif code in (38, 48):
            color = _extended(codes)
            look = replace(look, color=color) if code == 38 else look
        elif code in _SET:
            look = replace(look, **_SET[code])
    return look


def _extended(codes: Iterator[int]) -> int | tuple[int, int, int] | None:
    """The colour after 38: ``5;n`` of the 256, or ``2;r;g;b``."""
    kind = next(codes, 0)
    if kind == 2:
        red, green, blue = (min(255, next(codes, 0)) for _ in range(3))
        return red, green, blue
    number = next(codes, 0)
    if kind != 5 or number > 255:
        return None
    if number < 16:
        return number
    if number >= 232:
        return ((number - 232) * 10 + 8,) * 3
    steps = (0, 95, 135, 175, 215, 255)
    number -= 16
    return steps[number // 36], steps[number // 6 % 6], steps[number % 6]
