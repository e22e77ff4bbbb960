"""Whether vendor/modules.txt fits go.mod: Go refuses to build from a vendor/ that does not."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.core.inspect import files
from tui.core.inspect.context import Context
from tui.core.inspect.files import Reader
from tui.core.inspect.gomod import GoMod
from tui.core.project import DECLARATION, Evidence, Note

_MODULE = re.compile(r"# (\S+)(?: (v\S+))?( => .+)?")


class _Listed(NamedTuple):
    version: str
    line: int
    explicit: bool
    replaced: bool


def notes(reader: Reader, context: Context, mod: GoMod) -> tuple[Note, ...]:
    """The first thing that does not fit, with what to do; none where Go does not compare."""
    if context.vendor is None or context.work is not None:
        return ()
    name = files.join(context.vendor, "vendor/modules.txt")
    data = reader.read(name)
    if data is None:
        return ()
    why, evidence = _differs(_listed(data), mod, name)
    if evidence is None:
        return ()
    return (Note(f"{why}, and Go refuses a vendor/ that does not fit go.mod: run go mod vendor.", evidence),)


def _differs(listed: dict[str, _Listed], mod: GoMod, name: str) -> tuple[str, Evidence | None]:
    replaced = {replace.old: replace for replace in mod.replaces}
    for required in mod.requires:
        found = listed.get(required.path)
        at = Evidence("go.mod", required.line, f"require {required.path}", DECLARATION)
        if found is None or not found.explicit:
            return f"vendor/modules.txt does not list {required.path} as required", at
        if found.version != required.version:
            return f"go.mod requires {required.path} {required.version} and vendor/ has {found.version}", at
        if found.replaced != (required.path in replaced):
            return f"{required.path} is replaced in one of go.mod and vendor/modules.txt only", at
    required_paths = {required.path for required in mod.requires}
    for path, found in listed.items():
        if found.explicit and path not in required_paths:
            at = Evidence(name, found.line, "## explicit", DECLARATION)
            return f"vendor/ has {path}, which go.mod does not require", at
    return "", None


def _listed(data: bytes) -> dict[str, _Listed]:
    """Modules by path: ``# path version [=> …]``, and ``## explicit`` below those go.mod names."""
    found: dict[str, _Listed] = {}
    last = ""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if line.startswith("## ") and last:
            marks = [mark.strip() for mark in line[3:].split(";")]
            found[last] = found[last]._replace(explicit=found[last].explicit or "explicit" in marks)
        elif (match := _MODULE.fullmatch(line.rstrip())) and match[2]:
            last = match[1]
            found[last] = _Listed(match[2], number, False, bool(match[3]))
    return found
