"""What each command does, once its options are read."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys

from tui.cli import DONE, FAILED, USAGE, complain, load
from tui.core import answers
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.render import render
from tui.core.rules import ERROR, Problem, problems
from tui.core.save import CHANGED, UNCHANGED, CannotSave, Change, changes, write
from tui.core.text import printable


def wizard(options: argparse.Namespace) -> int:
    """Open the full-screen wizard, if there is a terminal for it."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or os.environ.get("TERM", "") in {"", "dumb"}:
        return complain(
            "the wizard needs a terminal it can draw on, and there is none here. "
            f"Use dockwright generate, build or run {options.dir} instead; --help lists the flags.",
            USAGE,
        )
    gc.disable()  # until the first frame is there: nothing made until then is garbage
    project, plan = load(options)
    from tui.launch import run_app

    return run_app(project, plan)


def inspect(options: argparse.Namespace) -> int:
    """Print the findings."""
    from pathlib import Path

    from tui.core.inspect import inspect as read_project
    from tui.core.report import as_json, as_text

    project = read_project(Path(options.dir))
    print(json.dumps(as_json(project), indent=2) if options.json else as_text(project).rstrip("\n"))
    return DONE


def generate(options: argparse.Namespace) -> int:
    """Print the Dockerfile, show what would change, or write the files."""
    project, plan = load(options)
    if refused := _refused(project, plan):
        return refused
    if not (options.diff or options.write):
        sys.stdout.write(render(project, plan)[0].text)
        return DONE
    try:
        planned = changes(project.root, files(project, plan))
        if options.diff:
            _print_diff(planned)
        return _write(project, planned, force=options.force) if options.write else DONE
    except CannotSave as error:
        return complain(str(error), FAILED)


def build(options: argparse.Namespace) -> int:
    """Build the image."""
    return _with_engine(options, run_it=False)


def run(options: argparse.Namespace) -> int:
    """Build the image and run it."""
    return _with_engine(options, run_it=True)


def image(options: argparse.Namespace) -> int:
    """Print what is in an image."""
    import asyncio

    from tui.core import validate
    from tui.core.own_image import OwnImage, as_json, as_report
    from tui.engine import EngineError
    from tui.engine.daemon.engine import DaemonEngine

    async def read() -> OwnImage:
        engine = DaemonEngine()
        try:
            return await engine.read_image(options.reference, platform)
        finally:
            await engine.close()

    platform = validate.platform(options.platform) if options.platform else None
    try:
        found = asyncio.run(read())
    except EngineError as error:
        return complain(str(error), FAILED)
    print(json.dumps(as_json(found), indent=2) if options.json else as_report(found))
    return DONE


def releases(options: argparse.Namespace) -> int:
    """Print the Go releases that are known, after asking a registry when that is wanted."""
    from datetime import date

    from tui.core import catalog, validate
    from tui.core import releases as kept

    if options.refresh:
        from tui.engine.tags import RegistryError, golang_tags

        mirror = validate.registry(options.registry)
        try:
            found = kept.from_tags(golang_tags(mirror), date.today())
            where = f"kept in {kept.store(found)}"
        except RegistryError as error:
            return complain(str(error), FAILED)
        except kept.NoReleases:
            return complain(f"{mirror or 'Docker Hub'} has no Go releases in its golang image.", FAILED)
        except OSError as error:
            return complain(f"what was found cannot be kept in {kept.path()}: {error.strerror}.", FAILED)
    else:
        found = catalog.go_releases()
        where = "known to dockwright" if found == catalog.packaged_go_releases() else f"kept in {kept.path()}"
    print(f"Go releases of {found.date}, {where}")
    for minor in reversed(found.suites):
        state = "maintained" if minor in found.maintained else "no fixes any more"
        print(f"  {minor}  {state:<17}  {' '.join(found.suites[minor])}")
    return DONE


def files(project: Project, plan: Plan) -> tuple[tuple[str, str], ...]:
    """Every file that writing puts on disk, as (path, text)."""
    made = tuple((file.path, file.text) for file in render(project, plan))
    return (*made, (answers.ANSWERS_FILE, answers.to_toml(project, plan)))


def _with_engine(options: argparse.Namespace, *, run_it: bool) -> int:
    project, plan = load(options)
    if refused := _refused(project, plan):
        return refused
    from tui.headless import carry_out

    return carry_out(project, plan, run_it=run_it, as_json=options.json, differing=_differing(project, plan))


def _differing(project: Project, plan: Plan) -> tuple[str, ...]:
    """Generated files that are on disk with other contents than what is built."""
    try:
        planned = changes(project.root, [(file.path, file.text) for file in render(project, plan)])
    except CannotSave:
        return ()
    return tuple(change.path for change in planned if change.state == CHANGED)


def _refused(project: Project, plan: Plan) -> int:
    """Print the problems; USAGE when one of them is an error, else 0."""
    found = problems(project, plan)
    for problem in found:
        print(f"{problem.severity}: {printable(problem.what)} {printable(problem.why)}", file=sys.stderr)
        if problem.fix:
            print(f"  fix: {problem.fix.label} ({_fix_flag(project, problem)})", file=sys.stderr)
    return USAGE if any(problem.severity == ERROR for problem in found) else DONE


def _fix_flag(project: Project, problem: Problem) -> str:
    from tui.core.questions import question

    assert problem.fix is not None
    asked = question(problem.fix.key)
    return f"{asked.flag} {asked.typed(problem.fix.value)}"


def _print_diff(planned: tuple[Change, ...]) -> None:
    for change in planned:
        for line in change.diff():
            print(printable(line))
    if all(change.state == UNCHANGED for change in planned):
        print("dockwright: the files on disk are what would be written.", file=sys.stderr)


def _write(project: Project, planned: tuple[Change, ...], *, force: bool) -> int:
    replaced = [change.path for change in planned if change.state == CHANGED]
    if replaced and not force:
        return complain(
            f"{', '.join(replaced)} would be replaced. --diff shows how, --force replaces and keeps the old "
            "as .bak. Nothing was written.",
            FAILED,
        )
    for written in write(project.root, planned):
        print(written.path)
        if written.backup:
            print(f"dockwright: the old {written.path.name} is {written.backup.name}", file=sys.stderr)
    return DONE
