"""Proposals that the project's own deployment files make: their base image, user and arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui.core import catalog
from tui.core.project import Project, Stated
from tui.core.proposal import Default

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


def _file(found: Stated) -> str:
    return found.evidence.file.rpartition("/")[2]


def _repository(reference: str) -> str:
    """The image's name without registry defaults, tag, digest and Debian release."""
    name = reference.partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = f"{head}{slash}{last.partition(':')[0]}"
    return _SUITE.sub("", name.removeprefix("docker.io/").removeprefix("library/"))
