"""Files the program is compiled from that the .dockerignore keeps out of the build."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from contextlib import suppress

from tui.core.check.drift import Drift
from tui.core.check.texts import Texts
from tui.core.ignore import BadPattern, Ignore
from tui.core.project import Project

_USUAL = ".dockerignore"


def drifted(project: Project, texts: Texts, dockerfile: str) -> Iterator[Drift]:
    """Module files, Go files and embedded files that are left out, each by the line that does it.

    The file named after the Dockerfile comes before the usual one.
    """
    own = f"{dockerfile}{_USUAL}"
    name = own if texts.read(own) is not None else _USUAL
    text = texts.read(name)
    if text is None:
        return
    try:
        ignore = Ignore(text)
    except BadPattern as error:
        yield Drift("dockerignore", name, 1, str(error), "No engine builds with this file.")
        return
    place = project.place if name == own else ""
    told: set[int] = set()
    for rule, what, files in _needed(project):
        path = _swallowed(ignore, place, files)
        line = ignore.line(path) if path else 0
        if line and line not in told:
            told.add(line)
            pattern = text.splitlines()[line - 1].strip()
            fix = f"Take the line away, or write !{path} below it."
            yield Drift(rule, name, line, f'"{pattern}" leaves out {what}.', fix)


def _swallowed(ignore: Ignore, place: str, files: Iterable[str]) -> str:
    """The first of the files in the context when none of them stays there, else ""."""
    paths: list[str] = []
    for file in files:
        paths.append(posixpath.normpath(posixpath.join(place, file)))
        if paths[-1].startswith("../") or paths[-1] not in ignore:
            return ""
    return min(paths, default="")


def _needed(project: Project) -> Iterator[tuple[str, str, Iterable[str]]]:
    """The files of which at least one must be there."""
    if not project.gopath:
        yield "go-mod", "go.mod, without which Go builds nothing", ["go.mod"]
    if project.has_go_sum and project.has_requirements and (project.root / "go.sum").is_file():
        yield "go-sum", "go.sum, without which Go takes no module", ["go.sum"]
    if project.has_vendor and (project.root / "vendor/modules.txt").is_file():
        yield "vendor", "vendor/, where the modules are", ["vendor/modules.txt"]
    for folder in project.reached:
        what = f"the Go files in {folder}, which the program is made of"
        yield "go-files", what, _go_files(project, folder)
    made = set(map(str, project.front_end.evidence)) if project.front_end else set()
    reached = set(project.reached)
    for embed in project.embeds:
        if embed.directory in reached and str(embed.evidence) not in made:
            yield "embed", f"what {embed.evidence} embeds ({embed.pattern})", embed.files


def _go_files(project: Project, folder: str) -> Iterator[str]:
    """One at a time: of thousands of folders the first file is enough."""
    with suppress(OSError), os.scandir(project.root / folder) as entries:
        for entry in entries:
            if entry.name.endswith(".go") and not entry.name.endswith("_test.go"):
                yield f"{folder}/{entry.name}"
