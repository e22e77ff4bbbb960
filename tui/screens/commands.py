"""What the command palette offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from textual.app import SystemCommand
from textual.content import Content
from textual.screen import Screen

from tui.app import DockwrightApp
from tui.core.answers import command_line
from tui.core.recipes import recipes
from tui.core.render import render
from tui.core.text import printable
from tui.theme import DARK, LIGHT
from tui.widgets.steps import way


def everywhere(app: DockwrightApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Wherever one is, with what the screen adds."""
    if app.history.can_undo:
        yield SystemCommand("Undo", "Take back the last answer", app.action_undo)
    if app.history.can_redo:
        yield SystemCommand("Redo", "Give the answer taken back again", app.action_redo)
    yield from getattr(screen, "commands", tuple)()
    other, name = (LIGHT, "light") if app.theme == DARK else (DARK, "dark")
    yield SystemCommand(f"Use the {name} theme", "Change the colours", lambda: setattr(app, "theme", other))
    yield SystemCommand("Help", "What this screen is, and its keys", app.action_help)
    yield SystemCommand("Quit", "Leave dockwright", app.action_quit)


def about_answers(app: DockwrightApp, steps: Iterable[int]) -> Iterable[SystemCommand]:
    """Wherever the answers are on show; ``steps`` can be gone to."""
    titles = [step.title for step in way(app.project)]
    for step in steps:
        yield SystemCommand(f"Go to {titles[step]}", "A step of the wizard", partial(app.go_to_step, step))
    yield SystemCommand("Read the project again", "After a change to its files", app.look_again)
    yield SystemCommand("What was read of the project", "With file and line", app.action_project)
    for each in recipes():
        yield SystemCommand(f"Recipe: {each.title}", each.text, partial(app.use_recipe, each))
    comments = "off" if app.plan.comments else "on"
    yield SystemCommand(
        f"Switch comments {comments}", "Comments in the Dockerfile say why", app.action_toggle_comments
    )
    text = render(app.project, app.plan)[0].text
    yield SystemCommand("Copy the Dockerfile", "As it is now", partial(app.copy, text, "The Dockerfile is"))
    line = command_line(app.project, app.plan, "build")
    yield plain("Copy the command line", line, partial(app.copy, line, "The command line is"))


def plain(title: str, text: str, callback: Callable[[], Any]) -> SystemCommand:
    """A command whose help is a project's own text: the palette would read a str as markup."""
    return SystemCommand(title, cast(str, Content(printable(text))), callback)
