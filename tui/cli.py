"""The command line: flags made from the questions, commands, exit codes.

Results go to stdout, everything else to stderr. Textual is imported only to open the wizard.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tui.core.answers import ANSWERS_FILE, read
from tui.core.plan import Plan, answer, answer_text, defaults
from tui.core.project import NotAProject, Project
from tui.core.questions import QUESTIONS, Question
from tui.core.validate import Invalid

DONE, FAILED, USAGE, CANCELLED = 0, 1, 2, 130
_EPILOG = """\
commands:
  dockwright [DIR]           open the wizard
  dockwright inspect [DIR]   what was found in the project, with file and line
  dockwright generate [DIR]  print the Dockerfile, or write the files
  dockwright build [DIR]     build the image
  dockwright run [DIR]       build the image, run it, wait until it answers
  dockwright image REFERENCE what is in a base image of your own; nothing of it is run
  dockwright releases        which Go releases are known; --refresh asks a registry

Every command has --help. Exit codes: 0 done, 1 failed, 2 usage, 130 cancelled;
run passes on the application's own code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line; the exit code."""
    words, arguments = _split(list(sys.argv[1:] if argv is None else argv))
    name = words.pop(0) if words and words[0] in _COMMANDS else "wizard"
    options = _parser(name).parse_args(words)
    options.args = arguments
    from tui import commands

    try:
        code = int(getattr(commands, name)(options))
        sys.stdout.flush()
        return code
    except (Invalid, NotAProject) as error:
        return complain(str(error), USAGE)
    except OSError as error:
        # Python would try to write the rest once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return FAILED
        return complain(
            f"the output cannot be written: {error.strerror}. Free space or choose another.", FAILED
        )
    except KeyboardInterrupt:
        return CANCELLED


_COMMANDS = ("inspect", "generate", "build", "run", "image", "releases")
_WITHOUT_ANSWERS = ("inspect", "image", "releases")


def complain(text: str, code: int) -> int:
    """Print an error as a sentence on stderr; the code."""
    print(f"dockwright: {text}", file=sys.stderr)
    return code


def load(options: argparse.Namespace) -> tuple[Project, Plan]:
    """The project and its plan: detected, then the answers file, then the flags.

    Raises Invalid and NotAProject.
    """
    from tui.core.inspect import inspect

    project = inspect(Path(options.dir))
    plan = _answered(project, options)
    if plan.main != project.main and any(main.package == plan.main for main in project.mains):
        # Ports, needs and cgo belong to the program that is built.
        project = inspect(Path(options.dir), main=plan.main)
        plan = _answered(project, options)
    return project, plan


def _answered(project: Project, options: argparse.Namespace) -> Plan:
    plan = defaults(project)
    saved = project.root / ANSWERS_FILE
    if options.answers:
        plan = read(project, plan, Path(options.answers))
    elif saved.is_file():
        plan = read(project, plan, saved)
    for question in QUESTIONS:
        given = _given(question, options)
        if isinstance(given, list):
            plan = answer(project, plan, question.key, question.given(given))
        elif given is not None:
            plan = answer_text(project, plan, question.key, given)
    return plan


def _given(question: Question, options: argparse.Namespace) -> str | list[str] | None:
    """What the command line says: text, the items of a repeated flag, None for nothing."""
    given = getattr(options, question.key.replace("-", "_"))
    if isinstance(given, bool):
        return "on" if given else "off"
    return given or None if isinstance(given, list) else given


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after ``--``: the rest are the application's arguments."""
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _parser(name: str) -> argparse.ArgumentParser:
    own = name != "wizard"
    parser = argparse.ArgumentParser(
        prog=f"dockwright {name}" if own else "dockwright",
        description=_DESCRIPTIONS[name],
        epilog=None if own else _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_subject(parser, name)
    if not own:
        parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    for flag, text in _SWITCHES.get(name, ()):
        parser.add_argument(flag, action="store_true", help=text)
    if name not in _WITHOUT_ANSWERS:
        _add_questions(parser)
    return parser


def _add_subject(parser: argparse.ArgumentParser, name: str) -> None:
    """What the command is about: a project for most."""
    if name == "image":
        parser.add_argument("reference", metavar="REFERENCE", help="such as registry.example.com/base:1")
        parser.add_argument("--platform", metavar="OS/ARCH", help="such as linux/arm64")
    elif name == "releases":
        parser.add_argument(
            "--registry", metavar="HOST/PATH", default="", help="with --refresh: a mirror to ask"
        )
    else:
        parser.add_argument(
            "dir", nargs="?", default=".", metavar="DIR", help="the Go project (default: here)"
        )


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than reading a project."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"dockwright {version('dockwright')}")
        parser.exit()


_DESCRIPTIONS = {
    "wizard": "Take a Go project to a container image that is proven to run.",
    "inspect": "Show what was found in the project, with file and line.",
    "generate": "Print the Dockerfile, or write it with its .dockerignore and the answers.",
    "build": "Build the image from exactly what generate prints; no file of the project is touched.",
    "image": "Read a base image of your own: what --builder and --runtime must know of it.",
    "run": "Build the image, run it hardened, and wait until it answers. Arguments follow after --.",
    "releases": "Show which Go releases are maintained and in which variants their image exists.",
}
_JSON = ("--json", "print one JSON event a line on stdout")
_SWITCHES = {
    "inspect": (("--json", "print the findings as JSON"),),
    "generate": (
        ("--write", f"write Dockerfile, .dockerignore and {ANSWERS_FILE}"),
        ("--diff", "show what writing would change"),
        ("--force", "with --write: replace files that differ (the old ones are kept as .bak)"),
    ),
    "image": (("--json", "print the facts as JSON"),),
    "releases": (("--refresh", "ask the official image's tag list, and keep what it says"),),
    "build": (_JSON,),
    "run": (_JSON,),
}


def _add_questions(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("answers")
    group.add_argument(
        "--answers", metavar="FILE", help=f"answers to start from (default: DIR/{ANSWERS_FILE})"
    )
    for question in QUESTIONS:
        if question.key == "args":
            continue
        if question.key == "comments":
            group.add_argument(
                question.flag, action=argparse.BooleanOptionalAction, default=None, help=question.help
            )
        elif question.key == "writable":
            group.add_argument(question.flag, action="store_true", default=None, help=question.help)
        elif question.is_list:
            group.add_argument(
                question.flag, action="append", default=[], metavar=question.metavar, help=question.help
            )
        else:
            group.add_argument(question.flag, metavar=question.metavar, help=question.help)
