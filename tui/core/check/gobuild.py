"""Where a Dockerfile builds which Go package, seen from the project."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from tui.core.check.stages import Stage
from tui.core.dockerfile import Instruction
from tui.core.inspect.deployment.commands import VALUED

_SEPARATORS = re.compile(r"&&|\|\||[;|&\n]")
_MOUNT = re.compile(r"--mount=(\S+)")
_FLAGS = re.compile(r"^(?:--\S+\s+)+")
_TOLD = re.compile(r"\b(?:go|cd)\b")
_LONGEST = 64 * 1024
_MOST_COPIES = 100
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
_BEFORE = frozenset({"env", "exec", "time", "then", "do", "set", "-e", "-x", "-ex"})


class Build(NamedTuple):
    """A ``go build`` or ``go install``. ``package`` is as written, ``folder`` the working directory
    relative to the build context, None where that is not known. ``names_output`` tells that ``-o`` is
    there, ``flags`` are the words before the packages."""

    line: int
    package: str
    folder: str | None
    names_output: bool
    flags: tuple[str, ...]


class _Copied(NamedTuple):
    """A folder of the container and the one of the context that lies there, None for no single one."""

    inside: str
    context: str | None


def builds(stage: Stage) -> Iterator[Build]:
    """Those of a stage and its ancestors."""
    folder = "/"
    copied: list[_Copied] = []
    for step in stage.chain():
        if step.keyword == "WORKDIR":
            folder = posixpath.normpath(posixpath.join(folder, step.rest.strip("\"'")))
        elif step.keyword in ("COPY", "ADD"):
            copied = [*copied, *_copies(step, folder)][-_MOST_COPIES:]
        elif step.keyword == "RUN":
            bound = [*copied, *_bound(step, folder)]
            yield from _of_run(step, folder, bound)


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


def _of_run(step: Instruction, folder: str, copied: list[_Copied]) -> Iterator[Build]:
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


def _of_go(line: int, words: list[str], folder: str, copied: list[_Copied]) -> Iterator[Build]:
    if "-C" in words[:2] and len(words) > 2:
        at = words.index("-C")
        folder = posixpath.normpath(posixpath.join(folder, words[at + 1]))
        words = words[:at] + words[at + 2 :]
    if words[:1] not in (["build"], ["install"]):
        return
    flags: list[str] = []
    rest = words[1:]
    while rest and rest[0].startswith("-"):
        flags.append(rest.pop(0))
        if rest and f"-{flags[-1].lstrip('-')}" in VALUED:
            flags.append(rest.pop(0))
    named = words[0] == "install" or any(flag.partition("=")[0] in ("-o", "--o") for flag in flags)
    for package in rest or ["."]:
        yield Build(line, package, _in_context(folder, copied), named, tuple(flags))


def _in_context(folder: str, copied: list[_Copied]) -> str | None:
    """The folder of the context that lies at a folder of the container: the last copy around it."""
    if "$" in folder:
        return None
    for there in reversed(copied):
        if f"{folder}/".startswith(f"{there.inside.rstrip('/')}/"):
            if there.context is None:
                return None
            return posixpath.normpath(posixpath.join(there.context, posixpath.relpath(folder, there.inside)))
    return None
