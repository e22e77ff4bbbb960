"""Where a Dockerfile builds which Go package, seen from the project, and with which flags."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.dockerfile import Instruction
from tui.core.stages import Stage

_SEPARATORS = re.compile(r"&&|\|\||[;|&\n]")
_MOUNT = re.compile(r"--mount=(\S+)")
_FLAGS = re.compile(r"^(?:--\S+\s+)+")
_TOLD = re.compile(r"\b(?:go|cd)\b")
_LONGEST = 64 * 1024
_MOST_COPIES = 100
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_BEFORE = frozenset({"env", "exec", "time", "then", "do", "set", "-e", "-x", "-ex"})
# Flags of go build whose value is the next word.
VALUED = frozenset(
    ["-o", "-ldflags", "-tags", "-gcflags", "-asmflags", "-mod", "-modfile", "-p", "-C", "-buildmode", "-pgo",
     "-overlay", "-toolexec", "-installsuffix", "-pkgdir", "-exec", "-gccgoflags", "-compiler"],
)  # fmt: skip


class Build(NamedTuple):
    """A ``go build`` or ``go install``. ``package`` is as written, ``folder`` the working directory
    relative to the build context, None where that is not known. ``names_output`` tells that ``-o`` is
    there, ``flags`` are the words before the packages."""

    line: int
    package: str
    folder: str | None
    names_output: bool
    flags: tuple[str, ...]

    def flag(self, name: str) -> str:
        """The value of a flag, ``-tags=prod`` or ``-tags prod``; empty without one."""
        for place, word in enumerate(self.flags):
            flag, equals, value = word.partition("=")
            if f"-{flag.lstrip('-')}" == name:
                return value if equals else "".join(self.flags[place + 1 : place + 2])
        return ""


class _Copied(NamedTuple):
    """A folder of the container and the one of the context that lies there, None for no single one."""

    inside: str
    context: str | None


class _State(NamedTuple):
    """The working directory at the end of a stage, and what lies where."""

    folder: str = "/"
    copied: tuple[_Copied, ...] = ()


def builds(stages: Iterable[Stage]) -> list[list[Build]]:
    """Those of each stage's own steps. A stage begins as its parent ended."""
    ends: dict[int, _State] = {}
    found: list[list[Build]] = []
    for stage in stages:
        state = ends[id(stage.parent)] if stage.parent else _State()
        found.append([])
        for step in stage.steps:
            state = _after(step, state)
            if step.keyword == "RUN":
                bound = (*state.copied, *_bound(step, state.folder))
                found[-1] += _of_run(step, state.folder, bound)
        ends[id(stage)] = state
    return found


def package_folder(build: Build, module: str, place: str = "") -> str | None:
    """The folder of the package that is built, relative to the project; None where the text does not tell.

    ``place`` is the project's folder in the build context.
    """
    package = build.package
    if package == module or package.startswith(f"{module}/"):
        return posixpath.normpath(package[len(module) :].lstrip("/") or ".")
    if build.folder is None or "$" in package or "@" in package or "*" in package:
        return None
    if package.endswith(".go"):
        package = posixpath.dirname(package) or "."
    elif not package.startswith("."):
        return None
    path = posixpath.normpath(posixpath.join(build.folder, package))
    inside = posixpath.relpath(path, place) if place else path
    return None if inside.startswith("..") else inside


def packages(words: list[str]) -> tuple[list[str], list[str]]:
    """The flags and the packages that follow ``go build``; without any package it is ``.``."""
    flags: list[str] = []
    rest = list(words)
    while rest and rest[0].startswith("-"):
        flags.append(rest.pop(0))
        if rest and f"-{flags[-1].lstrip('-')}" in VALUED:
            flags.append(rest.pop(0))
    if rest and rest[0].endswith(".go"):  # the files of one package
        rest = rest[:1]
    return flags, rest or ["."]


def _after(step: Instruction, state: _State) -> _State:
    if step.keyword == "WORKDIR":
        folder = posixpath.normpath(posixpath.join(state.folder, step.rest.strip("\"'")))
        return state._replace(folder=folder)
    if step.keyword in ("COPY", "ADD"):
        return state._replace(copied=(*state.copied, *_copies(step, state.folder))[-_MOST_COPIES:])
    return state


def _copies(step: Instruction, folder: str) -> Iterator[_Copied]:
    words = step.rest.split()
    paths = [word for word in words if not word.startswith("--")]
    if any(word.startswith("--from") for word in words) or len(paths) < 2 or paths[0].startswith("["):
        return
    *sources, target = paths
    inside = posixpath.normpath(posixpath.join(folder, target))
    for source in sources:
        path = posixpath.normpath(source.lstrip("/") or ".")
        name = posixpath.basename(path)
        if name in ("go.mod", "go.*", "go.[ms]*", "go.mod*"):
            yield _Copied(inside, posixpath.dirname(path) or ".")
        elif path == "." or (len(sources) == 1 and name == posixpath.basename(inside)):
            yield _Copied(inside, path)
        elif "." not in name:
            yield _Copied(inside, path if len(sources) == 1 and source.endswith("/") else None)


def _bound(step: Instruction, folder: str) -> Iterator[_Copied]:
    for mount in _MOUNT.findall(step.rest):
        options = dict(part.partition("=")[::2] for part in mount.split(","))
        target = options.get("target") or options.get("dst") or options.get("destination")
        source = (options.get("source") or options.get("src") or ".").lstrip("/") or "."
        if options.get("type") in (None, "bind") and target and "from" not in options:
            yield _Copied(posixpath.normpath(posixpath.join(folder, target)), posixpath.normpath(source))


def _of_run(step: Instruction, folder: str, copied: tuple[_Copied, ...]) -> Iterator[Build]:
    script = f"{_FLAGS.sub('', step.rest)}\n{step.body}"
    for part in _SEPARATORS.split(script[:_LONGEST]):
        if not _TOLD.search(part):
            continue
        try:
            words = shlex.split(part.strip("(){} \t"), comments=True)
        except ValueError:
            continue
        while words and (_ASSIGNED.match(words[0]) or words[0] in _BEFORE):
            words.pop(0)
        if words[:1] == ["cd"] and len(words) > 1:
            folder = posixpath.normpath(posixpath.join(folder, words[1]))
        elif words[:1] == ["go"]:
            yield from _of_go(step.line, words[1:], folder, copied)


def _of_go(line: int, words: list[str], folder: str, copied: tuple[_Copied, ...]) -> Iterator[Build]:
    if "-C" in words[:2] and len(words) > 2:
        at = words.index("-C")
        folder = posixpath.normpath(posixpath.join(folder, words[at + 1]))
        words = words[:at] + words[at + 2 :]
    if words[:1] not in (["build"], ["install"]):
        return
    flags, found = packages(words[1:])
    named = words[0] == "install" or any(flag.partition("=")[0] in ("-o", "--o") for flag in flags)
    for package in found:
        yield Build(line, package, _in_context(folder, copied), named, tuple(flags))


def _in_context(folder: str, copied: tuple[_Copied, ...]) -> str | None:
    """The folder of the context that lies at a folder of the container: the last copy around it."""
    if "$" in folder:
        return None
    for there in reversed(copied):
        if f"{folder}/".startswith(f"{there.inside.rstrip('/')}/"):
            if there.context is None:
                return None
            return posixpath.normpath(posixpath.join(there.context, posixpath.relpath(folder, there.inside)))
    return None
