"""Leaving dockwright: nothing that is under way, and no answer, is lost without a question."""

from __future__ import annotations

import asyncio

from tui.app import DockwrightApp
from tui.core import answers
from tui.core.render import render
from tui.core.rules import ERROR, problems
from tui.core.save import UNCHANGED, CannotSave, Change, changes, write
from tui.core.text import printable
from tui.screens.confirm import ConfirmScreen
from tui.screens.review_text import replaced


def files(app: DockwrightApp) -> list[tuple[str, str]]:
    """(path, text) of everything that would be written: what is generated, and the answers."""
    made = [(file.path, file.text) for file in render(app.project, app.plan)]
    return [*made, (answers.ANSWERS_FILE, answers.to_toml(app.project, app.plan))]


async def leave(app: DockwrightApp) -> None:
    """Ask once where something would be lost, then leave with what was reached."""
    if app.busy:
        question = ConfirmScreen(
            "Stop it and quit?",
            {"stay": "Stay", "quit": "Stop and quit"},
            detail="What is under way is stopped and removed. What was built stays.",
        )
    else:
        question = await _about_answers(app)
    answer = await app.push_screen_wait(question)
    if answer == "write":
        answer = await _write(app)
    if answer == "quit":
        app.exit(app.outcome)


async def _about_answers(app: DockwrightApp) -> ConfirmScreen:
    title, stay = "Quit without writing your answers?", {"stay": "Stay"}
    error = next((p for p in problems(app.project, app.plan) if p.severity == ERROR), None)
    if error:
        detail = f"They cannot be written while there is an error: {printable(error.what)}"
        return ConfirmScreen(title, stay | {"quit": "Quit"}, detail=detail)
    try:
        found = [change for change in await _changes(app) if change.state != UNCHANGED]
    except CannotSave as unknown:
        return ConfirmScreen(title, stay | {"quit": "Quit"}, detail=printable(str(unknown)))
    names = ", ".join(change.path for change in found)
    where = printable(str(app.project.root))
    return ConfirmScreen(
        title,
        stay | {"write": "Write and quit", "quit": "Quit"},
        detail=f"Not in {where} yet: {names}. {replaced(found)}".rstrip(),
    )


async def _changes(app: DockwrightApp) -> tuple[Change, ...]:
    return await asyncio.to_thread(changes, app.project.root, files(app))


async def _write(app: DockwrightApp) -> str:
    try:
        written = await asyncio.to_thread(write, app.project.root, await _changes(app))
    except CannotSave as error:
        failed = ConfirmScreen(
            "Not every file was written.",
            {"stay": "Stay", "quit": "Quit"},
            detail=printable(str(error)),
        )
        return await app.push_screen_wait(failed)
    app.note_written(file.path for file in written)
    return "quit"
