"""What will be written and built, file by file. Nothing touches the disk before a person says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from tui.core import answers
from tui.core.rules import ERROR, problems
from tui.core.save import CHANGED, UNCHANGED, CannotSave, Change, changes, write
from tui.core.text import printable
from tui.screens import review_text
from tui.screens.commands import about_answers
from tui.screens.leaving import files
from tui.screens.outcome import problem as explain
from tui.screens.steps_screen import MACHINE_BINDING, STEPS_BINDINGS, StepsScreen
from tui.widgets.choice_rows import Row
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.code_view import CodeView
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.problem_line import ProblemLine
from tui.widgets.question_form import StepTitle
from tui.widgets.rail import Rail
from tui.widgets.step_strip import StepStrip
from tui.widgets.steps import REVIEW, StepChosen, step_of, way
from tui.widgets.syntax import diff, syntax_of


class ReviewScreen(StepsScreen, inherit_bindings=False):
    """Dismissed to go back to the questions; a build is started over it."""

    CSS_PATH = "review.tcss"
    HELP = (
        "Everything that will happen, before it happens. Choose a file to see how it differs from what is "
        "on disk. A file that is replaced keeps its old contents beside it, with .bak at the end of its name."
    )
    BINDINGS = [
        Binding("enter", "app.focus_next", "to the buttons", show=False),
        Binding("b", "build(True)", "write and build"),
        Binding("b", "build(False)", "build"),
        Binding("w", "write", "write files"),
        Binding("r", "find_engine", "find engine", id="engine", tooltip="Look for an engine again"),
        Binding("g", "go_to_problem", "go to the problem", id="problem"),
        Binding("f2", "diff", "diff", tooltip="The chosen file on the whole screen, and back"),
        Binding("escape,alt+left", "back", "back", key_display="esc"),
        Binding("c", "copy", "copy command", tooltip="Copy the command line that does the same"),
        Binding("o", "build(False)", "build only", tooltip="Build without writing a file"),
        *STEPS_BINDINGS,
        MACHINE_BINDING,
        Binding("tab,right", "app.focus_next", show=False),
        Binding("shift+tab", "previous", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("pageup", "scroll(-1)", show=False, tooltip="Scroll up"),
        Binding("pagedown", "scroll(1)", show=False, tooltip="Scroll down"),
    ]

    def __init__(self, visited: Iterable[str]) -> None:
        super().__init__(visited)
        self._changes: tuple[Change, ...] = ()
        self._chosen = ""

    @property
    def step(self) -> int:
        """The review is the last step."""
        return len(way(self.dockwright.project)) - 1

    def compose(self) -> ComposeResult:
        """Header, steps, what will happen, the chosen file, keys."""
        yield HeaderBar()
        yield StepStrip()
        with Horizontal(id="body"):
            yield Rail()
            with VerticalScroll(id="review", can_focus=False):
                yield StepTitle(REVIEW, f"{self.step + 1} of {self.step + 1}")
                yield Static(id="intention", markup=False)
                yield ChoiceTable("Files", id="files")
                yield Static(id="replaced", markup=False)
                with Horizontal(id="buttons"):
                    yield Button("Write and build", id="build-button")
                    yield Button("Write files", id="write-button")
                    yield Button("Build only", id="only-button")
                yield ProblemLine()
                yield Static(id="noted", markup=False)
                yield Static(id="result", markup=False)
                yield Static(id="engine", markup=False)
                yield Static("THE SAME AS A COMMAND", classes="label")
                yield Static(id="command", markup=False)
            with Vertical(id="file"):
                yield Static(id="file-title", markup=False)
                yield CodeView()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Compare with the disk, show it, and follow the answers."""
        app = self.dockwright
        self.show_result(Content(""))
        self.watch(app, "engine_state", self._show_engine)
        self.watch(app, "answers", self._answers_changed, init=False)
        self.watch(app, "built", self._answers_changed, init=False)
        await self.refresh_changes()
        self.set_focus(self.query_one(self._first_stop))

    @property
    def _first_stop(self) -> str:
        """What enter does by itself replaces no file and needs nothing that is missing."""
        if any(change.state == CHANGED for change in self._changes):
            return "#files"
        return "#write-button" if self.dockwright.engine_state.missing else "#build-button"

    async def _answers_changed(self) -> None:
        await self.refresh_changes()
        self._show_engine()

    # Showing

    async def refresh_changes(self) -> None:
        """Compare with the disk again."""
        app = self.dockwright
        try:
            self._changes = await asyncio.to_thread(changes, app.project.root, files(app))
        except CannotSave as error:
            self._changes = ()
            self.show_result(explain(str(error)))
        self._problems = problems(app.project, app.plan)
        self._show()

    def _show(self) -> None:
        app = self.dockwright
        self.show_steps()
        self._fill("intention", review_text.intention(app.project, app.plan, self._changes))
        self._fill("replaced", Content(review_text.replaced(self._changes)))
        self._fill("noted", Content.styled(review_text.noted(app.project), "$muted"))
        self._fill("command", Content(printable(self._command)))
        self.show_problems(self._problems)
        self._show_buttons()
        self._show_files()
        self.refresh_bindings()

    def _show_buttons(self) -> None:
        up_to_date = self.up_to_date
        build, only = self.query_one("#build-button", Button), self.query_one("#only-button", Button)
        build.label = "Build" if up_to_date else "Write and build"
        only.display = not up_to_date
        build.disabled = self.query_one("#write-button", Button).disabled = not self.can_write
        only.disabled = self.blocked

    def _show_files(self) -> None:
        paths = [change.path for change in self._changes]
        if self._chosen not in paths:
            first = next((change.path for change in self._changes if change.state == CHANGED), None)
            self._chosen = first or next(iter(paths), "")
        self.query_one(ChoiceTable).show(
            [Row(review_text.row(change)) for change in self._changes], self._chosen
        )
        self._show_file()

    def _show_file(self) -> None:
        change = next((change for change in self._changes if change.path == self._chosen), None)
        if change is None:
            return
        title = Content.assemble((change.path, "bold $primary"), (f"   {change.state}", "$muted"))
        self._fill("file-title", title)
        code = self.query_one(CodeView)
        if change.state == CHANGED:
            code.show(change.diff(), diff, numbers=False)
        else:
            code.show(change.new.splitlines(), syntax_of(change.path))

    def _show_engine(self) -> None:
        self.show_header()
        state = self.dockwright.engine_state
        looking = Content.styled("Looking for a container engine …", "$muted")
        if state.missing:
            self._fill("engine", explain(state.missing.what, state.missing.why, state.missing.fix))
            if self.query_one("#build-button").has_focus:
                self.set_focus(self.query_one("#write-button"))
        elif obstacles := self.dockwright.obstacles:
            self._fill("engine", review_text.needs_docker(obstacles))
        else:
            self._fill("engine", Content("") if state.info else looking)
        self.refresh_bindings()

    def show_result(self, content: Content) -> None:
        """Say what came of the last thing a person asked for."""
        self._fill("result", content)

    def _fill(self, name: str, content: Content) -> None:
        static = self.query_one(f"#{name}", Static)
        static.display = bool(content)
        static.update(content)

    # Doing

    @property
    def blocked(self) -> bool:
        """True while an error forbids to write and to build."""
        return any(problem.severity == ERROR for problem in self._problems)

    @property
    def can_write(self) -> bool:
        """True when nothing forbids to write, and what is on disk is known."""
        return bool(self._changes) and not self.blocked

    @property
    def up_to_date(self) -> bool:
        """True when writing would change nothing."""
        return self.can_write and all(change.state == UNCHANGED for change in self._changes)

    @property
    def _command(self) -> str:
        return answers.command_line(self.dockwright.project, self.dockwright.plan, "build")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        match action:
            case "build" if parameters == (False,):
                return not self.blocked
            case "build":
                return self.can_write and not self.up_to_date
            case "write":
                return self.can_write
            case "find_engine":
                return self.dockwright.engine_state.missing is not None or bool(self.dockwright.obstacles)
            case "go_to_problem":
                return self.blocked
        return super().check_action(action, parameters)

    @work(exclusive=True, group="write", exit_on_error=False)
    async def action_write(self) -> None:
        """Write the files and say where."""
        await self._write()

    async def _write(self) -> bool:
        try:
            written = await asyncio.to_thread(write, self.dockwright.project.root, self._changes)
        except CannotSave as error:
            self.query_one(StepTitle).say("Not every file was written.")
            self.show_result(explain(str(error)))
            await self.refresh_changes()
            return False
        self.dockwright.note_written(file.path for file in written)
        self.query_one(StepTitle).say("The files are on disk.")
        self.show_result(review_text.done(written))
        await self.refresh_changes()
        return True

    @work(exclusive=True, group="write", exit_on_error=False)
    async def action_build(self, writing: bool) -> None:
        """Build; the files are written before if asked."""
        if writing and not await self._write():
            return
        if self.dockwright.engine_state.info is None:
            await self.dockwright.find_engine().wait()
        if self.dockwright.engine_state.info is not None:
            self.dockwright.build()

    def action_find_engine(self) -> None:
        """Look for the engine again."""
        self.dockwright.find_engine()

    def action_copy(self) -> None:
        """Copy the command line."""
        self.dockwright.copy(self._command, "The command line is")

    def action_diff(self) -> None:
        """The chosen file on the whole screen, and back."""
        code = self.query_one(CodeView)
        self.toggle_class("-diff")
        code.can_focus = self.has_class("-diff")
        code.cursor = 0 if code.can_focus else -1
        self.set_focus(code if code.can_focus else self.query_one("#files"))

    def action_scroll(self, pages: int) -> None:
        """Scroll the file where it is on show, else the review."""
        code = self.query_one(CodeView)
        target = code if code.region else self.query_one("#review")
        target.scroll_relative(y=pages * max(1, target.size.height - 2), animate=False)

    def action_go_to_problem(self) -> None:
        """Go to the step of the first problem."""
        self.dockwright.go_to_step(step_of(self.dockwright.project, self._problems[0].key))

    def action_back(self) -> None:
        """Close what is on top: the diff, else the review."""
        if self.has_class("-diff"):
            self.action_diff()
        else:
            self.dockwright.go_to_step(self.step - 1)

    def action_previous(self) -> None:
        """The focus before; before the first, back to the questions."""
        if self.focused is self.focus_chain[0]:
            self.action_back()
        else:
            self.focus_previous()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "build-button":
                self.action_build(True)
            case "write-button":
                self.action_write()
            case "only-button":
                self.action_build(False)

    @on(ChoiceTable.Chosen)
    def _file_chosen(self, event: ChoiceTable.Chosen) -> None:
        self._chosen = event.value
        self._show_file()

    @on(StepChosen)
    def _step_chosen(self, event: StepChosen) -> None:
        if event.step != self.step:
            self.dockwright.go_to_step(event.step)

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers on this screen."""
        yield from super().commands()
        yield from about_answers(self.dockwright, range(self.step))
