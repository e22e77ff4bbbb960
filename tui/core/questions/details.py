"""What is rarely changed: files, time zones, stages beside the image, labels, private modules."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import access_choices, zones_choices
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.questions.declare import CHOICE, LINES, LIST, SWITCH, TEXT, Question


def _switch(key: str, title: str, help: str, why: str) -> Question:
    """A stage that is off unless someone asks for it."""
    return Question(
        key=key,
        title=title,
        help=help,
        kind=SWITCH,
        one=validate.switch(title),
        default=default.constant(False, why),
        metavar="on|off",
        step="details",
    )


def _private(project: Project, plan: Plan) -> bool:
    return bool(plan.private)


QUESTIONS = (
    Question(
        key="zones",
        title="Time zones",
        help="Where the program finds time zones by name.",
        kind=CHOICE,
        one=validate.one_of(
            "Time zones", lambda: {n: n for n in ("none", "image", "embed", "copy", "package")}
        ),
        default=default.zones,
        metavar="none|image|embed|copy|package",
        step="details",
        choices=zones_choices,
    ),
    Question(
        key="file",
        title="Files",
        help="Files and folders of the project the program opens; they go into its working directory.",
        kind=LIST,
        one=validate.folder,
        default=default.file,
        metavar="PATH",
        step="details",
    ),
    Question(
        key="workdir",
        title="Working directory",
        help="Where the program starts; empty leaves the base image's.",
        kind=TEXT,
        one=validate.optional(validate.directory),
        default=default.workdir,
        metavar="DIR",
        step="details",
    ),
    Question(
        key="writable-dir",
        title="Writable directories",
        help="Directories the program writes to; created in the image and owned by its user.",
        kind=LIST,
        one=validate.directory,
        default=default.writable_dir,
        metavar="DIR",
        step="details",
    ),
    Question(
        key="version-variable",
        title="Version variable",
        help="A string variable that gets the version by -ldflags -X; empty sets none.",
        kind=TEXT,
        one=validate.optional(validate.variable),
        default=default.version_variable,
        metavar="PACKAGE.NAME",
        step="details",
    ),
    Question(
        key="label",
        title="Labels",
        help="Labels of the image, such as org.opencontainers.image.source=https://…",
        kind=LINES,
        one=validate.label,
        default=default.label,
        metavar="NAME=VALUE",
        step="details",
    ),
    Question(
        key="private",
        title="Private modules",
        help="Hosts or paths Go fetches directly, with your credentials, as in GOPRIVATE.",
        kind=LIST,
        one=validate.module_host,
        default=default.private,
        metavar="HOST",
        step="details",
    ),
    Question(
        key="private-access",
        title="Private access",
        help="How the build gets at private modules; nothing of it stays in the image.",
        kind=CHOICE,
        one=validate.one_of("Private access", lambda: {name: name for name in ("netrc", "ssh")}),
        default=default.constant("netrc", "the way Git over HTTPS reads credentials"),
        metavar="netrc|ssh",
        step="details",
        shown=_private,
        choices=access_choices,
    ),
    _switch(
        "test",
        "Test stage",
        "A stage that runs go vet and go test, for docker build --target test.",
        "tests run where you run them today",
    ),
    _switch(
        "debug",
        "Debug stage",
        "A variant of the image with a shell, for docker build --target debug.",
        "the image is easier to attack with a shell in it",
    ),
    _switch(
        "export",
        "Export stage",
        "A stage that holds the bare program, for docker build --target binary --output.",
        "the image is what is wanted",
    ),
    Question(
        key="comments",
        title="Comments",
        help="Short comments in the Dockerfile that say why.",
        kind=SWITCH,
        one=validate.switch("Comments"),
        default=default.constant(True, "so that the next reader knows why"),
        metavar="on|off",
    ),
)
