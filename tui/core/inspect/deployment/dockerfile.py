"""What an existing Dockerfile says: its base, user, ports, how the program is built, started and asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core import gobuild, stages
from tui.core.gobuild import Build
from tui.core.inspect.deployment import commands
from tui.core.project import Evidence, Stated
from tui.core.stages import Stage

BY = "Dockerfile"

_CREATED = re.compile(r"\b(?:useradd|adduser)\b([^&|;\n]*)")
_NUMBER = re.compile(r"(?:-u|--uid)[ =][\"']?([0-9]{1,10})\b")
_SET = re.compile(r"""-X[ =]["']?([^\s"'=]{1,200})=""")
_INSTALLED = re.compile(r"\b(apk|apt-get|apt)\b[^&|;\n]*?\b(?:add|install)\b([^&|;\n]*)")
# Flags of apk whose value is the next word; packages under a name of their own are those of a build.
_NAMED = frozenset({"-t", "--virtual", "--repository", "-X"})


def read(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """The statements of its last stage and of the stages that is made from, in their order.

    What holds a variable without a default is passed over.
    """
    listed = stages.read(data.decode("utf-8", "replace"))
    if not listed:
        return
    last = listed[-1]
    yield Stated("base", (last.root.base,), Evidence(name, last.root.line, f"FROM {last.root.base}"), BY)
    everywhere = gobuild.builds(listed)
    compiles = any(built for stage, built in zip(listed, everywhere, strict=True) if stage.root is last.root)
    # What a compiler needs is not what the program needs.
    yield from (said for said in _final(last, name) if not (compiles and said.what in ("package", "workdir")))
    program, _ = commands.started(_words(last))
    for built in everywhere:
        yield from _built(built, name, module, program)


def _final(stage: Stage, name: str) -> Iterator[Stated]:
    last = {step.keyword: step for step in stage.chain()}
    for step in stage.chain():
        if step.keyword == "EXPOSE":
            for port in re.sub(r"[\"']", "", step.rest).split():
                yield Stated("port", (port,), Evidence(name, step.line, f"EXPOSE {port}"), BY)
        elif step.keyword == "ENV":
            for variable, value in stages.assigned(step.rest).items():
                yield Stated("env", (variable, value), Evidence(name, step.line, f"ENV {variable}"), BY)
        elif step.keyword == "VOLUME":
            for folder in commands.words(step.rest):
                yield Stated("volume", (folder,), Evidence(name, step.line, f"VOLUME {folder}"), BY)
        elif step.keyword == "RUN":
            for manager, package in _installed(f"{step.rest}\n{step.body}"):
                evidence = Evidence(name, step.line, f"{manager} installs {package}")
                yield Stated("package", (package, manager), evidence, BY)
    if place := last.get("WORKDIR"):
        yield Stated("workdir", (place.rest,), Evidence(name, place.line, f"WORKDIR {place.rest}"), BY)
    if user := last.get("USER"):
        yield Stated("user", (_ids(stage, user.rest),), Evidence(name, user.line, f"USER {user.rest}"), BY)
    program, args = commands.started(_words(stage))
    start = last.get("CMD") or last.get("ENTRYPOINT")
    if start and args:
        shown = f"{start.keyword} {start.rest}"
        yield Stated("args", args, Evidence(name, start.line, shown), BY)
    check = last.get("HEALTHCHECK")
    if check:
        _, _, command = check.rest.partition("CMD ")
        how = commands.asked(commands.words(command.strip()) or command.split(), program)
        yield Stated("health", (how,), Evidence(name, check.line, f"HEALTHCHECK {check.rest}"), BY)


def _installed(script: str) -> Iterator[tuple[str, str]]:
    """The package manager and the name of each package that stays in the image."""
    for found in _INSTALLED.finditer(script.replace("\\\n", " ")):
        words = found[2].split()
        if _NAMED & set(words):
            continue
        manager = "apk" if found[1] == "apk" else "apt"
        yield from ((manager, re.split(r"[=<>~]", word)[0]) for word in words if word[0] not in "-$\"'")


def _ids(stage: Stage, user: str) -> str:
    """The number an earlier step gave a user by name, ``useradd -u 10001 app``; else what stands there."""
    for step in stage.chain():
        for created in _CREATED.findall(step.rest) if step.keyword == "RUN" else ():
            number = _NUMBER.search(created)
            if number and created.split()[-1].strip("\"'") == user.partition(":")[0]:
                return number[1]
    return user


def _words(stage: Stage) -> list[str]:
    """What the image starts: ENTRYPOINT and CMD; a shell form ENTRYPOINT takes no CMD."""
    last = {step.keyword: step.rest for step in stage.chain()}
    entry, command = last.get("ENTRYPOINT", ""), last.get("CMD", "")
    if entry and not entry.startswith("["):
        return commands.words(entry)
    return [*commands.words(entry), *commands.words(command)]


def _built(built: list[Build], name: str, module: str, program: str) -> Iterator[Stated]:
    """The packages; where several programs are built, the one that starts comes first, with its flags."""
    for build in sorted(built, key=lambda build: not build.flag("-o").endswith(f"/{program}")):
        folder = gobuild.package_folder(build, module)
        package = commands.pattern(f"./{folder}" if folder else build.package, module)
        evidence = Evidence(name, build.line, f"go build {package}")
        yield Stated("main", (package,), evidence, BY)
        for tag in re.split(r"[ ,]+", build.flag("-tags")):
            yield Stated("tag", (tag,), Evidence(name, build.line, f"-tags {tag}"), BY)
        for variable in _SET.findall(build.flag("-ldflags")):
            yield Stated("variable", (variable,), Evidence(name, build.line, f"-X {variable}"), BY)
