"""How large an image is, against the single-stage one, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from tui.core import units
from tui.core.events import ImageSize
from tui.core.stepnames import layer
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.meter import bar

LABEL, NUMBER, BAR = 20, 9, 22
SHOWN_LAYERS = 6


class SizeCard(Static):
    """Shows an :class:`ImageSize`; what was not measured is ``–``."""

    ALLOW_SELECT = True

    def __init__(self, size: ImageSize | None, base: str, *, id: str | None = None) -> None:
        super().__init__(card(size, base), id=id, markup=False)


def label(text: str) -> Content:
    """The name of a section."""
    return Content.styled(text, "bold $muted")


def card(size: ImageSize | None, base: str) -> Content:
    """The card's text. ``base`` names the runtime image."""
    if size is None:
        lines = [label("SIZE"), Content(), Content.styled(f"{GLYPHS.absent}  not measured", "$muted")]
    else:
        lines = [label("SIZE"), Content(), _headline(size), *_engine(size), Content(), *_compared(size)]
        lines += [Content(), label("WHAT IS IN IT"), *_layers(size, base)]
    return Content("\n").join(lines)


def _headline(size: ImageSize) -> Content:
    about = "" if size.compressed_exact or size.compressed is None else "about "
    return Content.assemble(
        (units.size(size.uncompressed), "bold $success"),
        " on disk     ",
        about,
        (units.size(size.compressed), "bold"),
        " to download",
    )


def _engine(size: ImageSize) -> list[Content]:
    """The engine's own figure, where it means something else by size."""
    if abs(size.engine - size.uncompressed) < max(50_000, size.uncompressed // 100):
        return []
    return [Content.styled(f"the engine itself says {units.size(size.engine)}", "$muted")]


def _compared(size: ImageSize) -> list[Content]:
    whole = size.single_stage
    if whole is None:
        return [
            _row("single stage", GLYPHS.absent, Content.styled("the builder image is not here", "$muted"))
        ]
    # The builder's part is what the engine says of it, which differs by some percent between stores.
    ratio = f"about {units.smaller(size.uncompressed, whole)}"
    return [
        _row("single stage, about", units.size(whole), bar(1, 1, BAR, "$faint"), muted=True),
        _row(
            "this image",
            units.size(size.uncompressed),
            bar(size.uncompressed, whole, BAR, "$success"),
            muted=True,
        ),
        _row("", "", Content.styled(ratio, "$success" if size.uncompressed < whole else "$muted")),
    ]


def _layers(size: ImageSize, base: str) -> list[Content]:
    """Own layers, largest first, the base as one row; small ones together."""
    own = [
        (layer(part.instruction), part.bytes, "$primary")
        for part in size.layers
        if not part.base and part.bytes
    ]
    below = sum(part.bytes for part in size.layers if part.base)
    found = own + ([(base, below, "$secondary")] if below else [])
    found.sort(key=lambda entry: -entry[1])
    rest = found[SHOWN_LAYERS:]
    if rest:
        found[SHOWN_LAYERS:] = [(f"{len(rest)} smaller layers", sum(entry[1] for entry in rest), "$primary")]
    most = max((entry[1] for entry in found), default=0)
    return [
        _row(name, units.size(count), bar(count, most, BAR, color, glyph=GLYPHS.block))
        for name, count, color in found
    ]


def _row(name: str, number: str, end: Content, *, muted: bool = False) -> Content:
    style = "$muted" if muted else ""
    return Content.assemble((fitted(name, LABEL), style), (number.rjust(NUMBER), style), "  ", end)


def fitted(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells, cut with an ellipsis."""
    text = printable(text)
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + GLYPHS.ellipsis


def pairs(found: Iterable[tuple[str, str]]) -> list[Content]:
    """Names and numbers in the card's columns."""
    return [Content.assemble((fitted(name, LABEL), "$muted"), number.rjust(NUMBER)) for name, number in found]
