"""The commands that a script of package.json comes down to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from tui.core import frontend

_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s;&|"'])+|&&|\|\||[;&|\n]""")
_QUOTED = re.compile(r""""((?:[^"\\]|\\.)*)"|'([^']*)'""")
_BREAKS = frozenset({"&&", "||", ";", "&", "|", "\n"})
_ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
_DEEPEST = 6
_MOST = 200


class Command(NamedTuple):
    """One command: its variables, program and arguments; ``folder`` is where an earlier cd led."""

    env: Mapping[str, str]
    program: str
    arguments: tuple[str, ...]
    folder: str
    script: str


def commands(scripts: Mapping[str, str], name: str) -> list[Command]:
    """What script ``name`` runs, scripts that it runs in their place. Loops end."""
    found: list[Command] = []
    for command in _run(scripts, name, (), ()):
        found.append(command)
        if len(found) == _MOST:
            break
    return found


def _run(
    scripts: Mapping[str, str], name: str, more: tuple[str, ...], above: tuple[str, ...]
) -> Iterator[Command]:
    if name in above or len(above) > _DEEPEST:
        return
    folder = ""
    lines = list(_split(scripts.get(name, "")))
    for number, words in enumerate(lines, 1):
        if words[0] == "cd" and len(words) > 1:
            folder = f"{folder}/{words[1]}".strip("/")
            continue
        command = _command([*words, *(more if number == len(lines) else ())], folder, name)
        called = list(_called(command, scripts)) if command and not folder else []
        for script, arguments in called:
            yield from _run(scripts, script, arguments, (*above, name))
        if command and not called:
            yield command


def _split(line: str) -> Iterator[list[str]]:
    words: list[str] = []
    for word in [*_WORD.findall(line), ";"]:
        if word not in _BREAKS:
            words.append(_QUOTED.sub(lambda m: m[1] or m[2] or "", word))
        elif words:
            yield words
            words = []


def _command(words: list[str], folder: str, script: str) -> Command | None:
    wrappers = frontend.facts()["scripts"]["wrappers"]
    env: dict[str, str] = {}
    for place, word in enumerate(words):
        if _ASSIGNED.fullmatch(word):
            name, _, value = word.partition("=")
            env[name] = value
        elif word not in wrappers and not _executes(words, place):
            program = word if word.startswith("@") else word.rpartition("/")[2]
            return Command(env, program, tuple(words[place + 1 :]), folder, script)
    return None


def _executes(words: list[str], place: int) -> bool:
    """Whether the word is a manager that only starts another program: ``pnpm exec vite``."""
    managers = frontend.facts()["scripts"]["managers"]
    return words[place] in managers and words[place + 1 : place + 2] in (["exec"], ["dlx"], ["x"])


def _called(command: Command, scripts: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Scripts of the same package.json that a command runs, with the arguments given to them."""
    facts = frontend.facts()["scripts"]
    arguments = [word for word in command.arguments if word]
    if command.program in facts["sequences"]:
        for word in arguments:
            pattern = word.removeprefix("npm:").partition(" ")[0]
            matching = (name for name in scripts if fnmatchcase(name, pattern.replace("[", "[[]")))
            yield from ((name, ()) for name in matching if not word.startswith("-"))
    elif command.program in facts["managers"] and arguments:
        runs = arguments[0] in ("run", "run-script")
        rest = arguments[1:] if runs else arguments
        if rest and rest[0] in scripts and (runs or command.program in ("pnpm", "yarn")):
            yield rest[0], tuple(word for word in rest[1:] if word != "--")
