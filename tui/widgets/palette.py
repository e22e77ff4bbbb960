"""Colours a program prints, as colours that can be read on our background."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color

from tui.widgets.ansi import Look

_TOKENS = (
    "muted",
    "error",
    "success",
    "warning",
    "primary",
    "accent",
    "secondary",
    "foreground",
)
"""ANSI colours 0 to 7 (black, red, green, yellow, blue, magenta, cyan, white) as theme tokens."""


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio of two opaque colours as WCAG 2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def style_of(look: Look, variables: Mapping[str, str], background: Color) -> Style:
    """The look with the theme's colours: foreground where the program's own could not be read."""
    return Style(
        color=_color(look, variables, background),
        bold=look.bold or None,
        italic=look.italic or None,
        underline=look.underline or None,
    )


def _color(look: Look, variables: Mapping[str, str], background: Color) -> str | None:
    if isinstance(look.color, tuple):
        own = Color(*look.color)
        return own.hex if contrast(own, background) >= 4.5 else variables["foreground"]
    if look.color is not None:
        return variables[_TOKENS[look.color % 8]]
    return variables["muted"] if look.dim else None


def _luminance(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
