"""What a Compose file says of the service that is built from this project."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from tui.core.dockerfile import expanded
from tui.core.inspect.deployment import commands, documents
from tui.core.inspect.deployment.documents import Node
from tui.core.project import Evidence, Stated

BY = "Compose"

_MOST_SERVICES = 200


def read(data: bytes, name: str, root: Path) -> Iterator[Stated]:
    """The statements of the first service whose build context, or Dockerfile's folder, is the project.

    ``name`` is the file's path relative to ``root``, the project.
    """
    service = _built_here(data, root, posixpath.dirname(name))
    if service is not None:
        yield from _service(service, name)


def dockerfile(data: bytes, name: str, root: Path) -> str:
    """The Dockerfile that service is built with, relative to the project; empty when it names none."""
    folder = posixpath.dirname(name)
    service = _built_here(data, root, folder)
    build = service.get("build") if service else documents.NOTHING
    named = build.get("dockerfile").text
    return posixpath.join(folder, build.get("context").text or ".", named) if named else ""


def _built_here(data: bytes, root: Path, folder: str) -> Node | None:
    for document in documents.read(data):
        for service in islice(document.get("services").mapping().values(), _MOST_SERVICES):
            build = service.get("build")
            context = expanded(build.text or build.get("context").text or ("." if build else ""), {})
            if not context or "://" in context or "\0" in context or posixpath.isabs(context):
                continue
            there = Path(os.path.normpath(root / folder / context))
            file = Path(os.path.normpath(there / (build.get("dockerfile").text or "Dockerfile")))
            if root in (there, file.parent):
                return service
    return None


def _service(service: Node, name: str) -> Iterator[Stated]:
    for port in (*service.get("ports").items, *service.get("expose").items):
        yield Stated("port", (_container_port(port),), Evidence(name, port.line, _shown("port", port)), BY)
    for variable, value in _variables(service.get("environment")):
        line = value.line
        yield Stated("env", (variable, value.text), Evidence(name, line, f"environment {variable}"), BY)
    if user := service.get("user"):
        yield Stated("user", (_text(user),), Evidence(name, user.line, _shown("user", user)), BY)
    entry, command = service.get("entrypoint"), service.get("command")
    words = [*_words(entry), *_words(command)]
    program, args = commands.started(words) if entry else ("", ())
    if not entry and command:
        # The image's own entrypoint is the program, but many name it here again.
        plain = commands.without_shell(words)
        args = tuple(words) if plain == words else commands.started(plain)[1]
    if args:
        line = (command or entry).line
        yield Stated("args", args, Evidence(name, line, f"command {' '.join(args)}"), BY)
    test = service.get("healthcheck", "test")
    if how := commands.asked(_words(test) or _text(test).split(), program):
        yield Stated("health", (how,), Evidence(name, test.line, "healthcheck"), BY)


def _container_port(port: Node) -> str:
    """The container's side of ``127.0.0.1:8080:80/tcp``, or of the long form."""
    if port.entries:
        protocol = _text(port.get("protocol")) or "tcp"
        return f"{_text(port.get('target'))}/{protocol}"
    return _text(port).rpartition(":")[2]


def _variables(environment: Node) -> Iterable[tuple[str, Node]]:
    """Of a mapping, or of a list of ``NAME=value``."""
    for name, value in environment.mapping().items():
        yield name, Node(value.line, _text(value))
    for item in environment.items:
        name, equals, given = _text(item).partition("=")
        if equals:
            yield name, Node(item.line, given)


def _words(node: Node) -> list[str]:
    return [_text(item) for item in node.items] or commands.words(_text(node))


def _text(node: Node) -> str:
    return expanded(node.text, {})


def _shown(what: str, node: Node) -> str:
    return f"{what} {node.text}" if node.text else what
