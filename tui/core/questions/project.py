"""What is built, and what it is called."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import also_choices, main_choices, platform_choices
from tui.core.questions.declare import CHOICE, LIST, TEXT, Question

QUESTIONS = (
    Question(
        key="main",
        title="Main package",
        help="The package with func main that becomes the program.",
        kind=CHOICE,
        one=validate.main,
        default=default.main,
        metavar="PACKAGE",
        step="project",
        free=True,
        choices=main_choices,
    ),
    Question(
        key="also",
        title="Further programs",
        help="Other main packages that go into the same image.",
        kind=LIST,
        one=validate.main,
        default=default.constant((), "one program an image is the rule"),
        metavar="PACKAGE",
        step="project",
        shown=lambda project, plan: len(project.mains) > 1,
        choices=also_choices,
    ),
    Question(
        key="binary",
        title="Binary name",
        help="The program's name in the image: /usr/local/bin/NAME.",
        kind=TEXT,
        one=validate.binary,
        default=default.binary,
        metavar="NAME",
        step="project",
    ),
    Question(
        key="tag",
        title="Image tag",
        help="The name the image gets in the engine's store.",
        kind=TEXT,
        one=validate.tag,
        default=default.tag,
        metavar="NAME:TAG",
        step="project",
    ),
)
TARGET = (
    Question(
        key="platform",
        title="Platform",
        help="Where the image will run, such as linux/amd64; empty means this engine's own.",
        kind=LIST,
        one=validate.platform,
        default=default.platform,
        metavar="OS/ARCH",
        step="project",
        choices=platform_choices,
    ),
)
