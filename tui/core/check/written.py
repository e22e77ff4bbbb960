"""What a Dockerfile's own text says of the build, against the project: whoever wrote it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from tui.core import gobuild, stages
from tui.core.check.drift import Drift
from tui.core.dockerfile import Instruction
from tui.core.gobuild import Build, package_folder
from tui.core.gorelease import minor, release_order, required
from tui.core.project import GUESS, ListenPort, Project
from tui.core.render import DOCKERFILE
from tui.core.stages import Stage

_GOLANG = re.compile(r"(?:.*/)?golang:v?(?P<version>1\.\d+(?:\.\d+)?(?:rc\d+)?)(?![\d.])[\w.-]*(?:@.*)?")
_OTHER_TOOLCHAIN = re.compile(r"GOTOOLCHAIN[= ](?!local)")
_EXPOSED = re.compile(r"(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?(?:/(?P<protocol>tcp|udp))?", re.IGNORECASE)
_SUMS = frozenset({"go.sum", "go.work.sum"})
_SHOWN = 3


def drifted(project: Project, text: str, name: str, decided: Collection[str]) -> Iterator[Drift]:
    """Go release, packages and ports of the file of that name. What its text leaves open is not judged,
    nor ports among the answers a person ``decided``."""
    for drift in _drifted(project, text, decided):
        yield replace(drift, file=name)


def _drifted(project: Project, text: str, decided: Collection[str]) -> Iterator[Drift]:
    listed = stages.read(text)
    built = list(zip(listed, gobuild.builds(listed), strict=True))
    compiling = [stage for stage, found in built if any("@" not in build.package for build in found)]
    if not any(found for _, found in built):
        compiling = [stage for stage in listed if any(step.keyword == "RUN" for step in stage.steps)]
    yield from _go_versions(project, compiling, text)
    yield from _packages(project, [build for _, found in built for build in found])
    yield from _copies(project, listed)
    if listed and "port" not in decided:
        yield from _ports(project, listed[-1])


def compiles(text: str) -> bool:
    """Whether the Dockerfile compiles Go; others copy a program that was compiled before."""
    listed = stages.read(text)
    return any("golang" in stage.base for stage in listed) or any(gobuild.builds(listed))


def main_built(project: Project, text: str) -> str | None:
    """The one program of the project that the Dockerfile builds; None for none or several."""
    mains = {main.package for main in project.mains}
    found = {
        _pattern(folder)
        for built in gobuild.builds(stages.read(text))
        for build in built
        if (folder := package_folder(build, project.module, project.place)) is not None
    }
    return next(iter(found & mains)) if len(found & mains) == 1 else None


def _go_versions(project: Project, compiling: Iterable[Stage], text: str) -> Iterator[Drift]:
    if project.go is None or project.go_evidence is None or _OTHER_TOOLCHAIN.search(text):
        return
    for stage in {stage.root.line: stage.root for stage in compiling}.values():
        match = _GOLANG.fullmatch(stage.base)
        if match and release_order(match["version"]) < required(project.go):
            what = f"{stage.base} has Go {match['version']}, and {project.go_evidence} asks for {project.go}."
            fix = f"Go refuses to build that. Take golang:{minor(project.go)}, or newer."
            yield Drift("go-version", DOCKERFILE, stage.line, what, fix)


def _packages(project: Project, built: Iterable[Build]) -> Iterator[Drift]:
    told: set[int] = set()
    for build in built:
        folder = package_folder(build, project.module, project.place)
        if folder is None or build.line in told or _is_there(project, build, folder):
            continue
        told.add(build.line)
        fix = f"Build {project.main} instead." if project.main else "Name a package main of the project."
        what = f"This builds {_pattern(folder)}, where no package main is."
        if build.package.endswith(".go") and folder in _mains(project):
            what = f"This builds {build.package}, which is not there."
        yield Drift("main-package", DOCKERFILE, build.line, what, fix)


def _is_there(project: Project, build: Build, folder: str) -> bool:
    """Whether some program is there, or something else that is no claim of this check."""
    mains = _mains(project)
    if (
        build.package.endswith(".go")
        and not (project.root / folder / posixpath.basename(build.package)).is_file()
    ):
        return False
    if folder.endswith("..."):
        prefix = folder[:-3].rstrip("/")
        return any(not prefix or prefix == "." or f"{main}/".startswith(f"{prefix}/") for main in mains)
    if folder in mains:
        return True
    if folder in project.packages:
        return not build.names_output or any("tags" in flag for flag in build.flags)
    return (project.root / folder).is_dir() and any((project.root / folder).glob("*.go"))


def _mains(project: Project) -> list[str]:
    """The folders of the programs, relative to the project."""
    return [posixpath.normpath(main.package) for main in project.mains]


def _copies(project: Project, listed: Iterable[Stage]) -> Iterator[Drift]:
    """Checksums that are copied by name and are not there, as in a project that requires no module."""
    if project.has_go_sum:
        return
    folders = {project.root, project.context or project.root}
    for step in (step for stage in listed for step in stage.steps if step.keyword in ("COPY", "ADD")):
        words = [word for word in step.rest.split() if not word.startswith("--")]
        if "--from" in step.rest or step.rest.startswith("["):
            continue
        for source in words[:-1]:
            is_sum = posixpath.basename(source) in _SUMS
            if is_sum and not any((folder / source.lstrip("/")).is_file() for folder in folders):
                what = f"This copies {source}, which is not there."
                fix = (
                    "go mod tidy writes it."
                    if project.has_requirements
                    else "Leave it out: no module is required."
                )
                yield Drift("copy", DOCKERFILE, step.line, what, fix)


def _pattern(folder: str) -> str:
    return folder if folder.startswith(".") else f"./{folder}"


def _ports(project: Project, stage: Stage) -> Iterator[Drift]:
    """Where the image exposes some ports, those the code listens on should be among them."""
    steps = list(stage.chain())
    exposed = [found for step in steps if step.keyword == "EXPOSE" for found in _exposed(step)]
    settings = [step.rest for step in steps if step.keyword in ("ENV", "CMD", "ENTRYPOINT")]
    given = [word for stated in project.said("args") for word in stated.values]
    numbers = set(re.findall(r"\d{2,5}", " ".join([*settings, *given])))
    if not exposed or any(found.first in numbers for found in exposed):
        return
    listening = [port for port in project.listens if not port.loopback and port.evidence.confidence != GUESS]
    wanted = [port for port in listening if not any(found.has(port) for found in exposed)]
    if wanted:
        word = "instead" if len(wanted) == len(listening) else "too"
        shown = ", ".join(found.text for found in exposed[:_SHOWN])
        heard = ", ".join(f"{port.text} ({port.evidence})" for port in wanted[:_SHOWN])
        what = f"This exposes {shown}; the program listens on {heard} {word}."
        fix = f"Write EXPOSE {' '.join(port.text for port in wanted[:_SHOWN])} {word}."
        yield Drift("ports", DOCKERFILE, exposed[0].line, what, fix)


class _Exposed(NamedTuple):
    """A port or range as written."""

    text: str
    first: str
    last: str
    protocol: str
    line: int

    def has(self, port: ListenPort) -> bool:
        return self.protocol == port.protocol and int(self.first) <= port.port <= int(self.last)


def _exposed(step: Instruction) -> Iterator[_Exposed]:
    for word in step.rest.split():
        match = _EXPOSED.fullmatch(word)
        if match:
            last, protocol = match["last"] or match["first"], (match["protocol"] or "tcp").lower()
            yield _Exposed(word, match["first"], last, protocol, step.line)
