"""Whether the Dockerfile and the .dockerignore on disk still fit the project, and what to do where not."""

from __future__ import annotations

from typing import Any

from tui.core.check import ignored, saved, written
from tui.core.check.drift import Drift
from tui.core.check.texts import Texts
from tui.core.check.written import main_built
from tui.core.plan import Plan, defaults
from tui.core.project import Project
from tui.core.render import DOCKERFILE
from tui.core.text import printable

__all__ = ["Drift", "as_json", "as_text", "check", "main_built"]

SCHEMA_VERSION = 1


def check(project: Project, plan: Plan | None, texts: Texts) -> tuple[Drift, ...]:
    """What drifted, by file and line. ``plan`` has the saved answers; None where there are none.

    Without them only what the files' text tells is judged, so a Dockerfile by any hand can be checked.
    """
    name = DOCKERFILE if plan else texts.dockerfile()
    text = texts.read(name)
    compiles = plan is not None or (text is not None and written.compiles(text))
    found = list(ignored.drifted(project, texts, name)) if compiles else []
    if text is not None:
        found += written.drifted(project, text, name, plan.answered if plan else ())
    if plan is not None:
        found += saved.drifted(project, plan, texts)
    else:
        found += saved.module_problems(project, defaults(project))
        if texts.is_missing(name):
            found.append(saved.missing(name))
    return tuple(sorted({*found, *texts.unusable}, key=lambda drift: (drift.file, drift.line, drift.rule)))


def as_text(found: tuple[Drift, ...]) -> str:
    """Two lines for each: where and what, and what to do."""
    lines = [
        text for drift in found for text in (f"{drift.file}:{drift.line}: {drift.what}", f"  → {drift.fix}")
    ]
    return "\n".join(map(printable, lines))


def as_json(project: Project, found: tuple[Drift, ...]) -> dict[str, Any]:
    """The same for programs; texts hold no control characters."""
    return {
        "schema_version": SCHEMA_VERSION,
        "root": printable(str(project.root)),
        "drift": [
            {
                "rule": drift.rule,
                "file": printable(drift.file),
                "line": drift.line,
                "what": printable(drift.what),
                "fix": printable(drift.fix),
            }
            for drift in found
        ],
    }
