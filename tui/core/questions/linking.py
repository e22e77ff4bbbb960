"""Whether C code is compiled into the program, and how it is linked."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import cgo_choices, link_choices
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.questions.declare import CHOICE, LIST, SWITCH, Question


def _with_cgo(project: Project, plan: Plan) -> bool:
    return plan.cgo


COMPILING = (
    Question(
        key="cgo",
        title="CGO",
        help="On compiles C code and links the C library; off makes a static program.",
        kind=SWITCH,
        one=validate.switch("CGO"),
        default=default.cgo,
        metavar="on|off",
        step="cgo",
        choices=cgo_choices,
    ),
    Question(
        key="link",
        title="Linking",
        help="Static puts the C libraries into the program, so that any image can run it.",
        kind=CHOICE,
        one=validate.one_of("Linking", lambda: {name: name for name in ("dynamic", "static")}),
        default=default.link,
        metavar="dynamic|static",
        step="cgo",
        shown=_with_cgo,
        choices=link_choices,
    ),
    Question(
        key="build-tag",
        title="Build tags",
        help="Tags for go build -tags, besides those the other answers need.",
        kind=LIST,
        one=validate.build_tag,
        default=default.build_tag,
        metavar="TAG",
        step="cgo",
    ),
    Question(
        key="build-package",
        title="Packages to build with",
        help="Packages of the builder's distribution that C code is compiled against.",
        kind=LIST,
        one=validate.package,
        default=default.build_package,
        metavar="PACKAGE",
        step="cgo",
        shown=_with_cgo,
    ),
)
RUNNING = (
    Question(
        key="package",
        title="Packages to run with",
        help="Packages of the runtime's distribution that the program needs.",
        kind=LIST,
        one=validate.package,
        default=default.package,
        metavar="PACKAGE",
        step="cgo",
    ),
)
