"""How something ended, in sentences: what happened, why, what to do."""

from __future__ import annotations

from textual.content import Content

from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS


def problem(what: str, why: str = "", fix: str = "") -> Content:
    """A problem: the fact in bold, the reason, and the way on behind an arrow."""
    lines = [Content.assemble((f"{GLYPHS.failed} ", "bold $error"), (sentences(what), "bold"))]
    if why:
        lines.append(Content(sentences(why)))
    if fix:
        lines.append(Content.assemble((f"{GLYPHS.arrow} ", "bold $primary"), sentences(fix)))
    return Content("\n").join(lines)


def remark(text: str, *, color: str = "$primary") -> Content:
    """Something to know that is no problem."""
    return Content.assemble((f"{GLYPHS.current} ", color), sentences(text))


def sentences(text: str) -> str:
    """Text of several lines, safe to show."""
    return "\n".join(printable(line.expandtabs()) for line in text.splitlines())
