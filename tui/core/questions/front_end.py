"""The JavaScript bundle that is made before Go is compiled."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import front_end_choices, node_choices
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.questions.declare import CHOICE, Question

BUILD, SKIP = "build", "skip"


def _has_one(project: Project, plan: Plan) -> bool:
    return project.front_end is not None


QUESTIONS = (
    Question(
        key="front-end",
        title="Front end",
        help="Make the bundle in a stage of its own, or take the one that is committed.",
        kind=CHOICE,
        one=validate.one_of("Front end", lambda: {BUILD: BUILD, SKIP: SKIP}),
        default=default.front_end,
        metavar="build|skip",
        step="front-end",
        shown=_has_one,
        choices=front_end_choices,
    ),
    Question(
        key="node",
        title="Node version",
        help="The Node release that makes the bundle.",
        kind=CHOICE,
        one=validate.optional(validate.node),
        default=default.node,
        metavar="VERSION",
        step="front-end",
        free=True,
        shown=_has_one,
        choices=node_choices,
    ),
)
