"""Proposals that the project's own deployment files make: their base image, user and arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tui.core import catalog
from tui.core.project import Project, Stated
from tui.core.proposal import Default

# What the code itself shows, and another question answers.
_FOUND_OUT = frozenset({"ca-certificates", "tzdata", "tini", "dumb-init", "su-exec", "gosu", "libcap"})
_ROOTS_HOME = "/root/"
_SUITE = re.compile(r"-debian[0-9]+$")


def base(project: Project, *, needs_shell: bool) -> Default | None:
    """The maintained release of the Dockerfile's base image, for a program that is static.

    None where no such image is known, where the compiler stays in it, or where it lacks a shell the
    program runs.
    """
    for found in project.said("base"):
        wanted = _repository(found.value)
        for image in catalog.runtimes():
            same = image.reference and _repository(image.reference) == wanted
            if same and image.os == "linux" and (image.shell or not needs_shell):
                taken = found.value.partition("@")[0]
                moved = "" if image.reference == taken else "; this is its release that gets fixes"
                return Default(image.id, f"{found.by} takes {taken}{moved}", found.evidence)
    return None


def user(project: Project, names: Mapping[str, str]) -> Default | None:
    """Who the files run the program as, when that is not root; ``names`` are the image's users."""
    for found in project.said("user"):
        ids = names.get(found.value, found.value)
        if ids[0].isdigit() and not ids.startswith("0:"):
            return Default(
                found.value, f"{_file(found)} runs it as {found.value}, who is not root", found.evidence
            )
    return None


def args(project: Project) -> Default | None:
    """The arguments of the surest file, unless they name a file that the image would not have."""
    found = next(iter(project.said("args")), None)
    if found is None or any(part.startswith("/") for word in found.values for part in word.split("=")):
        return None
    return Default(found.values, f"{_file(found)} starts it with them", found.evidence)


def tags(project: Project) -> Default | None:
    """The tags the surest file builds with."""
    return _all(project.said("tag"), "builds with them")


def packages(project: Project, manager: str) -> Default | None:
    """What the Dockerfile installs beside what is found out otherwise, where the image has that manager."""
    found = [s for s in project.said("package") if s.values[1] == manager and s.value not in _FOUND_OUT]
    return _all(found, "installs them")


def workdir(project: Project) -> Default | None:
    """Where the Dockerfile starts the program, but for the places of sources and root's home."""
    found = next(iter(project.said("workdir")), None)
    if found is None or found.value == "/" or f"{found.value}/".startswith(("/src/", "/go/", _ROOTS_HOME)):
        return None
    return Default(found.value, f"{_file(found)} starts it there", found.evidence)


def volumes(project: Project, holding: Iterable[str]) -> Default | None:
    """The Dockerfile's volumes, without root's home and those that would hide a folder of ``holding``."""
    hiding = [f"{folder}/" for folder in holding]
    found = [s for s in project.said("volume") if not any(path.startswith(f"{s.value}/") for path in hiding)]
    usable = [s for s in found if s.value not in ("/", "/tmp") and not f"{s.value}/".startswith(_ROOTS_HOME)]
    return _all(usable, "declares them volumes")


def variable(project: Project) -> Default | None:
    """The variable for the version that the Dockerfile sets."""
    found = next((s for s in project.said("variable") if says_version(s.value)), None)
    return Default(found.value, f"{_file(found)} sets it", found.evidence) if found else None


def env(project: Project) -> Default | None:
    """What the Dockerfile sets of the variables the program reads."""
    read = {variable.name for variable in project.environment}
    found = {s.value: s for s in project.said("env", "Dockerfile") if s.value in read and s.values[1]}
    if not found:
        return None
    first, *rest = found.values()
    lines = tuple(f"{name}={each.values[1]}" for name, each in found.items())
    also = tuple(each.evidence for each in rest)
    return Default(lines, f"{_file(first)} sets what your code reads", first.evidence, also)


def says_version(name: str) -> bool:
    """Not the variables beside it, such as the commit and the date."""
    return any(word in name.rpartition(".")[2].lower() for word in ("version", "tag", "release"))


def _all(found: Iterable[Stated], why: str) -> Default | None:
    once = {each.value: each for each in reversed([*found])}
    if not once:
        return None
    first, *rest = reversed(once.values())
    also = tuple(each.evidence for each in rest)
    return Default(tuple(reversed(once)), f"{_file(first)} {why}", first.evidence, also)


def _file(found: Stated) -> str:
    return found.evidence.file.rpartition("/")[2]


def _repository(reference: str) -> str:
    """The image's name without registry defaults, tag, digest and Debian release."""
    name = reference.partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = f"{head}{slash}{last.partition(':')[0]}"
    return _SUITE.sub("", name.removeprefix("docker.io/").removeprefix("library/"))
