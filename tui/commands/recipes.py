"""Lists the recipes, and what each would change in a project's files."""

from __future__ import annotations

import argparse
import json
from difflib import ndiff
from typing import Any

from tui.cli import DONE
from tui.commands.plans import load
from tui.core.answers import flags
from tui.core.plan import Plan
from tui.core.project import NotAProject, Project
from tui.core.questions import question
from tui.core.recipes import Recipe, apply, missed, recipes
from tui.core.render import render
from tui.core.rules import ERROR, problems
from tui.core.text import printable


def carry_out(options: argparse.Namespace) -> int:
    """Print the recipes, with a project also what they do to it."""
    try:
        project, plan = load(options)
        found = [_about(each) | _effect(project, plan, each) for each in recipes()]
    except NotAProject:
        found = [_about(each) for each in recipes()]
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        print("\n".join(_text(each) for each in found))
    return DONE


def _about(each: Recipe) -> dict[str, Any]:
    return {"id": each.id, "title": each.title, "text": each.text, "answers": each.answers}


def _effect(project: Project, plan: Plan, each: Recipe) -> dict[str, Any]:
    """The flags it comes to, the Dockerfile's lines that come and go, what of it does not fit this project
    and was answered otherwise, and what stays in the way."""
    changed = apply(project, plan, each)
    old, new = (render(project, made)[0].text.splitlines() for made in (plan, changed))
    signs = [line[0] for line in ndiff(old, new)]
    errors = [p.sentence() for p in problems(project, changed) if p.severity == ERROR]
    return {
        "flags": flags(changed, "build"),
        "added": signs.count("+"),
        "removed": signs.count("-"),
        "otherwise": [question(key).title for key in missed(changed, each)],
        "errors": errors,
    }


def _text(found: dict[str, Any]) -> str:
    lines = [f"{found['id']:<20} {found['title']}: {found['text']}"]
    if "flags" in found:
        lines.append(f"{'':<20} Dockerfile +{found['added']} -{found['removed']}  {' '.join(found['flags'])}")
        if found["otherwise"]:
            lines.append(f"{'':<20} does not fit here as it is: {', '.join(found['otherwise'])}")
        lines += [f"{'':<20} error: {printable(error)}" for error in found["errors"]]
    return "\n".join(lines).rstrip()
