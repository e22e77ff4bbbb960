"""The commands as data, and their flags, which are made from the questions."""

from __future__ import annotations

import argparse
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.core.answers import ANSWERS_FILE
from tui.core.questions import MACHINE, QUESTIONS, STEPS, Question, questions_of
from tui.core.questions.declare import SWITCH

WIZARD = "wizard"
_PROJECT, _REFERENCE, _NOTHING = "[DIR]", "REFERENCE", ""
_EXIT_CODES = """
Every command has --help. Exit codes: 0 done, 1 failed, 2 usage, 130 cancelled;
run passes on the application's own code."""
_JSON = ("--json", "print one JSON event a line on stdout")


@dataclass(frozen=True, slots=True)
class Command:
    """``subject`` is what it is about, ``short`` a line of the overview, ``answers`` whether it has the
    questions as flags. ``switches`` are (flag, help), ``options`` (flag, metavar, help)."""

    name: str
    subject: str
    short: str
    description: str
    answers: bool = False
    switches: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str, str], ...] = ()


COMMANDS = (
    Command(
        WIZARD,
        _PROJECT,
        "open the wizard",
        "Take a Go project to a container image that is proven to run.",
        answers=True,
    ),
    Command(
        "inspect",
        _PROJECT,
        "what was found in the project, with file and line",
        "Show what was found in the project, with file and line.",
        switches=(
            ("--json", "print the findings as JSON"),
            ("--schema", "print the JSON Schema that --json keeps to"),
        ),
        options=(
            (
                "--platform",
                "OS/ARCH",
                "read it as Go compiles it there, such as linux/arm64 (default: as saved)",
            ),
            ("--build-tag", "TAG", "and with these tags, such as debug,sqlite (default: as saved)"),
        ),
    ),
    Command(
        "generate",
        _PROJECT,
        "print the Dockerfile, or write the files",
        "Print the Dockerfile, or write it with its .dockerignore and the answers.",
        answers=True,
        switches=(
            ("--write", f"write Dockerfile, .dockerignore and {ANSWERS_FILE}"),
            ("--diff", "show what writing would change"),
            ("--force", "with --write: replace files that differ (the old ones are kept as .bak)"),
        ),
    ),
    Command(
        "check",
        _PROJECT,
        "whether Dockerfile and .dockerignore still fit the project",
        "Compare Dockerfile, .dockerignore and saved answers with the project; 1 when they drifted.",
        switches=(("--json", "print what drifted as JSON"),),
    ),
    Command(
        "build",
        _PROJECT,
        "build the image",
        "Build the image from exactly what generate prints; no file of the project is touched.",
        answers=True,
        switches=(_JSON,),
    ),
    Command(
        "run",
        _PROJECT,
        "build the image, run it, wait until it answers",
        "Build the image, run it hardened, and wait until it answers. Arguments follow after --.",
        answers=True,
        switches=(_JSON,),
    ),
    Command(
        "export",
        _PROJECT,
        "write the bare program instead of an image, also for other systems",
        "Compile in the engine and write the program itself; --platform windows/amd64 is one for Windows.",
        answers=True,
        switches=(_JSON,),
        options=(("--output", "PATH", "the file, or a folder for it (default: here)"),),
    ),
    Command(
        "pin",
        _PROJECT,
        "the digests of the base images; --write keeps them",
        "Look up what the base images' tags stand for, through the engine, and print them with digests.",
        answers=True,
        switches=(("--write", f"keep them in {ANSWERS_FILE}, so that every build takes the same images"),),
    ),
    Command(
        "recipes",
        _PROJECT,
        "ready sets of answers, and what each changes here",
        "List the recipes: sets of answers that --recipe NAME gives at once, and what they change here.",
        answers=True,
        switches=(("--json", "print them as JSON"),),
    ),
    Command(
        "image",
        _REFERENCE,
        "what is in a base image of your own; nothing of it is run",
        "Read a base image of your own: what --builder and --runtime must know of it.",
        switches=(("--json", "print the facts as JSON"),),
        options=(("--platform", "OS/ARCH", "such as linux/arm64"),),
    ),
    Command(
        "releases",
        _NOTHING,
        "which Go releases are known; --refresh asks a registry",
        "Show which Go releases are maintained and in which variants their image exists.",
        switches=(("--refresh", "ask the official image's tag list, and keep what it says"),),
        options=(("--registry", "HOST/PATH", "with --refresh: a mirror to ask"),),
    ),
)
_BY_NAME = {command.name: command for command in COMMANDS}
NAMES = tuple(name for name in _BY_NAME if name != WIZARD)


def parser(name: str) -> argparse.ArgumentParser:
    """The parser of that command."""
    command, own = _BY_NAME[name], name != WIZARD
    made = argparse.ArgumentParser(
        prog=f"dockwright {name}" if own else "dockwright",
        usage=f"{_usage(command)} [--FLAG …]" if command.answers else None,  # else all of them
        description=command.description,
        epilog=None if own else _overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if command.subject == _PROJECT:
        made.add_argument("dir", nargs="?", default=".", metavar="DIR", help="the Go project (default: here)")
    elif command.subject == _REFERENCE:
        made.add_argument("reference", metavar="REFERENCE", help="such as registry.example.com/base:1")
    if not own:
        made.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    for flag, text in command.switches:
        made.add_argument(flag, action="store_true", help=text)
    for flag, metavar, text in command.options:
        short = ("-o",) if flag == "--output" else ()
        made.add_argument(*short, flag, metavar=metavar, default="", help=text)
    if command.answers:
        _add_answers(made)
    return made


def split(words: list[str]) -> tuple[list[str], list[str]]:
    """The command line's own words, and the application's arguments, which follow after ``--``.

    A switch may be spelled ``--cgo on`` and ``--cgo=off`` too.
    """
    at = words.index("--") if "--" in words else len(words)
    return list(_spelled(words[:at])), words[at + 1 :]


def _spelled(words: list[str]) -> Iterator[str]:
    switches = {question.flag for question in QUESTIONS if question.kind == SWITCH}
    rest = deque(words)
    while rest:
        word = rest.popleft()
        flag, equals, state = word.partition("=")
        if not equals and rest:
            state = rest[0]
        if flag not in switches or state not in ("on", "off"):
            yield word
            continue
        if not equals:
            rest.popleft()
        yield flag if state == "on" else f"--no-{flag[2:]}"


def _overview() -> str:
    lines = [f"  {_usage(command):<26} {command.short}" for command in COMMANDS]
    return "\n".join(("commands:", *lines, _EXIT_CODES))


def _usage(command: Command) -> str:
    name = "" if command.name == WIZARD else command.name
    return " ".join(part for part in ("dockwright", name, command.subject) if part)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than reading a project."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"dockwright {version('dockwright')}")
        parser.exit()


def _add_answers(made: argparse.ArgumentParser) -> None:
    """The questions by the wizard's steps, what it does not ask at the end."""
    start = made.add_argument_group("Where the answers start")
    start.add_argument(
        "--answers", metavar="FILE", help=f"answers to start from (default: DIR/{ANSWERS_FILE})"
    )
    start.add_argument(
        "--recipe", metavar="NAME", default="", help="a set of answers: dockwright recipes lists them"
    )
    for step in (*STEPS, MACHINE):
        _add_questions(made.add_argument_group(step.title, step.help), questions_of(step.key))
    _add_questions(made.add_argument_group("Beside the wizard's questions"), questions_of(""))


def _add_questions(group: argparse._ArgumentGroup, questions: Iterable[Question]) -> None:
    for question in questions:
        if question.key == "args":
            continue
        if question.kind == SWITCH:
            group.add_argument(
                question.flag, action=argparse.BooleanOptionalAction, default=None, help=question.help
            )
        elif question.is_list:
            group.add_argument(
                question.flag, action="append", default=[], metavar=question.metavar, help=question.help
            )
        else:
            group.add_argument(question.flag, metavar=question.metavar, help=question.help)
