"""From the command line to a plan that may be carried out."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from tui.cli import DONE, USAGE
from tui.commands.reading import inspected
from tui.core.answers import ANSWERS_FILE, flag_words, read
from tui.core.images import unread
from tui.core.plan import Plan, answer, answer_text, defaults, value
from tui.core.project import Project
from tui.core.questions import QUESTIONS, Question, question
from tui.core.recipes import apply, missed, recipe
from tui.core.rules import ERROR, Problem
from tui.core.text import printable


def load(options: argparse.Namespace, look: Callable[..., Project] = inspected) -> tuple[Project, Plan]:
    """The project and its plan: detected by ``look``, the answers file, the recipe, the flags.

    Raises Invalid and NotAProject.
    """
    project = look(Path(options.dir))
    plan = answered(project, options)
    if not is_read_for(project, plan):
        project = again(Path(options.dir), project, plan, look)
        plan = answered(project, options)
    if options.recipe:
        _say_missed(plan, options)
    return project, plan


def is_read_for(project: Project, plan: Plan) -> bool:
    """Whether the project was read for the plan's program, platforms and build tags."""
    is_main = plan.main == project.main or all(main.package != plan.main for main in project.mains)
    return is_main and (plan.platform, plan.build_tag) == (project.platforms, project.tags)


def again(folder: Path, project: Project, plan: Plan, look: Callable[..., Project] = inspected) -> Project:
    """The project read for the plan: ports, needs and cgo belong to the program and to where it runs."""
    known = "main" in plan.answered or any(main.package == plan.main for main in project.mains)
    main = plan.main if known else None
    return look(folder, main, platforms=plan.platform, tags=plan.build_tag)


def ready(options: argparse.Namespace) -> tuple[Project, Plan]:
    """Like ``load``, and own base images nobody read yet are read by the engine.

    Raises EngineError too.
    """
    project, plan = load(options)
    if unread(plan):
        from tui.commands.own_images import with_facts

        plan = with_facts(project, plan)
    return project, plan


def refused(found: tuple[Problem, ...]) -> int:
    """Print the problems; USAGE when one of them is an error, else 0."""
    for problem in found:
        print(f"{problem.severity}: {printable(problem.what)} {printable(problem.why)}", file=sys.stderr)
        if problem.fix:
            print(f"  fix: {problem.fix.label} ({_fix_flag(problem)})", file=sys.stderr)
    return USAGE if any(problem.severity == ERROR for problem in found) else DONE


def _fix_flag(problem: Problem) -> str:
    assert problem.fix is not None
    return printable(shlex.join(flag_words(question(problem.fix.key), problem.fix.value)))


def answered(project: Project, options: argparse.Namespace) -> Plan:
    """The project's plan with the answers file, then the recipe, then the flags."""
    plan = defaults(project)
    saved = project.root / ANSWERS_FILE
    if options.answers:
        plan = read(project, plan, Path(options.answers))
    elif saved.is_file():
        plan = read(project, plan, saved)
    if options.recipe:
        plan = apply(project, plan, recipe(options.recipe))
    for asked in QUESTIONS:
        given = _given(asked, options)
        if isinstance(given, list):
            plan = answer(project, plan, asked.key, asked.given(given))
        elif given is not None:
            plan = answer_text(project, plan, asked.key, given)
    return plan


def _say_missed(plan: Plan, options: argparse.Namespace) -> None:
    """Where a fix, and no flag, answered otherwise than the recipe."""
    chosen = recipe(options.recipe)
    for asked in (question(key) for key in missed(plan, chosen)):
        if _given(asked, options) is not None:
            continue
        words = printable(shlex.join(flag_words(asked, value(plan, asked.key))))
        print(f"note: the recipe {chosen.id} does not fit here as it is: {words}.", file=sys.stderr)


def _given(asked: Question, options: argparse.Namespace) -> str | list[str] | None:
    """What the command line says: text, the items of a repeated flag, None for nothing."""
    given = getattr(options, asked.key.replace("-", "_"))
    if isinstance(given, bool):
        return "on" if given else "off"
    return given or None if isinstance(given, list) else given
