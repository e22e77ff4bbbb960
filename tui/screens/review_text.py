"""What the review says, from what writing would do."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui.core.choices import Choice
from tui.core.embedded import Obstacle
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.render import build_command
from tui.core.save import CHANGED, NEW, UNCHANGED, Change, Written
from tui.core.text import printable
from tui.screens.outcome import problem
from tui.widgets.glyphs import GLYPHS


def intention(project: Project, plan: Plan, changes: Sequence[Change]) -> Content:
    """One sentence: what would be written where, and what would be built."""
    count = sum(change.state != UNCHANGED for change in changes)
    where, image = (printable(str(project.root)), "bold"), (printable(plan.tag), "bold")
    if not changes:
        return Content("What is on disk cannot be compared, so nothing can be written.")
    if not count:
        return Content.assemble("The files in ", where, " are up to date. Build ", image, " from them.")
    files = "one file" if count == 1 else f"{count} files"
    command = build_command(project, plan)
    by_hand = f" By hand, in {project.context or project.root}: {command}" if command else ""
    said = f"Write {files} to ", where, ", then build the image ", image, "."
    return Content.assemble(*said, (printable(by_hand), "$muted"))


def needs_docker(obstacles: Sequence[Obstacle]) -> Content:
    """What keeps the embedded engine from building, and what would do it."""
    why = " ".join(obstacle.what for obstacle in obstacles)
    fix = f"{obstacles[0].fix}, or start Docker and find it again with r."
    return problem("No Docker engine answers, and the embedded engine cannot build this.", why, fix)


def row(change: Change) -> Choice:
    """A file's row in the table."""
    added = sum(line.startswith("+") for line in change.diff()[2:])
    removed = sum(line.startswith("-") for line in change.diff()[2:])
    lines = {
        NEW: f"{added} lines",
        CHANGED: f"+{added} −{removed}",
        UNCHANGED: GLYPHS.absent,
    }[change.state]
    return Choice(change.path, change.path, "", (("", change.state), ("", lines)))


def replaced(changes: Sequence[Change]) -> str:
    """Which files of the person would be replaced; empty when none."""
    names = [change.path for change in changes if change.state == CHANGED]
    if not names:
        return ""
    verb, old = ("is", "the old one is kept as") if len(names) == 1 else ("are", "the old ones are kept as")
    return f"{' and '.join(names)} on disk {verb} replaced; {old} {', '.join(f'{n}.bak' for n in names)}."


def noted(project: Project) -> str:
    """That there is more to know; empty when there is not."""
    count = len(project.notes)
    if not count:
        return ""
    return f"{count} {'note' if count == 1 else 'notes'} on the project: f9 shows all that was read of it."


def done(written: Sequence[Written]) -> Content:
    """What was written and where the old files are."""
    if not written:
        return Content.assemble((f"{GLYPHS.done} ", "$success"), "Every file was already up to date.")
    names = ", ".join(file.path.name for file in written)
    backups = ", ".join(file.backup.name for file in written if file.backup)
    return Content.assemble(
        (f"{GLYPHS.done} ", "$success"),
        f"Wrote {printable(names)}.",
        (f" What was there is now {printable(backups)}." if backups else "", "$muted"),
    )
