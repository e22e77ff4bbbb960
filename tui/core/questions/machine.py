"""What belongs to this machine and its network, which the wizard asks on request, or to one run."""

from __future__ import annotations

from tui.core import defaults as default
from tui.core import validate
from tui.core.choices import engine_choices
from tui.core.embedded import AUTO, DOCKER, EMBEDDED
from tui.core.questions.declare import CHOICE, LINES, SWITCH, TEXT, Question

QUESTIONS = (
    Question(
        key="ca-file",
        title="CA certificate",
        help="A CA certificate that downloads of the build trust too; it does not enter the image.",
        kind=TEXT,
        one=validate.file_path,
        default=default.constant("", "the builder's own certificates are enough"),
        metavar="FILE",
        step="machine",
    ),
    Question(
        key="app-version",
        title="Version",
        help="The version the program is built as, where it has a variable for it.",
        kind=TEXT,
        one=validate.version,
        default=default.constant("dev", "a development build"),
        metavar="VERSION",
        saved=False,
    ),
    Question(
        key="netrc",
        title="Credentials file",
        help="The netrc file private modules are fetched with.",
        kind=TEXT,
        one=validate.file_path,
        default=default.constant("", "the usual one is read, ~/.netrc"),
        metavar="FILE",
        step="machine",
        saved=False,
        shown=lambda project, plan: bool(plan.private) and plan.private_access == "netrc",
    ),
    Question(
        key="proxy",
        title="Proxy",
        help="A proxy for downloads of the build; it does not enter the image.",
        kind=TEXT,
        one=validate.proxy,
        default=default.constant("", "downloads go directly"),
        metavar="URL",
        step="machine",
        saved=False,
    ),
    Question(
        key="engine",
        title="Engine",
        help="Docker builds the Dockerfile. The embedded engine compiles with this machine's Go and puts the "
        "same image together, without Docker and without root.",
        kind=CHOICE,
        one=validate.one_of("Engine", lambda: {engine: engine for engine in (AUTO, DOCKER, EMBEDDED)}),
        default=default.constant(AUTO, "Docker where one answers, else the embedded engine"),
        metavar="auto|docker|embedded",
        step="machine",
        saved=False,
        choices=engine_choices,
    ),
    Question(
        key="deliver",
        title="Delivery",
        help="Where the embedded engine puts the image beside its own store: oci:FOLDER, archive:FILE (for "
        "docker load), engine (Docker or Podman) or registry (a push).",
        kind=LINES,
        one=validate.delivery,
        default=default.constant((), "the engine keeps it"),
        metavar="WHERE",
        step="machine",
        saved=False,
    ),
    Question(
        key="transport",
        title="Transport",
        help="How the build reaches BuildKit: the docker CLI's buildx, or the Engine API alone.",
        kind=CHOICE,
        one=validate.one_of("Transport", lambda: {name: name for name in ("auto", "buildx", "api")}),
        default=default.constant("auto", "buildx where it is installed, else the Engine API"),
        metavar="auto|buildx|api",
        saved=False,
    ),
    Question(
        key="env",
        title="Environment",
        help="NAME=value for the running program. It is not saved: values may be secret.",
        kind=LINES,
        one=validate.env,
        default=default.env,
        metavar="NAME=VALUE",
        saved=False,
    ),
    Question(
        key="writable",
        title="Writable root",
        help="Run with a writable root file system instead of a read-only one.",
        kind=SWITCH,
        one=validate.switch("Writable"),
        default=default.constant(False, "a read-only file system stops an intruder from leaving files"),
        metavar="on|off",
    ),
    Question(
        key="args",
        title="Arguments",
        help="Arguments for the running program, after --.",
        kind=LINES,
        one=validate.argument,
        default=default.args,
        metavar="ARG",
    ),
)
