"""Where Makefiles and scripts put a bundle after the bundler made it: ``cp -r web/dist internal/site``."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect.files import Reader
from tui.core.inspect.frontend.manifest import Manifest
from tui.core.inspect.frontend.paths import inside
from tui.core.inspect.frontend.scripts import commands
from tui.core.project import DOCUMENT, Evidence

_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_PROGRAMS = frozenset({"cp", "mv", "rsync"})
_VARIABLE = re.compile(r"^(\w+)[ \t]*[:?]?=[ \t]*([\w./-]*)[ \t]*(?:#.*)?$", re.MULTILINE)
_USED = re.compile(r"\$[({](\w+)[)}]")
_HERE = {"CURDIR": ".", "PWD": "."}
_MOST_LINES = 5000


class Move(NamedTuple):
    """Files of the folder ``source`` get into ``target``, or into a folder of its name there.

    Both are relative to the project.
    """

    source: str
    target: str
    evidence: Evidence

    def targets(self) -> tuple[str, str]:
        """Both folders that may be meant: which one depends on what is there already."""
        return self.target, posixpath.join(self.target, posixpath.basename(self.source))


def find(reader: Reader, packages: Iterable[Manifest]) -> Iterator[Move]:
    """Of the Makefile Go's side has, and of the scripts of each package.json."""
    name = next((name for name in _MAKEFILES if reader.is_file(name)), "")
    if name:
        yield from _makefile((reader.read(name) or b"").decode("utf-8", "replace"), name)
    for package in packages:
        for script in package.scripts:
            evidence = package.evidence(f"the script {script}", "scripts", script)
            for command in commands(package.scripts, script):
                base = inside(package.folder, command.folder)
                if base is not None and command.program in _PROGRAMS:
                    yield from _moved(list(command.arguments), base, evidence)


def _makefile(text: str, name: str) -> Iterator[Move]:
    values = {**dict(_VARIABLE.findall(text)), **_HERE}
    lines = text.split("\n")[:_MOST_LINES]
    recipe, start = "", 0
    for number, line in enumerate(lines, 1):
        if not recipe and not line.startswith("\t"):
            continue
        start = start if recipe else number
        recipe += line.rstrip("\\")
        if line.endswith("\\"):
            continue
        known = _USED.sub(lambda match: values.get(match[1], match[0]), recipe.strip().lstrip("@-+"))
        yield from _recipe(known, Evidence(name, start, known[:80], DOCUMENT))
        recipe = ""


def _recipe(line: str, evidence: Evidence) -> Iterator[Move]:
    """Each line of a recipe begins in the Makefile's folder."""
    folder: str | None = ""
    for command in re.split(r"&&|;|\|\|", line):
        try:
            words = shlex.split(command)
        except ValueError:
            return
        if words[:1] == ["cd"] and len(words) > 1 and folder is not None:
            folder = inside(folder, words[1])
        elif words and words[0] in _PROGRAMS and folder is not None:
            yield from _moved(words[1:], folder, evidence)


def _moved(arguments: list[str], base: str, evidence: Evidence) -> Iterator[Move]:
    paths = [word for word in arguments if not word.startswith("-")]
    if len(paths) < 2 or any("$" in path for path in paths):
        return
    target = inside(base, paths[-1])
    for path in paths[:-1]:
        source = inside(base, re.sub(r"/(?:\*|\.)$", "", path))
        if source and target:
            yield Move(source, target, evidence)
