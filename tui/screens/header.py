"""What the header says on every screen of the wizard: the project, and the engine."""

from __future__ import annotations

from tui.app import DockwrightApp, EngineState
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.header_bar import HeaderBar, Part, state


def show_header(bar: HeaderBar, app: DockwrightApp) -> None:
    """Fill the header."""
    project = app.project
    left = [
        Part(printable(project.module.rsplit("/", 1)[-1] or project.root.name), "bold $foreground", keep=3),
        Part(printable(project.module), keep=0),
    ]
    if project.go:
        left.append(Part(f"go {printable(project.go)}", keep=1))
    bar.show(left, _engine(app.engine_state))


def _engine(known: EngineState) -> list[Part]:
    if known.info:
        name = f"{known.info.name} {'.'.join(known.info.version.split('.')[:2])}"
        return [Part(printable(name), keep=2), state("ready")]
    if known.missing:
        return [Part(f"{GLYPHS.todo} no engine", "$warning", keep=3)]
    return [Part("looking for an engine", keep=2)]
