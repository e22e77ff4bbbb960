"""What the project's deployment files say of the program, checked, the surest first."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from tui.core import validate
from tui.core.inspect import facts, files
from tui.core.inspect.deployment import builds, compose, dockerfile, documents, kubernetes, places, prose
from tui.core.inspect.files import Reader
from tui.core.project import DOCUMENT, Stated

STRONG = (dockerfile.BY, kubernetes.BY, compose.BY, kubernetes.HELM, prose.PROCFILE)
"""Files that say what runs, the surest first. Others say what is built, which may be much."""
_WEAK = (builds.GORELEASER, builds.MAKEFILE, prose.EXAMPLE, prose.README)


_MOST_MANIFESTS = 2 * 1024 * 1024
"""Bytes of manifests that are parsed, which takes some two seconds."""


def find(around: Reader, module: str, names: Iterable[str]) -> tuple[Stated, ...]:
    """Every statement once. ``around`` may read up to the repository's root; ``names`` are the program's.

    A file above the project counts where it names the project: a build context, a container's image.
    """
    called = frozenset(filter(None, names))
    found = [*_compose(around, module), *_manifests(around, called, module)]
    image = list(_dockerfile(around, module))
    built = [each for each in _built(around, module) if each.what != "tag" or _is_used(each, image)]
    # Saved answers hold what a Dockerfile beside them decided: it would repeat what once was found.
    image = [] if around.is_file(facts.deployment().answers) else image
    stated = [*image, *found, *built, *_prose(around, module)]
    order = {by: place for place, by in enumerate((*STRONG, *_WEAK))}
    checked = filter(None, map(_checked, stated))
    once: dict[tuple[str, str, tuple[str, ...]], Stated] = {}
    for each in sorted(checked, key=lambda each: order[each.by]):
        once.setdefault((each.by, each.what, each.values), each)
    return tuple(once.values())


def _dockerfile(around: Reader, module: str) -> Iterator[Stated]:
    name, data = places.first(around, "", facts.deployment().dockerfiles)
    if not name and (named := _named_dockerfile(around)):
        name, data = places.first(around, "", (named,))
    if name:
        yield from dockerfile.read(data, name, module)


def _is_used(tag: Stated, image: list[Stated]) -> bool:
    """Whether a Dockerfile builds with the tag too, or none builds: without it, someone left it out."""
    compiles = any(each.what == "main" for each in image)
    return not compiles or any((each.what, each.value) == ("tag", tag.value) for each in image)


def _named_dockerfile(around: Reader) -> str:
    for folder in around.upwards():
        name, data = places.first(around, folder, facts.deployment().compose)
        if name and (named := compose.dockerfile(data, name, around.root)):
            return named
    return ""


def _compose(around: Reader, module: str) -> Iterator[Stated]:
    for folder in around.upwards():
        name, data = places.first(around, folder, facts.deployment().compose)
        found = list(compose.read(data, name, around.root)) if name else []
        if found:
            yield from found
            return


def _manifests(around: Reader, names: frozenset[str], module: str) -> Iterator[Stated]:
    """The nearest folder whose manifests or charts say something."""
    left = _MOST_MANIFESTS
    for folder in around.upwards():
        found: list[kubernetes.Container] = []
        charts: list[Stated] = []
        paths = list(places.yaml_files(around, folder))
        heads = [posixpath.dirname(path) for path in paths if kubernetes.is_chart(path)]
        for path in paths:
            chart = next((head for head in heads if path.startswith(f"{head}/")), None)
            data = around.read(path) or b""
            if chart is not None and posixpath.dirname(path) == files.join(chart, "templates"):
                charts += kubernetes.template(data, path)
            elif chart is not None and path == files.join(chart, "values.yaml"):
                charts += kubernetes.values(data, path)
            elif chart is None and kubernetes.SIGN in data and len(data) <= min(left, documents.LARGEST):
                left -= len(data)
                found += kubernetes.containers(data, path)
        if folder:
            found = [container for container in found if container.is_called(names)]
            charts = []
        stated = [*kubernetes.read(found, names, module), *charts]
        if stated:
            yield from stated
            return


def _built(around: Reader, module: str) -> Iterator[Stated]:
    name, data = places.first(around, "", facts.deployment().goreleaser)
    if name:
        yield from builds.goreleaser(data, name, module)
    name, data = places.first(around, "", facts.deployment().makefiles)
    if name:
        yield from builds.makefile(data, name, module)


def _prose(around: Reader, module: str) -> Iterator[Stated]:
    if data := around.read("Procfile"):
        yield from prose.procfile(data, module)
    name, data = places.first(around, "", facts.deployment().environment)
    if name:
        yield from prose.example(data, name)
    name, data = places.first(around, "", facts.deployment().readme)
    if name:
        yield from prose.readme(data, name, module)


def _checked(stated: Stated) -> Stated | None:
    """The statement as an answer would give it; None where it is none that could stand."""
    try:
        values = tuple(_PARSERS[stated.what](value) for value in stated.values)
    except validate.Invalid:
        return None
    return Stated(stated.what, values, replace(stated.evidence, kind=DOCUMENT), stated.by)


def _plain(text: str) -> str:
    """An argument or a value that needs no shell and shows on one line."""
    if not text.isprintable() or "$" in text or len(text) > 1000:
        raise validate.Invalid("It holds what only a shell or a cluster knows.")
    return text


def _health(text: str) -> str:
    health = validate.health(text)
    if health == "none":
        raise validate.Invalid("It asks nothing.")
    return health


_PARSERS: dict[str, Callable[[str], str]] = {
    "base": validate.image,
    "user": validate.user,
    "main": validate.main,
    "program": validate.binary,
    "port": validate.port,
    "args": _plain,
    "env": _plain,
    "volume": validate.directory,
    "workdir": validate.directory,
    "package": validate.package,
    "tag": validate.build_tag,
    "variable": validate.variable,
    "health": _health,
}
