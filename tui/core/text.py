"""Text from projects, registries and containers, made safe to show."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""``text`` on one line with everything invisible spelled out: ``\x1b``, ``\n``, ``\u202e``.

    Covers control and escape characters, line separators, characters that change the direction of
    text or have no width, and the lone surrogates of file names that are not UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
