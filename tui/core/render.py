"""Plan → files. Pure and deterministic: the same project and plan give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tui.core import catalog
from tui.core.dockerignore import groups
from tui.core.plan import Plan, value
from tui.core.project import Project
from tui.core.questions import QUESTIONS
from tui.core.resources import templates

if TYPE_CHECKING:
    from jinja2 import Environment

DOCKERFILE, DOCKERIGNORE = "Dockerfile", ".dockerignore"
_MARK = "\x00"
_OUTPUT_DIR, _PROGRAM_DIR = "/out", "/usr/local/bin"


@dataclass(frozen=True, slots=True)
class LineNote:
    """What lines ``first`` to ``last`` (1-based, inclusive) are for; ``key`` is the question."""

    first: int
    last: int
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """One generated file, ``path`` relative to the project."""

    path: str
    text: str
    notes: tuple[LineNote, ...] = ()


def render(project: Project, plan: Plan) -> tuple[File, ...]:
    """The Dockerfile and its .dockerignore. Raises Invalid for a plan that did not come from answers."""
    for question in QUESTIONS:
        question.check(value(plan, question.key))
    return (
        _file(DOCKERFILE, "Dockerfile.j2", _dockerfile_values(project, plan), plan),
        _file(DOCKERIGNORE, "dockerignore.j2", {"groups": groups(project)}, plan),
    )


def references(plan: Plan) -> tuple[str, ...]:
    """The image references of every FROM, the builder's first; scratch is none."""
    builder = catalog.builder(plan.builder)
    runtime = catalog.runtime(plan.runtime, plan.builder)
    found = [_reference(plan, builder.reference).replace("${GO_VERSION}", plan.go)]
    if not runtime.single_stage and runtime.reference != "scratch":
        found.append(_reference(plan, runtime.reference))
    return tuple(found)


def program(plan: Plan) -> str:
    """The program's path in the image."""
    return f"{_PROGRAM_DIR}/{plan.binary}"


def needs_certificates(project: Project) -> bool:
    """True when the program may call TLS servers; what other modules do cannot be ruled out."""
    return bool(project.need("ca-certificates")) or project.has_requirements


def _dockerfile_values(project: Project, plan: Plan) -> dict[str, Any]:
    builder = catalog.builder(plan.builder)
    runtime = catalog.runtime(plan.runtime, plan.builder)
    uid, gid = plan.user.split(":")
    named = uid != "0"
    return {
        "go": plan.go,
        "builder": _reference(plan, builder.reference),
        "runtime": _reference(plan, runtime.reference),
        "single_stage": runtime.single_stage,
        "cgo": plan.cgo,
        "build_packages": () if builder.gcc or not plan.cgo else ("build-base",),
        "rootfs": runtime.reference == "scratch",
        "copy_ca": not runtime.ca and needs_certificates(project),
        "passwd": rf"app:x:{uid}:{gid}:app:/:/sbin/nologin\n" if named else "",
        "group": rf"app:x:{gid}:\n" if gid != "0" else "",
        "download": project.has_requirements and not project.has_vendor,
        "module_mount": not project.has_vendor,
        "module_files": project.module_files,
        "module_cache": builder.module_cache,
        "build_cache": builder.build_cache,
        "tags": ("timetzdata",) if project.need("tzdata") and not runtime.tz else (),
        "output": program(plan) if runtime.single_stage else f"{_OUTPUT_DIR}/{plan.binary}",
        "program": program(plan),
        "main": plan.main,
        "ports": plan.port,
        "user": plan.user,
        "writable_dirs": plan.writable_dir,
    }


def _reference(plan: Plan, reference: str) -> str:
    filled = reference.format(go="${GO_VERSION}")
    return f"{plan.registry}/{filled}" if plan.registry and filled != "scratch" else filled


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.globals["note"] = lambda key, text: f"{_MARK}{key}{_MARK}{text}{_MARK}comment"
    environment.globals["about"] = lambda key, text: f"{_MARK}{key}{_MARK}{text}{_MARK}"
    return environment


def _file(path: str, template: str, values: dict[str, Any], plan: Plan) -> File:
    marked = _environment().get_template(template).render(values)
    lines: list[str] = []
    notes: list[LineNote] = []
    for line in _squeezed(marked.splitlines(), plan.comments):
        if line.startswith(_MARK):
            _, key, text, _ = line.split(_MARK)
            notes.append(LineNote(len(lines) + 1, len(lines) + 1, key, text))
            continue
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return File(path, "\n".join(lines) + "\n", tuple(_spans(notes, lines)))


def _squeezed(marked: list[str], comments: bool) -> Iterator[str]:
    """Marks followed by their comment line when comments are on; never two empty lines in a row."""
    empty = True
    for line in marked:
        if not line.startswith(_MARK):
            if line or not empty:
                yield line
            empty = not line
            continue
        yield line
        if comments and line.endswith("comment"):
            yield "# " + line.split(_MARK)[2]
            empty = False


def _spans(notes: list[LineNote], lines: list[str]) -> Iterator[LineNote]:
    """Each note reaches to the line before the next one, without trailing empty lines."""
    ends = [note.first - 1 for note in notes[1:]] + [len(lines)]
    for note, end in zip(notes, ends, strict=True):
        while end > note.first and not lines[end - 1]:
            end -= 1
        if end >= note.first:
            yield LineNote(note.first, end, note.key, note.text)
