"""One declaration per question; flags, wizard fields, answers file and docs all come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tui.core import defaults as default
from tui.core import validate
from tui.core.catalog import builders, runtimes, short_name
from tui.core.choices import (
    Choice,
    builder_choices,
    cgo_choices,
    go_choices,
    main_choices,
    runtime_choices,
    user_choices,
)
from tui.core.defaults import Default
from tui.core.plan import Plan
from tui.core.project import Project


@dataclass(frozen=True, slots=True)
class StepInfo:
    """One step of the wizard; its questions are those that name its key.

    ``shown`` tells whether a project has the step at all.
    """

    key: str
    title: str
    help: str
    shown: Callable[[Project], bool] = lambda project: True


STEPS = (
    StepInfo("project", "Project", "What is built, and what it is called."),
    StepInfo("base", "Base image", "What the finished container is made of."),
    StepInfo("cgo", "CGO", "Whether C code is compiled into the program."),
    StepInfo("user", "User", "Who the program runs as."),
    StepInfo("ports", "Ports", "Where the program can be reached."),
)


def _no_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """``kind`` is ``choice``, ``text``, ``switch`` or ``list`` (items one a line or by comma).

    ``step`` is empty for what the wizard does not ask. ``saved`` tells whether the answers file
    keeps it: what belongs to a machine or may be secret is not kept. A ``choice`` with ``free``
    takes other text too. ``parse`` turns text into the answer or raises ``validate.Invalid``; ``item``
    does so for one item of a repeated flag, which may hold line ends.
    """

    key: str
    title: str
    help: str
    kind: str
    parse: Callable[[str], Any]
    default: Callable[[Project, Plan], Default]
    metavar: str
    step: str = ""
    free: bool = False
    saved: bool = True
    item: Callable[[str], Any] | None = None
    choices: Callable[[Project, Plan], tuple[Choice, ...]] = _no_choices

    @property
    def flag(self) -> str:
        return f"--{self.key}"

    def text(self, answer: Any) -> str:
        """The answer as text that ``parse`` takes."""
        if self.kind == "switch":
            return "on" if answer else "off"
        if self.kind == "list":
            return ("\n" if self.item else ", ").join(answer)
        return str(answer)

    def typed(self, answer: Any) -> str:
        """The answer as a person would type it: base images by their short names."""
        return short_name(answer) if self.key in ("builder", "runtime") else self.text(answer)

    def check(self, answer: Any) -> None:
        """Raises ``validate.Invalid`` for an answer that no text gives."""
        if self.item:
            for part in answer:
                self.item(part)
        else:
            self.parse(self.text(answer))


def _names(entries: tuple[Any, ...]) -> dict[str, str]:
    """Every name an entry answers to, the short ones first, with its id."""
    short = {alias: entry.id for entry in entries for alias in entry.aliases}
    return short | {entry.id: entry.id for entry in entries}


QUESTIONS: tuple[Question, ...] = (
    Question(
        key="main",
        title="Main package",
        help="The package with func main that becomes the program.",
        kind="choice",
        parse=validate.main,
        default=default.main,
        metavar="PACKAGE",
        step="project",
        free=True,
        choices=main_choices,
    ),
    Question(
        key="binary",
        title="Binary name",
        help="The program's name in the image: /usr/local/bin/NAME.",
        kind="text",
        parse=validate.binary,
        default=default.binary,
        metavar="NAME",
        step="project",
    ),
    Question(
        key="tag",
        title="Image tag",
        help="The name the image gets in the engine's store.",
        kind="text",
        parse=validate.tag,
        default=default.tag,
        metavar="NAME:TAG",
        step="project",
    ),
    Question(
        key="go",
        title="Go version",
        help="The Go release that compiles: a minor (1.27) follows its fixes.",
        kind="choice",
        parse=validate.go,
        default=default.go,
        metavar="VERSION",
        step="base",
        free=True,
        choices=go_choices,
    ),
    Question(
        key="builder",
        title="Builder",
        help="The image that compiles. It is not in the finished image.",
        kind="choice",
        parse=validate.one_of("Builder", lambda: _names(builders())),
        default=default.builder,
        metavar="NAME",
        step="base",
        choices=builder_choices,
    ),
    Question(
        key="cgo",
        title="CGO",
        help="On compiles C code and links the C library; off makes a static program.",
        kind="switch",
        parse=validate.switch("CGO"),
        default=default.cgo,
        metavar="on|off",
        step="cgo",
        choices=cgo_choices,
    ),
    Question(
        key="runtime",
        title="Runtime",
        help="The image the program runs in.",
        kind="choice",
        parse=validate.one_of("Runtime", lambda: _names(runtimes())),
        default=default.runtime,
        metavar="NAME",
        step="base",
        choices=runtime_choices,
    ),
    Question(
        key="user",
        title="User",
        help="User id and group id in numbers; Kubernetes can check them.",
        kind="choice",
        parse=validate.user,
        default=default.user,
        metavar="UID:GID",
        step="user",
        free=True,
        choices=user_choices,
    ),
    Question(
        key="port",
        title="Ports",
        help="Ports the program listens on, such as 8080 or 53/udp; none is fine too.",
        kind="list",
        parse=validate.ports,
        default=default.port,
        metavar="PORT[/PROTOCOL]",
        step="ports",
    ),
    Question(
        key="platform",
        title="Platform",
        help="The platform to build for; the engine's own when not given.",
        kind="text",
        parse=lambda text: validate.platform(text) if text else "",
        default=default.constant("", "the engine's own platform"),
        metavar="OS/ARCH",
    ),
    Question(
        key="comments",
        title="Comments",
        help="Short comments in the Dockerfile that say why.",
        kind="switch",
        parse=validate.switch("Comments"),
        default=default.constant(True, "so that the next reader knows why"),
        metavar="on|off",
    ),
    Question(
        key="registry",
        title="Registry mirror",
        help="A mirror put before every base image.",
        kind="text",
        parse=validate.registry,
        default=default.constant("", "base images come from their own registries"),
        metavar="HOST/PATH",
    ),
    Question(
        key="transport",
        title="Transport",
        help="How the build reaches BuildKit: the docker CLI's buildx, or the Engine API alone.",
        kind="choice",
        parse=validate.one_of("Transport", lambda: {name: name for name in ("auto", "buildx", "api")}),
        default=default.constant("auto", "buildx where it is installed, else the Engine API"),
        metavar="auto|buildx|api",
        saved=False,
    ),
    Question(
        key="env",
        title="Environment",
        help="NAME=value for the running program. It is not saved: values may be secret.",
        kind="list",
        parse=validate.lines(validate.env),
        item=validate.env,
        default=default.constant((), "nothing is set"),
        metavar="NAME=VALUE",
        saved=False,
    ),
    Question(
        key="writable",
        title="Writable root",
        help="Run with a writable root file system instead of a read-only one.",
        kind="switch",
        parse=validate.switch("Writable"),
        default=default.constant(False, "a read-only file system stops an intruder from leaving files"),
        metavar="on|off",
    ),
    Question(
        key="writable-dir",
        title="Writable directories",
        help="Directories the program writes to; created in the image and owned by its user.",
        kind="list",
        parse=validate.lines(validate.writable_dir),
        item=validate.writable_dir,
        default=default.constant((), "only /tmp is writable"),
        metavar="DIR",
    ),
    Question(
        key="args",
        title="Arguments",
        help="Arguments for the running program, after --.",
        kind="list",
        parse=validate.lines(validate.argument),
        item=validate.argument,
        default=default.constant((), "the program starts without arguments"),
        metavar="ARG",
    ),
)

_BY_KEY = {question.key: question for question in QUESTIONS}


def question(key: str) -> Question:
    """The question with that key. Raises KeyError."""
    return _BY_KEY[key]


def steps(project: Project) -> tuple[StepInfo, ...]:
    """The steps this project has, in order."""
    return tuple(step for step in STEPS if step.shown(project))


def questions_of(step: str) -> tuple[Question, ...]:
    """The questions of one step, in the order they are asked."""
    return tuple(question for question in QUESTIONS if question.step == step)


def summary(plan: Plan, step: str) -> str:
    """The step's answer in a few words, for the rail."""
    if step == "project":
        return f"{plan.binary}  {plan.main}"
    if step == "base":
        return next((entry.label for entry in runtimes() if entry.id == plan.runtime), plan.runtime)
    if step == "cgo":
        return "on" if plan.cgo else "off"
    if step == "user":
        return "root" if plan.user.startswith("0:") else plan.user.split(":")[0] + ", not root"
    return ", ".join(plan.port) or "none"
