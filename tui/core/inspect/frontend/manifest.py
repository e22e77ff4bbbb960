"""A package.json as far as it tells of a build, with the lines it was read from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.project import Evidence

NAME = "package.json"
LARGEST = 1024 * 1024
"""Characters of the longest package.json, lockfile head or config that is read for its content."""

NOT_JSON = "no JSON that parses"


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """``folder`` is relative to the project, ``""`` its root."""

    folder: str
    text: str
    data: Mapping[str, Any]
    scripts: Mapping[str, str]

    @property
    def path(self) -> str:
        """The file, relative to the project."""
        return files.join(self.folder, NAME)

    def string(self, *keys: str) -> str:
        """The text under ``keys``, "" when there is none or it is no text."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""

    def evidence(self, why: str, *keys: str) -> Evidence:
        """The line on which the last of ``keys`` stands, each looked for after the one before."""
        return Evidence(self.path, line_of(self.text, *keys), why)


def read(reader: Reader, folder: str) -> Manifest | None:
    """The package.json of a folder; None without one that can be used, which the reader notes."""
    path = files.join(folder, NAME)
    text = read_text(reader, path)
    if text is None:
        return None
    data = parse(text)
    if not isinstance(data, dict):
        reader.leave_out(NOT_JSON, path)
        return None
    given = data.get("scripts")
    scripts = given.items() if isinstance(given, dict) else ()
    return Manifest(folder, text, data, {name: value for name, value in scripts if isinstance(value, str)})


def parse(text: str) -> Any:
    """What JSON text says, None when it does not parse."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def read_text(reader: Reader, path: str) -> str | None:
    """A text file's content; None when it is not there or too long to be written by hand."""
    data = reader.read(path)
    return None if data is None or len(data) > LARGEST else data.decode("utf-8", "replace")


def line_of(text: str, *keys: str) -> int:
    """The line of the last of ``keys`` in JSON text, from 1."""
    place = 0
    for key in keys:
        found = re.compile(rf"{re.escape(json.dumps(key))}\s*:").search(text, place)
        place = found.start() if found else place
    return text.count("\n", 0, place) + 1
