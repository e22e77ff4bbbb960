"""Which required modules no public proxy is likely to have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import facts, files, globs, tree
from tui.core.inspect.context import Context
from tui.core.inspect.files import Reader
from tui.core.project import NAME, Evidence, PrivateModule

_PATTERN = r"[\w.*?/-]+(?:,[\w.*?/-]+)*"
_VARIABLE = re.compile(rf"\bGO(?:PRIVATE|NOPROXY)\b[\"']?\s*[:?+]?[=:]\s*[\"']?({_PATTERN})", re.ASCII)
_INSTEAD = re.compile(
    r"insteadOf[\"']?[\s=]+[\"']?(?:https://|ssh://git@|git@)([\w.-]+(?:[/:][\w.-]+)*)", re.ASCII
)
_MACHINE = re.compile(r"\bmachine\s+([\w-]+(?:\.[\w-]+)+)", re.ASCII)


class _Said(NamedTuple):
    """Modules below ``pattern`` are private; ``sure`` when it names them, else it names their host."""

    pattern: str
    sure: bool
    evidence: Evidence


def find(around: Reader, context: Context, licence: str) -> tuple[PrivateModule, ...]:
    """Each once, in go.mod's order: what the repository says itself counts before what names tell.

    ``around`` reads up to the repository's root. With a public ``licence`` modules on the host of one's
    own module are taken for public as well.
    """
    said = list(_said(around))
    own = context.members[0].mod.module
    own_host = "" if licence else own.partition("/")[0]
    found: dict[str, PrivateModule] = {}
    for member in context.members:
        for require in member.mod.requires:
            if require.path not in context.local and require.path not in found:
                evidence = Evidence(
                    files.join(member.folder, "go.mod"), require.line, f"require {require.path}", NAME
                )
                private = _by_word(require.path, own, said) or _by_name(require.path, own_host, evidence)
                found |= {require.path: private} if private else {}
    return tuple(found.values())


def _by_word(path: str, own: str, said: Iterable[_Said]) -> PrivateModule | None:
    for word in said:
        prefix = "/".join(path.split("/")[: word.pattern.count("/") + 1])
        if not word.sure and prefix in facts.repository().public:
            # Signing in at a public host tells nothing of others' modules there.
            prefix = "/".join(path.split("/")[:2]) if path.split("/")[:2] == own.split("/")[:2] else ""
        if prefix and _matches(prefix, word.pattern):
            return PrivateModule(prefix, path, word.evidence)
    return None


def _matches(prefix: str, pattern: str) -> bool:
    """GOPRIVATE's rule: each element of the pattern fits the path's element in its place."""
    pairs = zip(prefix.split("/"), pattern.split("/"), strict=False)
    return all(globs.compile_part(part)(element) for element, part in pairs)


def _by_name(path: str, own_host: str, evidence: Evidence) -> PrivateModule | None:
    host = path.partition("/")[0]
    table = facts.repository()
    if host.partition(":")[0].endswith(table.internal):
        return PrivateModule(host, path, evidence)
    if "." in host and host == own_host and host not in table.public:
        return PrivateModule(host, path, evidence)
    return None


def _said(around: Reader) -> Iterator[_Said]:
    for folder in around.upwards():
        for name in facts.repository().said_in:
            for file in _files(around, files.join(folder, name)):
                text = (around.read(file) or b"").decode("utf-8", "replace")
                for number, line in enumerate(text.split("\n"), 1):
                    yield from _of_line(line, file, number)


def _of_line(line: str, file: str, number: int) -> Iterator[_Said]:
    if stated := _VARIABLE.search(line):
        for pattern in stated[1].split(","):
            yield _Said(pattern.strip("/"), True, Evidence(file, number, f"GOPRIVATE has {pattern}"))
    for expression, why in ((_INSTEAD, "Git signs in at"), (_MACHINE, "Git has a password for")):
        if named := expression.search(line):
            place = named[1].replace(":", "/").strip("/")
            yield _Said(place, "/" in place, Evidence(file, number, f"{why} {place}"))


def _files(reader: Reader, name: str) -> list[str]:
    folder, _, last = name.rpartition("/")
    if "*" not in last:
        return [name] if reader.is_file(name) else []
    matches = globs.compile_part(last)
    return [files.join(folder, entry) for entry in tree.names(reader, folder) if matches(entry)]
