"""Which folder a front end's build reads: its own, or the project where files elsewhere are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tui.core import frontend
from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend.manifest import Manifest
from tui.core.inspect.frontend.paths import inside
from tui.core.project import Evidence

_UP = re.compile(rb"(?<![\w./])(?:\./)?\.\./[\w./@+~-]*")
_MOST_FILES = 4000
_LARGEST = 512 * 1024


def outside(
    reader: Reader, install: str, packages: Iterable[Manifest], made: tuple[str, ...], written: str
) -> Evidence | None:
    """The first place that names a file of the project outside ``install``.

    ``made`` are folders the build itself writes to, and ``written`` is the place, as ``file:line``, that
    says so. ``packages`` are those the build runs scripts of.
    """
    if not install:
        return None
    for path in _read(reader, packages):
        data = reader.read(path) or b""
        if len(data) > _LARGEST:
            continue
        for match in _UP.finditer(data):
            named = inside(path.rpartition("/")[0], match[0].decode())
            installed = b"node_modules" in match[0]
            if named is not None and not installed and not _is_below(named, (install, *made)):
                line = data.count(b"\n", 0, match.start()) + 1
                found = Evidence(path, line, f"names {named or '.'}, outside the front end's folder")
                if str(found) != written:
                    return found
    return None


def _read(reader: Reader, packages: Iterable[Manifest]) -> Iterator[str]:
    """Configs and sources, as far as a person wrote them."""
    facts = frontend.facts()["sources"]
    left = _MOST_FILES
    waiting = [package.folder for package in packages]
    while waiting:
        folder = waiting.pop()
        for entry in reader.entries(folder):
            path = files.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in facts["never"] and not entry.name.startswith("."):
                    waiting.append(path)
            elif entry.name.endswith(tuple(facts["suffixes"])) and entry.name not in facts["never"]:
                left -= 1
                if left < 0:
                    return
                yield path


def _is_below(path: str, folders: tuple[str, ...]) -> bool:
    return any(f"{path}/".startswith(f"{folder}/") or not folder for folder in folders)
