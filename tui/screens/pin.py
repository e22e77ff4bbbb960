"""Looks up the digests of the base images, one after the other, and says how far it is."""

from __future__ import annotations

from typing import cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app import DockwrightApp
from tui.core.questions import question
from tui.core.render import unpinned
from tui.core.text import printable
from tui.core.validate import Invalid
from tui.engine import EngineError
from tui.screens.outcome import problem as explain
from tui.widgets.glyphs import GLYPHS

_DIGEST = 19
"""Cells of a digest that tell two apart: ``sha256:`` and twelve digits."""
_KEY = "bold $primary"
_ASKING = Content.assemble(("esc", _KEY), " ", ("cancel", "@click=screen.leave"))
_AGAIN = Content.assemble(("r", _KEY), " ", ("try again", "@click=screen.again"))
_FAILED = Content.assemble(_AGAIN, "   ", ("esc", _KEY), " ", ("close", "@click=screen.leave"))


class PinScreen(ModalScreen[tuple[str, ...] | None]):
    """Dismissed with ``IMAGE@DIGEST`` for every base image, None when that was cancelled or failed."""

    CSS = """
    PinScreen .dialog { width: 78; }
    PinScreen #images { margin-top: 1; }
    PinScreen #error { margin-top: 1; }
    PinScreen #keys { color: $muted; margin-top: 1; }
    """
    BINDINGS = [
        Binding("escape", "leave", "cancel", show=False),
        Binding("r", "again", "try again", show=False),
    ]
    AUTO_FOCUS = ".dialog"

    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []
        self._failed = False

    def compose(self) -> ComposeResult:
        """Every image with its digest, what is wrong, and the keys."""
        with VerticalScroll(classes="dialog"):
            yield Static("Pin the base images", classes="title")
            yield Static("Their digests come from their registries, through the engine.", classes="muted")
            yield Static(id="images", markup=False)
            yield Static(id="error", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin."""
        app = cast(DockwrightApp, self.app)
        self._wanted = unpinned(app.project, app.plan)
        self._look_up()

    @work(exclusive=True, group="pin", exit_on_error=False)
    async def _look_up(self) -> None:
        self._failed = False
        self._show()
        try:
            engine = await cast(DockwrightApp, self.app).connected()
            for base in self._wanted[len(self._found) :]:
                self._found += question("pin").items([f"{base}@{await engine.digest(base)}"])
                self._show()
        except EngineError as error:
            self._fail(explain(error.what, error.why, error.fix))
        except Invalid as error:
            self._fail(explain(str(error)))
        else:
            self.dismiss(tuple(self._found))

    def _fail(self, error: Content) -> None:
        self._failed = True
        self._show(error)

    def _show(self, error: Content | None = None) -> None:
        lines = map(self._line, range(len(self._wanted)))
        self.query_one("#images", Static).update(Content("\n").join(lines))
        line = self.query_one("#error", Static)
        line.display = error is not None
        line.update(error or "")
        self.query_one("#keys", Static).update(_FAILED if self._failed else _ASKING)

    def _line(self, at: int) -> Content:
        base = printable(self._wanted[at])
        if at < len(self._found):
            digest = self._found[at].rpartition("@")[2][:_DIGEST]
            return Content.assemble(
                (f"{GLYPHS.done} ", "$success"), base, (f"  {digest}{GLYPHS.ellipsis}", "$muted")
            )
        if at > len(self._found):
            return Content.styled(f"{GLYPHS.todo} {base}", "$muted")
        if self._failed:
            return Content.assemble((f"{GLYPHS.failed} ", "$error"), base)
        return Content.assemble(
            (f"{GLYPHS.bar} ", "$primary"), (base, "bold"), (f"  asking {GLYPHS.ellipsis}", "$muted")
        )

    def action_again(self) -> None:
        """Go on where it failed."""
        if self._failed:
            self._look_up()

    def action_leave(self) -> None:
        """Stop asking; nothing is pinned."""
        if self.is_active:
            self.dismiss(None)
