"""Answers as a file (``dockwright.toml``) and as the command line that gives the same files."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path
from typing import Any

from tui.core.plan import Plan, answer, value
from tui.core.project import Project
from tui.core.questions import QUESTIONS, Question, question
from tui.core.questions.declare import NONE, SWITCH
from tui.core.validate import Invalid, shown

ANSWERS_FILE = "dockwright.toml"
VERSION = 1


def to_toml(project: Project, plan: Plan) -> str:
    """The answers file. What a person decided, here or in a Dockerfile that was there before, stands as it
    is; the rest follows the project and stands in comments."""
    lines = [
        "# The answers dockwright builds this image from. A line in comments follows the project;",
        "# take the # away to keep its value whatever the project says.",
        f"version = {VERSION}",
        "",
    ]
    for asked in (q for q in QUESTIONS if q.saved):
        line = f"{asked.key} = {_toml(value(plan, asked.key))}"
        decided = asked.key in plan.answered or _is_adopted(asked, project, plan)
        lines.append(line if decided else f"# {line}")
    return "\n".join(lines) + "\n"


def _is_adopted(asked: Question, project: Project, plan: Plan) -> bool:
    """Whether the proposal is that of a Dockerfile: beside saved answers none is asked any more."""
    stated = {str(found.evidence) for found in project.stated if found.by == "Dockerfile"}
    if not stated.intersection(map(str, asked.default(project, plan).seen)):
        return False
    listens = {port.text for port in project.listens}
    return asked.key != "port" or set(plan.port) != listens


def read(project: Project, plan: Plan, file: Path) -> Plan:
    """The plan with the answers of that file. Raises ``Invalid`` naming the file and the key."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"The answers file {file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The answers file {file} is not valid TOML: {error}.") from None
    version = raw.pop("version", VERSION)
    if version != VERSION:
        raise Invalid(
            f"The answers file {file} has version {version!r}; this dockwright reads version {VERSION}."
        )
    for key, given in raw.items():
        try:
            plan = answer(project, plan, key, _parsed(_question(key), given))
        except Invalid as error:
            raise Invalid(f"{file.name}: {error}") from None
    return plan


_ONLY_RUN = frozenset({"env", "writable"})


def flags(plan: Plan, command: str) -> list[str]:
    """The flags a person's decisions come to, without the arguments after ``--``.

    What only running needs, values that may be secret among it, is left out of other commands.
    """
    asked = [q for q in QUESTIONS if q.key in plan.answered and (command == "run" or q.key not in _ONLY_RUN)]
    return [word for question in asked for word in flag_words(question, value(plan, question.key))]


def flag_words(asked: Question, given: Any) -> tuple[str, ...]:
    """The flag that gives that answer, as words of a command line; arguments have none."""
    if asked.key == "args":
        return ()
    if asked.kind == SWITCH:
        return (asked.flag if given else f"--no-{asked.key}",)
    if asked.is_list:
        return tuple(word for item in given or [NONE] for word in (asked.flag, item))
    return asked.flag, asked.typed(given)


def command_line(project: Project, plan: Plan, command: str) -> str:
    """The shell command that does the same: ``dockwright build DIR --runtime alpine``."""
    words = ["dockwright", command, str(project.root), *flags(plan, command)]
    if plan.args and command == "run":
        words += ["--", *plan.args]
    return shlex.join(words)


def _question(key: str) -> Question:
    try:
        return question(key)
    except KeyError:
        known = ", ".join(q.key for q in QUESTIONS if q.saved)
        raise Invalid(f"{shown(key)} is no question; the answers are {known}.") from None


def _parsed(asked: Question, given: Any) -> Any:
    if isinstance(given, bool):
        given = "on" if given else "off"
    if isinstance(given, list) and asked.is_list and all(isinstance(item, str | int) for item in given):
        return asked.items([str(item) for item in given])
    if isinstance(given, int):
        given = str(given)
    if not isinstance(given, str):
        raise Invalid(f"{asked.title} must be text; {shown(repr(given))} is not.")
    return asked.parse(given)


def _toml(given: Any) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, tuple):
        return "[" + ", ".join(_toml(item) for item in given) + "]"
    return '"' + "".join(_escape(c) for c in str(given)) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\u{ord(character):04x}"
