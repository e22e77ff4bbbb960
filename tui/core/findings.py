"""What was found in a project as a list: each finding with its place and what it means for the image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.core.project import (
    DECLARATION,
    Embed,
    EnvVariable,
    Evidence,
    FrontEnd,
    Health,
    ListenPort,
    Main,
    Need,
    PrivateModule,
    Project,
    Stated,
)

_NEEDS = {
    "ca-certificates": ("TLS client", "the image needs CA certificates"),
    "tzdata": ("time zones by name", "time zone data in the image or in the program"),
    "tmp": ("temporary files", "a /tmp that the user can write"),
    "users": ("looks up users", "an /etc/passwd that has the user"),
    "libc": ("the C library, without cgo", "a base image with glibc or musl"),
}
_ROLES = {
    "application": "starts as the image's entrypoint",
    "tool": "left out unless --also or --main names it",
    "example": "left out unless --main names it",
}
_STATED = {
    "base": ("base image", "proposed in its maintained release, where the program fits it"),
    "user": ("user", "proposed, unless it is root"),
    "main": ("builds", "proposed before programs that no file names"),
    "args": ("arguments", "given to the program when it is tried"),
}
"""Stated ports and health checks stand among those of the code; a variable's value may be secret."""

_HEALTH = {
    "command": "HEALTHCHECK runs the program itself, so no shell is needed",
    "http": "a health check can ask it, through a tool of the image or a probe",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """``topic`` is what it is about, ``text`` what was found, ``means`` its consequence for the image as a
    short phrase, "" for none."""

    topic: str
    text: str
    evidence: Evidence | None = None
    means: str = ""


def findings(project: Project) -> tuple[Finding, ...]:
    """Every finding, by topic, the likeliest of a topic first. Texts may hold any character."""
    return (
        Finding("module", project.module),
        *_go(project),
        *(_main(main, number) for number, main in enumerate(project.mains)),
        *(
            []
            if project.mains
            else [Finding("program", "none", None, "there is nothing an image could start")]
        ),
        *_cgo(project),
        *([] if project.ports else [Finding("listens on", "nothing found", None, "no port is exposed")]),
        *map(_port, project.ports),
        *map(_need, project.needs),
        *(_embed(embed, project.front_end) for embed in project.embeds),
        *([_front_end(project.front_end)] if project.front_end else []),
        *(Finding("opens", found.path, found.evidence, "copied into the image") for found in project.opened),
        *map(_health, project.health),
        *(
            Finding("version in", found.name, found.evidence, "-ldflags -X can set it at build time")
            for found in project.versions
        ),
        *map(_variable, project.environment),
        *_stops(project),
        *map(_private, project.private),
        *(_stated(found) for found in project.stated if found.what in _STATED),
        *_around(project),
    )


def _go(project: Project) -> Iterator[Finding]:
    if old := project.gopath:
        yield Finding(
            "GOPATH", f"no go.mod; built as {old.path}", old.evidence, "GO111MODULE=off, with vendor/"
        )
        means = "compiled as that language by the oldest maintained release"
        yield Finding("Go", f"written for {old.language}", old.language_evidence, means)
        return
    means = f"compiled by Go {project.go} or newer" if project.go else "compiled as Go 1.16 reads it"
    yield Finding("Go", project.go or "no go line", project.go_evidence, means)
    if project.toolchain:
        means = "a wish: the builder's own Go compiles"
        yield Finding("toolchain", project.toolchain, project.toolchain_evidence, means)


def _main(main: Main, number: int) -> Finding:
    means = _ROLES[main.role] if number == 0 or main.role != "application" else _ROLES["tool"]
    role = "" if main.role == "application" else f" ({main.role})"
    text = f"{main.name}, package {main.package}{role}"
    if main.reason is None or (main.reason.file == main.evidence.file and main.reason.kind == DECLARATION):
        return Finding("program", text, main.evidence, means)
    return Finding("program", text, main.reason, f"{means}: {main.reason.why}")


def _cgo(project: Project) -> Iterator[Finding]:
    if not project.cgo.required:
        yield Finding("cgo", "not needed", None, "no C compiler; fits every base image, scratch too")
    for evidence in project.cgo.evidence:
        means = "a C compiler in the builder, and glibc or musl at run time"
        yield Finding("cgo", evidence.why, evidence, means)


def _port(port: ListenPort) -> Finding:
    if port.loopback:
        text, means = f"{port.text}, loopback only", "nothing outside the container reaches it"
        return Finding("listens on", text, port.evidence, means)
    return Finding("listens on", port.text, port.evidence, "the image exposes it")


def _need(need: Need) -> Finding:
    program = need.what.removeprefix("program:")
    if program != need.what:
        means = "the image needs it, so scratch and distroless do not fit"
        return Finding("needs", f"executes {program}", need.evidence, means)
    text, means = _NEEDS.get(need.what, (need.what, ""))
    return Finding("needs", text, need.evidence, means)


def _embed(embed: Embed, front_end: FrontEnd | None) -> Finding:
    count = "1 file" if len(embed.files) == 1 else f"{len(embed.files)} files"
    means = "kept in the build context" if embed.files else "the program does not compile without it"
    if front_end and str(embed.evidence) in map(str, front_end.evidence):
        means = "the front end's bundle"
    return Finding("embeds", f"{embed.pattern}: {count}", embed.evidence, means)


def _front_end(front_end: FrontEnd) -> Finding:
    moved = f" → {front_end.wanted}" if front_end.wanted != front_end.output else ""
    text = f"{front_end.manager} run {front_end.script} in {front_end.directory} → {front_end.output}{moved}"
    made = "copied into the image" if front_end.served else "before Go compiles"
    means = (
        "its bundle is committed: no Node needed" if front_end.complete else f"a Node stage makes it, {made}"
    )
    evidence = front_end.evidence[0] if front_end.evidence else None
    return Finding("front end", text, evidence, means)


def _health(health: Health) -> Finding:
    text = f"GET {health.value}" if health.kind == "http" else f"its own command {health.value}"
    return Finding("health", text, health.evidence, _HEALTH[health.kind])


def _variable(found: EnvVariable) -> Finding:
    default = (
        ""
        if found.default is None
        else f", {found.default} by default"
        if found.default
        else ", empty by default"
    )
    return Finding("reads", f"${found.name}{default}", found.evidence, "set when it runs: --env NAME=value")


def _stops(project: Project) -> Iterator[Finding]:
    """A program that answers nobody has nothing to finish."""
    if project.stops:
        means = "docker stop lets it finish what it is answering"
        yield Finding("stops", "catches SIGTERM", project.stops, means)
    elif project.ports:
        means = "docker stop ends it at once, in the middle of an answer"
        yield Finding("stops", "its own code catches no SIGTERM", None, means)


def _private(found: PrivateModule) -> Finding:
    return Finding("private", found.module, found.evidence, f"the build signs in at {found.host}")


def _stated(found: Stated) -> Finding:
    what, means = _STATED[found.what]
    return Finding("stated", f"{what} {' '.join(found.values)}", found.evidence, means)


def _around(project: Project) -> Iterator[Finding]:
    yield _modules(project)
    if project.place:
        yield Finding("context", str(project.context), None, "the build starts above the project")
    if project.uses_lfs:
        yield Finding("Git LFS", "used here", None, "fetch its files before the build: git lfs pull")
    if project.source_url:
        yield Finding("source", project.source_url, None, "a label of the image")
    if project.licence:
        yield Finding("licence", project.licence, None, "a label of the image")


def _modules(project: Project) -> Finding:
    if project.has_vendor:
        return Finding("modules", "in vendor/", None, "nothing is downloaded")
    if not project.has_requirements:
        return Finding("modules", "none required", None, "nothing is downloaded")
    if project.has_go_sum:
        return Finding("modules", "go.sum is there", None, "downloaded in a step of their own")
    return Finding("modules", "go.sum is missing", None, "the build fails: run go mod tidy")
