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
_TARGET = re.compile(r"([\w./%$(){} -]{1,200}?)\s*:(?!=)")
# Targets that run or build what helps a developer.
_HELPING = frozenset(
    ["gen", "generate", "lint", "test", "tests", "tool", "tools", "bench", "mock", "mocks", "migrate", "seed",
     "proto", "doc", "docs", "fmt", "vet", "swag", "deps", "ci"],
)  # fmt: skip
_DEEPEST = 3
_LONGEST = 2000


def goreleaser(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """The main package of every build; without one it is ``.`` in the build's folder."""
    for document in documents.read(data)[:1]:
        for build in document.get("builds").items:
            main, folder = build.get("main"), build.get("dir").text
            path = files.join(folder.strip("./"), (main.text or ".").removeprefix("./"))
            package = commands.pattern(f"./{path}", module)
            evidence = Evidence(name, main.line or build.line, f"main: {main.text or '.'}")
            yield Stated("main", (package,), evidence, GORELEASER)


def makefile(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """The packages that its targets build or run, but for those that only help developers."""
    lines = data.decode("utf-8", "replace").replace("\r", "").split("\n")
    values = {m[1]: m[2].strip() for line in lines if (m := _ASSIGNED.match(line))}
    target = ""
    for number, line in enumerate(lines, 1):
        if not line.startswith("\t"):
            found = _TARGET.match(line)
            target = found[1] if found else target
        elif _HELPING.isdisjoint(re.findall(r"[a-z]+", target.lower())):
            for package in commands.built(_expanded(line, values), module):
                yield Stated(
                    "main", (package,), Evidence(name, number, f"{target}: {line.strip()[:60]}"), MAKEFILE
                )


def _expanded(line: str, values: dict[str, str]) -> str:
    """With the values of variables; what is not known looks like a flag without a value."""
    for _ in range(_DEEPEST):
        line = _VARIABLE.sub(lambda match: values.get(match[1], "-"), line)[:_LONGEST]
    return _CALL.sub("-", line)
