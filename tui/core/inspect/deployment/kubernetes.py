"""What Kubernetes manifests and Helm's values say of the container that runs this program."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect.deployment import commands, documents
from tui.core.inspect.deployment.documents import Node
from tui.core.project import Evidence, Stated

BY, HELM = "Kubernetes", "Helm"
SIGN = b"containers:"
"""A manifest without this text runs nothing, and need not be parsed."""

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_SPECS = (("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"), ("spec",))
_LITERAL = re.compile(r"^\s*-?\s*containerPort:\s*(\d{1,5})\s*(?:#.*)?$")


class Container(NamedTuple):
    """A container of a pod; ``pod`` is the pod's spec."""

    node: Node
    pod: Node
    file: str

    @property
    def image(self) -> str:
        """The last element of the image's name, without tag and digest."""
        name = self.node.get("image").text.partition("@")[0].rpartition("/")[2]
        return name.partition(":")[0]

    def is_called(self, names: frozenset[str]) -> bool:
        """Whether its image, or itself, is named like the program."""
        return bool({self.image, self.node.get("name").text} & names)


def containers(data: bytes, name: str) -> Iterator[Container]:
    """Every container of a manifest."""
    for document in documents.read(data):
        for thing in (document, *document.get("items").items):
            for path in _SPECS:
                pod = thing.get(*path)
                for node in pod.get("containers").items:
                    yield Container(node, pod, name)


def read(found: Iterable[Container], names: frozenset[str], module: str) -> Iterator[Stated]:
    """The statements of the container that is named like the program, or is the only one there is.

    One that ko builds names its package: ``ko://example.com/app/cmd/server``.
    """
    everyone = list(found)
    ours = [c for c in everyone if _is_ko(c, module)] or [c for c in everyone if c.is_called(names)]
    only = everyone if len({c.node.get("image").text for c in everyone}) == 1 else []
    for container in (ours or only)[:1]:
        yield from _container(container, module)


def values(data: bytes, name: str) -> Iterator[Stated]:
    """The statements of a chart's values.yaml. A service's own port is none of the container's."""
    for document in documents.read(data)[:1]:
        for path in (("containerPort",), ("service", "targetPort"), ("service", "containerPort"),
                     ("service", "internalPort"), ("containerPorts", "http"), ("image", "port")):  # fmt: skip
            port = document.get(*path)
            shown = ".".join(path)
            if port.text:
                yield Stated("port", (port.text,), Evidence(name, port.line, f"{shown} {port.text}"), HELM)
        yield from _settings(document, document.get("podSecurityContext"), name, HELM)


def template(data: bytes, name: str) -> Iterator[Stated]:
    """The ports that a chart's template states as plain numbers."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if match := _LITERAL.match(line):
            yield Stated("port", (match[1],), Evidence(name, number, f"containerPort {match[1]}"), HELM)


def _is_ko(container: Container, module: str) -> bool:
    image = container.node.get("image").text
    return image.startswith("ko://") and f"{image[5:]}/".startswith(f"{module}/")


def _container(container: Container, module: str) -> Iterator[Stated]:
    node, file = container.node, container.file
    if _is_ko(container, module):
        image = node.get("image")
        package = commands.pattern(image.text[5:], module)
        yield Stated("main", (package,), Evidence(file, image.line, f"image {image.text}"), BY)
    for port in node.get("ports").items:
        number = port.get("containerPort")
        text = f"{number.text}/{(port.get('protocol').text or 'tcp').lower()}"
        yield Stated("port", (text,), Evidence(file, number.line, f"containerPort {number.text}"), BY)
    for variable in node.get("env").items:
        name, value = variable.get("name").text, variable.get("value")
        if name and value:
            yield Stated("env", (name, value.text), Evidence(file, value.line, f"env {name}"), BY)
    yield from _settings(node, container.pod.get("securityContext"), file, BY)
    command, args = node.get("command").items, node.get("args").items
    words = [item.text for item in (*command, *args)]
    given = commands.started(words)[1] if command else tuple(words)
    if given:
        line = (args or command)[0].line
        yield Stated("args", given, Evidence(file, line, f"args {' '.join(given)}"), BY)


def _settings(node: Node, pod: Node, file: str, by: str) -> Iterator[Stated]:
    """Who it runs as, and what its probes ask."""
    context = node.get("securityContext")
    user = context.get("runAsUser") or pod.get("runAsUser")
    group = context.get("runAsGroup") or pod.get("runAsGroup")
    if user:
        ids = user.text + (f":{group.text}" if group else "")
        yield Stated("user", (ids,), Evidence(file, user.line, f"runAsUser {user.text}"), by)
    for probe in _PROBES:
        asked = node.get(probe, "httpGet", "path")
        port = node.get(probe, "httpGet", "port").text
        if asked:
            # A probe of a named port asks the port of that name, which stands among the ports.
            number = port if port.isdigit() else _named(node, port)
            how = f"http {number}/{asked.text.lstrip('/')}"
            yield Stated("health", (how,), Evidence(file, asked.line, f"{probe} {asked.text}"), by)


def _named(node: Node, port: str) -> str:
    listed = node.get("ports").items
    return next((p.get("containerPort").text for p in listed if port and p.get("name").text == port), "")


def is_chart(name: str) -> bool:
    """Whether a file's name is that of a Helm chart's head."""
    return posixpath.basename(name) == "Chart.yaml"
