"""What a Makefile and GoReleaser's configuration build."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.inspect import files
from tui.core.inspect.deployment import commands, documents
from tui.core.project import Evidence, Stated

GORELEASER, MAKEFILE = "GoReleaser", "Makefile"

_ASSIGNED = re.compile(r"(?:export\s+)?([\w.-]{1,100})\s*[:?]{0,2}=\s*([^#\n]{0,300})")
_VARIABLE = re.compile(r"\$[({]([\w.-]{1,100})[)}]")
_CALL = re.compile(r"\$[({][^(){}]{0,300}[)}]")
_TAGS = re.compile(r"""(?:^|\s)--?tags[= ](?:'([^']*)'|"([^"]*)"|([\w.,]+))""")
_TARGET = re.compile(r"([\w./%$(){} -]{1,200}?)\s*:(?!=)")
# Targets that run or build what helps a developer.
_HELPING = frozenset(
    ["gen", "generate", "lint", "test", "tests", "tool", "tools", "bench", "mock", "mocks", "migrate", "seed",
     "proto", "doc", "docs", "fmt", "vet", "swag", "deps", "ci"],
)  # fmt: skip
_DEEPEST = 3
_LONGEST = 2000


def goreleaser(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """The main package of every build, without one ``.`` in the build's folder; the tags of all builds."""
    for document in documents.read(data)[:1]:
        tags: list[tuple[int, frozenset[str]]] = []
        for build in document.get("builds").items:
            main, folder = build.get("main"), build.get("dir").text
            path = files.join(folder.strip("./"), (main.text or ".").removeprefix("./"))
            package = commands.pattern(f"./{path}", module)
            evidence = Evidence(name, main.line or build.line, f"main: {main.text or '.'}")
            yield Stated("main", (package,), evidence, GORELEASER)
            flags = " ".join(item.text for item in build.get("flags").items)
            listed = [item.text for item in build.get("tags").items]
            tags.append((build.get("tags").line or build.line, _tags(flags) | frozenset(listed)))
        yield from _agreed(tags, name, GORELEASER)


def makefile(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """The packages that its targets build or run, but for those that help developers; the tags of all."""
    lines = data.decode("utf-8", "replace").replace("\r", "").split("\n")
    values = {m[1]: m[2].strip() for line in lines if (m := _ASSIGNED.match(line))}
    target = ""
    tags: list[tuple[int, frozenset[str]]] = []
    for number, line in enumerate(lines, 1):
        if not line.startswith("\t"):
            found = _TARGET.match(line)
            target = found[1] if found else target
        elif _HELPING.isdisjoint(re.findall(r"[a-z]+", target.lower())):
            expanded = _expanded(line, values)
            for package in commands.built(expanded, module):
                evidence = Evidence(name, number, f"{target}: {line.strip()[:60]}")
                yield Stated("main", (package,), evidence, MAKEFILE)
                tags.append((number, _tags(expanded)))
    yield from _agreed(tags, name, MAKEFILE)


def _tags(command: str) -> frozenset[str]:
    """The tags that ``go build -tags`` names."""
    found = _TAGS.search(command)
    return frozenset(re.findall(r"[\w.]+", found[1] or found[2] or found[3])) if found else frozenset()


def _agreed(built: list[tuple[int, frozenset[str]]], name: str, by: str) -> Iterator[Stated]:
    """The tags that everything is built with: others are for one of several kinds of builds."""
    if len({tags for _, tags in built}) == 1:
        line, tags = built[0]
        for tag in sorted(tags):
            yield Stated("tag", (tag,), Evidence(name, line, f"-tags {tag}"), by)


def _expanded(line: str, values: dict[str, str]) -> str:
    """With the values of variables; what is not known looks like a flag without a value."""
    for _ in range(_DEEPEST):
        line = _VARIABLE.sub(lambda match: values.get(match[1], "-"), line)[:_LONGEST]
    return _CALL.sub("-", line)
