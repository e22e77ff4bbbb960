"""Which editor a person uses, and how it is told a file and a line; known ones in ``facts/editors.toml``."""

from __future__ import annotations

import os
import shlex
import shutil
import stat
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tui.core.inspect import repository
from tui.core.project import Evidence, Project
from tui.core.text import printable

_FACTS = Path(__file__).parent / "facts" / "editors.toml"
_VARIABLES = ("VISUAL", "EDITOR")
_ADVICE = "Set EDITOR to the one you use, such as export EDITOR=nano, and start dockwright again."


class CannotOpen(Exception):
    """A file cannot be shown in an editor; the message says why and what to do."""


class Editor(NamedTuple):
    """``words`` are the program and what a person gives it. ``window`` tells that it leaves the terminal
    alone, ``goes`` that it is known how to send it to a line."""

    words: tuple[str, ...]
    arguments: tuple[str, ...] = ("{file}",)
    window: bool = False
    goes: bool = True

    @property
    def name(self) -> str:
        """The program without its folder, safe to show."""
        return printable(Path(self.words[0]).name)

    def command(self, file: Path, line: int) -> tuple[str, ...]:
        """The words that open the file at that line; none of them goes through a shell."""
        values = {"file": str(file), "line": str(line)}
        return (*self.words, *(argument.format_map(values) for argument in self.arguments))


def editor(env: Mapping[str, str]) -> Editor:
    """The editor of ``$VISUAL``, else ``$EDITOR``, else a usual one that is there. Raises CannotOpen."""
    variable = next((name for name in _VARIABLES if env.get(name, "").strip()), "")
    path = env.get("PATH")
    if not variable:
        usual = next((name for name in _facts()["usual"] if shutil.which(name, path=path)), "")
        if not usual:
            raise CannotOpen(f"Neither VISUAL nor EDITOR names an editor, and none is there. {_ADVICE}")
        return _known((usual,))
    words = _split(variable, env[variable])
    if not shutil.which(words[0], path=path):
        raise CannotOpen(f"{variable} names {printable(words[0])}, which cannot be run. {_ADVICE}")
    return _known(words)


def place(project: Project, seen: Evidence) -> Path:
    """The file that shows it. Raises CannotOpen for what is gone, no file, or outside of what was read."""
    shown = printable(seen.file)
    if not seen.file or seen.file != shown:
        raise CannotOpen(f"{shown or 'It'} has characters in its name that no editor should get.")
    tops = {project.context or project.root, repository.top(project.root)}
    try:
        found = Path(os.path.realpath(project.root / seen.file, strict=True))
        kind = found.stat().st_mode
    except (OSError, ValueError):
        raise CannotOpen(f"{shown} is not there any more, or cannot be read.") from None
    if not any(found.is_relative_to(os.path.realpath(top)) for top in tops):
        raise CannotOpen(f"{shown} leads out of the project, where nothing was read.")
    if not stat.S_ISREG(kind):
        raise CannotOpen(f"{shown} is no file.")
    return found


def _split(variable: str, text: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        words = ()
    if not words or not text.isprintable():
        raise CannotOpen(f"{variable} is no command: a quote is not closed, or it is empty. {_ADVICE}")
    return words


def _known(words: tuple[str, ...]) -> Editor:
    name = Path(words[0]).name.partition(".")[0]
    entry = next((entry for entry in _facts()["editor"] if name in entry["names"]), None)
    if entry is None:
        return Editor(words, goes=False)
    wait = entry.get("wait", [])
    waiting = () if not wait or set(wait) & set(words[1:]) else (wait[0],)
    return Editor((*words, *waiting), tuple(entry["arguments"]), entry.get("window", False))


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(_FACTS.read_text(encoding="utf-8"))
