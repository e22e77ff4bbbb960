"""Plan → files. Pure and deterministic: the same project and plan give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from tui.core import probe, validate
from tui.core.build_stage import (
    FILES_DIR,
    LIBRARY_DIR,
    OUTPUT_DIR,
    STRIPPED,
    build_stage,
    has_private_modules,
)
from tui.core.catalog import CERTIFICATES, ZONES
from tui.core.dockerignore import groups
from tui.core.final_image import PROBE, SCRATCH_FOLDERS, debug_name, final_image, programs
from tui.core.front_end_stage import front_end_stage, has_bundle, node_reference
from tui.core.images import builder_of
from tui.core.plan import Plan, value
from tui.core.project import Project
from tui.core.questions import QUESTIONS
from tui.core.references import bases, reference
from tui.core.resources import templates

if TYPE_CHECKING:
    from jinja2 import Environment

DOCKERFILE = "Dockerfile"
FRONTEND = "docker/dockerfile:1"
"""The image whose parser BuildKit reads the file with."""

_MARK = "\x00"


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
    """The Dockerfile and its .dockerignore.

    Raises Invalid for a plan that did not come from answers, and for names that may not stand in it.
    """
    for question in QUESTIONS:
        question.check(value(plan, question.key))
    _check_names(project, plan)
    return (
        _file(DOCKERFILE, _template(plan), _dockerfile_values(project, plan), plan),
        _file(dockerignore_name(project), "dockerignore.j2", {"groups": groups(project, plan)}, plan),
    )


def _check_names(project: Project, plan: Plan) -> None:
    """What the project calls its files reaches the template as it is."""
    names = [project.place, *project.module_files, *programs(project, plan)]
    names += [main.name for main in project.mains if main.package == plan.main and plan.also]
    if project.gopath:
        validate.import_path(project.gopath.path)
        validate.go(project.gopath.language)
    front_end = project.front_end
    if front_end and has_bundle(project, plan):
        folders = (front_end.directory, front_end.install, front_end.sources)
        names += [*folders, front_end.output, front_end.wanted, *front_end.manifests]
        validate.script(front_end.script)
        validate.optional(validate.version)(front_end.manager_version)
    for name in names:
        if name not in ("", "."):
            validate.context_path(name)


def _template(plan: Plan) -> str:
    """A Windows image is built by a Windows engine, which has no BuildKit."""
    return "Dockerfile.windows.j2" if builder_of(plan).os == "windows" else "Dockerfile.j2"


def dockerignore_name(project: Project) -> str:
    """BuildKit looks for it in the context, but first for one that is named after the Dockerfile."""
    return f"{DOCKERFILE}.dockerignore" if project.place else ".dockerignore"


def build_command(project: Project, plan: Plan) -> str:
    """How the file is built by hand, where ``docker build .`` is not enough; else ""."""
    words = [f"-f {project.place}/{DOCKERFILE}"] if project.place else []
    if plan.ca_file:
        words.append("--secret id=company-ca,src=ca.crt")
    if has_private_modules(project, plan):
        ssh = plan.private_access == "ssh"
        if ssh:
            words += ["--ssh default", "--secret id=known-hosts,src=$HOME/.ssh/known_hosts"]
        else:
            words.append("--secret id=netrc,src=$HOME/.netrc")
    return " ".join(("docker build", *words, ".")) if words else ""


def references(project: Project, plan: Plan) -> tuple[str, ...]:
    """The image references of every FROM as the engine pulls them, the builder's first."""
    return bases(
        plan, *(name for name in (node_reference(project, plan), plan.debug and debug_name(plan)) if name)
    )


def unpinned(project: Project, plan: Plan) -> tuple[str, ...]:
    """The references of every FROM that names no digest, as if nothing were pinned yet."""
    return tuple(base for base in references(project, replace(plan, pin=())) if "@" not in base)


def _dockerfile_values(project: Project, plan: Plan) -> dict[str, Any]:
    final = final_image(project, plan)
    build = build_stage(project, plan, final)
    return {
        "build": build,
        "final": final,
        "front": front_end_stage(project, plan),
        "base_stage": final.accounts is not None and not final.is_scratch and not final.single_stage,
        "named": not final.single_stage or plan.test or plan.export,
        "ssh_hosts": build.ssh_hosts,
        "frontend": reference(plan, FRONTEND),
        "place": project.place,
        "build_command": build_command(project, plan),
        "test": plan.test,
        "export": plan.export,
        "debug_base": reference(plan, debug_name(plan)) if plan.debug else "",
        "output_dir": OUTPUT_DIR,
        "library_dir": LIBRARY_DIR,
        "stripped": STRIPPED,
        "probe": PROBE,
        "probe_rows": probe.ROWS,
        "probe_path": f"{final.program_dir if final.single_stage else '/probe'}/{PROBE}",
        "files_dir": final.workdir or "/" if final.single_stage else FILES_DIR,
        "certificates": CERTIFICATES,
        "zones": ZONES,
        "scratch_folders": SCRATCH_FOLDERS,
    }


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from tui.core.template_cache import template_cache

    environment = Environment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        bytecode_cache=template_cache(),
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
