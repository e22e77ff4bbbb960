"""Text from projects, registries and containers, made safe to show."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    r"""``text`` on one line with everything invisible spelled out: ``\x1b``, ``\n``, ``\u202e``.

    Covers control and escape characters, line separators, characters that change the direction of
    text or have no width, and the lone surrogates of file names that are not UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def columns(text: str) -> int:
    """How many columns of a terminal printable text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def wrapped(text: str, width: int) -> list[str]:
    """The words in lines of at most ``width`` columns, at least one line. A longer word stands alone."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
