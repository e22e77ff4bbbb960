"""Files the program is compiled from that the .dockerignore keeps out of the build."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

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
        line = _swallowing(ignore, place, files)
        if line and line not in told:
            told.add(line)
            pattern = text.splitlines()[line - 1].strip()
            fix = f"Take the line away, or write !{files[0]} below it."
            yield Drift(rule, name, line, f'"{pattern}" leaves out {what}.', fix)


def _swallowing(ignore: Ignore, place: str, files: Iterable[str]) -> int:
    """The line that leaves out the first of them; 0 where one of them is in the context."""
    found = 0
    for file in files:
        path = posixpath.normpath(posixpath.join(place, file))
        if path.startswith("../"):
            return 0
        line = ignore.line(path)
        if not line:
            return 0
        found = found or line
    return found


def _needed(project: Project) -> Iterator[tuple[str, str, list[str]]]:
    """The files of which at least one must be there."""
    if not project.gopath:
        yield "go-mod", "go.mod, without which Go builds nothing", ["go.mod"]
    if project.has_go_sum and project.has_requirements and (project.root / "go.sum").is_file():
        yield "go-sum", "go.sum, without which Go takes no module", ["go.sum"]
    if project.has_vendor and (project.root / "vendor/modules.txt").is_file():
        yield "vendor", "vendor/, where the modules are", ["vendor/modules.txt"]
    for folder in project.reached:
        files = sorted(_go_files(project, folder))
        if files:
            yield "go-files", f"the Go files in {folder}, which the program is made of", files
    made = set(map(str, project.front_end.evidence)) if project.front_end else set()
    for embed in project.embeds:
        if embed.directory in project.reached and str(embed.evidence) not in made:
            yield "embed", f"what {embed.evidence} embeds ({embed.pattern})", list(embed.files)


def _go_files(project: Project, folder: str) -> Iterator[str]:
    for path in (project.root / folder).glob("*.go"):
        if not path.name.endswith("_test.go"):
            yield posixpath.normpath(posixpath.join(folder, path.name))
