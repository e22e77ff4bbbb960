"""The files on disk against what the saved answers give today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from tui.core.answers import ANSWERS_FILE
from tui.core.check.drift import Drift
from tui.core.check.texts import Texts
from tui.core.images import unread
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.render import render
from tui.core.rules import ERROR, Problem, problems

_LONGEST = 60
_OF_THE_MODULE = frozenset({"go-sum", "replace-outside"})


def drifted(project: Project, plan: Plan, texts: Texts) -> Iterator[Drift]:
    """What the answers cannot give any more; else the files that are not what they give.

    Nothing where an image of the user's own has to be read by an engine first.
    """
    if unread(plan):
        return
    errors = [problem for problem in problems(project, plan) if problem.severity == ERROR]
    if errors:
        yield from (_refused(problem, texts) for problem in errors)
        return
    for file in render(project, plan):
        text = texts.read(file.path)
        if text is not None:
            yield from _different(file.path, text, file.text)
        elif texts.is_missing(file.path):
            yield missing(file.path)


def missing(path: str) -> Drift:
    """A generated file that is not there."""
    return Drift("missing", path, 1, f"There is no {path}.", "dockwright generate --write writes it.")


def module_problems(project: Project, plan: Plan) -> Iterator[Drift]:
    """What keeps any Dockerfile from building the module."""
    for problem in problems(project, plan):
        if problem.rule in _OF_THE_MODULE:
            yield _of_module(problem)


def _of_module(problem: Problem) -> Drift:
    return Drift(problem.rule, "go.mod", 1, problem.what, problem.why)


def _refused(problem: Problem, texts: Texts) -> Drift:
    if problem.rule in _OF_THE_MODULE:
        return _of_module(problem)
    saved = texts.read(ANSWERS_FILE) or ""
    match = re.search(rf"^(?:# )?{re.escape(problem.key)} *=", saved, re.MULTILINE)
    line = saved.count("\n", 0, match.start()) + 1 if match else 1
    label = f"{problem.fix.label}: change it here" if problem.fix else "Change the answer"
    return Drift(
        problem.rule,
        ANSWERS_FILE,
        line,
        f"{problem.what} {problem.why}",
        f"{label}, then dockwright generate --write --force.",
    )


def _different(path: str, disk: str, today: str) -> Iterator[Drift]:
    pairs = list(zip_longest(disk.splitlines(), today.splitlines(), fillvalue=None))
    places = [number for number, (old, new) in enumerate(pairs, 1) if old != new]
    if not places:
        return
    old, new = pairs[places[0] - 1]
    what = f"The saved answers give another {path} today: {_shown(new)} here instead of {_shown(old)}."
    fix = (
        "dockwright generate --diff shows all of it, --write --force replaces the file and keeps the old one."
    )
    yield Drift("answers", path, min(places[0], max(disk.count("\n"), 1)), what, fix)


def _shown(line: str | None) -> str:
    if line is None:
        return "nothing"
    if not line:
        return "an empty line"
    return f'"{line[:_LONGEST]}{"…" * (len(line) > _LONGEST)}"'
