"""What a Procfile, an example of variables and a README say of how a program is built, started, reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.inspect.deployment import commands
from tui.core.project import Evidence, Stated

PROCFILE, README, EXAMPLE = "Procfile", "README", "env example"

_PUBLISHED = re.compile(r"(?:-p|--publish)[ =](?:[\d.]+:)?\d{1,5}:(\d{1,5}(?:/udp)?)\b")
_LOCAL = re.compile(r"\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b")
_ASSIGNED = re.compile(r"""(?:export\s+)?([A-Z_][A-Z0-9_]*)=(["']?)([^"'#\s]{1,200})\2\s*(?:#.*)?""")
_RUN = re.compile(r"\bdocker(?:\s+container)?\s+run\b|\bpodman\s+run\b")


def procfile(data: bytes, module: str) -> Iterator[Stated]:
    """The ``web`` process, without one the first."""
    lines = list(enumerate(data.decode("utf-8", "replace").splitlines(), 1))
    stated = [(number, line.partition(":")) for number, line in lines if re.match(r"[\w-]+:\s*\S", line)]
    web = [entry for entry in stated if entry[1][0] == "web"]
    for number, (kind, _, command) in (web or stated)[:1]:
        evidence = Evidence(PROCFILE, number, f"{kind}: {command.strip()}")
        for package in commands.built(command, module):
            yield Stated("main", (package,), evidence, PROCFILE)
        program, args = commands.started(commands.words(command.strip()))
        if program and program != "go":
            yield Stated("program", (program,), evidence, PROCFILE)
            if args:
                yield Stated("args", args, evidence, PROCFILE)


def example(data: bytes, name: str) -> Iterator[Stated]:
    """The variables of an example of ``.env``."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if match := _ASSIGNED.fullmatch(line.strip()):
            yield Stated("env", (match[1], match[3]), Evidence(name, number, f"{match[1]} there"), EXAMPLE)


def readme(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """Ports of ``docker run -p`` and of addresses on this machine; packages that are run or installed."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        evidence = Evidence(name, number, line.strip()[:80])
        published = _PUBLISHED.findall(line) if _RUN.search(line) else []
        for port in published or _LOCAL.findall(line):
            yield Stated("port", (port,), evidence, README)
        for package in commands.built(line, module):
            yield Stated("main", (package,), evidence, README)
