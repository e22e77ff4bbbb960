"""The two themes, from one table of tokens, and which of them a terminal gets.

Contrast (tests/pilot/test_theme.py measures it): foreground is at least 7:1 on every background,
everything else that is read at least 4.5:1. ``faint`` is for decoration only.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]
VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-low"), (30, "-tall")]

BACKGROUNDS = ("background", "surface", "panel", "boost", "mark")
READ = ("foreground", "muted", "primary", "secondary", "success", "warning", "error", "accent")

TOKENS: Mapping[str, Mapping[str, str]] = {
    "dockwright-dark": {
        "background": "#0E1318",
        "surface": "#131A21",
        "panel": "#1A232C",
        "boost": "#202B36",
        "mark": "#0F2A33",
        "foreground": "#D5DCE4",
        "muted": "#8894A0",
        "faint": "#3A4651",
        "primary": "#00ADD8",
        "secondary": "#5DC9E2",
        "success": "#8BD49C",
        "warning": "#E8BF6A",
        "error": "#F2777A",
        "accent": "#F0618A",
    },
    "dockwright-light": {
        "background": "#FBFCFD",
        "surface": "#F3F6F8",
        "panel": "#E8EEF2",
        "boost": "#DFE7EC",
        "mark": "#D8F1F8",
        "foreground": "#1F2933",
        "muted": "#5A6672",
        "faint": "#C3CDD5",
        "primary": "#00708C",
        "secondary": "#005F7A",
        "success": "#26703F",
        "warning": "#8A5C00",
        "error": "#B23226",
        "accent": "#B0234E",
    },
}

# Where Textual's own widgets would use a colour of their own, they take one of ours.
_DERIVED = {
    "border": "primary",
    "border-blurred": "faint",
    "block-cursor-background": "mark",
    "block-cursor-foreground": "foreground",
    "block-cursor-blurred-background": "mark",
    "block-cursor-blurred-foreground": "foreground",
    "block-hover-background": "boost",
    "footer-background": "panel",
    "footer-foreground": "muted",
    "footer-key-foreground": "primary",
    "footer-description-foreground": "muted",
    "input-cursor-background": "foreground",
    "input-cursor-foreground": "background",
    "input-selection-background": "mark",
    "input-selection-foreground": "foreground",
    "screen-selection-background": "boost",
    "screen-selection-foreground": "foreground",
    "scrollbar": "faint",
    "scrollbar-hover": "muted",
    "scrollbar-active": "primary",
    "scrollbar-background": "background",
    "scrollbar-background-hover": "background",
    "scrollbar-background-active": "background",
    "scrollbar-corner-color": "background",
    "link-color": "primary",
    "link-color-hover": "primary",
    "link-background-hover": "boost",
}
_OWN = ("muted", "faint", "mark", "boost")


def _theme(name: str, tokens: Mapping[str, str]) -> Theme:
    variables = {key: tokens[key] for key in _OWN}
    variables |= {key: tokens[token] for key, token in _DERIVED.items()}
    return Theme(
        name=name,
        dark=name.endswith("dark"),
        background=tokens["background"],
        surface=tokens["surface"],
        panel=tokens["panel"],
        foreground=tokens["foreground"],
        primary=tokens["primary"],
        secondary=tokens["secondary"],
        success=tokens["success"],
        warning=tokens["warning"],
        error=tokens["error"],
        accent=tokens["accent"],
        variables=variables,
    )


THEMES = tuple(_theme(name, tokens) for name, tokens in TOKENS.items())
DARK, LIGHT = TOKENS


def theme_for(environ: Mapping[str, str]) -> str:
    """The theme's name for a terminal: light where it says so (``COLORFGBG``), else dark."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK
