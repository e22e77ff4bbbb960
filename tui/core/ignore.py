"""Which files of a build context a .dockerignore leaves out.

The rules are those of moby/patternmatcher, which the docker CLI and BuildKit use; they differ from
gitignore's (a pattern is anchored at the root, ``*`` stops at ``/``, order decides).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

WILDCARDS = frozenset("*?[\\")
ESCAPED = frozenset(".+()|{}$")


class BadPattern(ValueError):
    """A line no engine accepts; the message names it."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    text: str
    negated: bool
    match: Callable[[str], bool]
    line: int

    def reaches_below(self, directory: str) -> bool:
        """True when this pattern may match something below ``directory``."""
        literal = not WILDCARDS.intersection(self.text)
        return not literal or f"{self.text}/".startswith(f"{directory}/")


class Ignore:
    """A parsed .dockerignore. Paths are relative to the context, with ``/``, without ``./``.

    Raises BadPattern.
    """

    def __init__(self, text: str) -> None:
        self._patterns = tuple(_parse(line, number) for number, line in _lines(text))
        self._negations = tuple(pattern for pattern in self._patterns if pattern.negated)

    def __contains__(self, path: str) -> bool:
        """Whether the file or directory is left out (a left-out parent counts)."""
        return self.line(path) > 0

    def line(self, path: str) -> int:
        """The line, from 1, that leaves the file or directory out; 0 when none does."""
        parts = path.split("/")
        names = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
        line = 0
        for pattern in self._patterns:
            if pattern.negated == bool(line) and any(map(pattern.match, names)):
                line = 0 if pattern.negated else pattern.line
        return line

    def prunes(self, directory: str) -> bool:
        """Whether nothing below an ignored directory can come back through a ``!`` line."""
        return not any(pattern.reaches_below(directory) for pattern in self._negations)


def _lines(text: str) -> list[tuple[int, str]]:
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), 1)
    stripped = ((number, line.strip()) for number, line in lines if not line.startswith("#"))
    return [(number, line) for number, line in stripped if line]


def _parse(line: str, number: int) -> _Pattern:
    negated = line.startswith("!")
    text = _clean(line[1:].strip() if negated else line)
    if negated and text in ("", "/"):
        raise BadPattern(f"The .dockerignore line {line!r} excludes nothing: write a path after the '!'.")
    return _Pattern(text, negated, _matcher(text, line), number)


def _clean(path: str) -> str:
    """Go's filepath.Clean, then relative to the context's root."""
    if not path:
        return ""
    cleaned = re.sub("^/+", "/", posixpath.normpath(path))
    return cleaned[1:] if len(cleaned) > 1 and cleaned[0] == "/" else cleaned


def _matcher(text: str, line: str) -> Callable[[str], bool]:
    if not WILDCARDS.intersection(text):
        return text.__eq__
    literal_head, literal_tail = text.removesuffix("**"), text.removeprefix("**")
    if not WILDCARDS.intersection(literal_tail):
        return lambda path: path.endswith(literal_tail) or f"/{path}" == literal_tail
    if not WILDCARDS.intersection(literal_head):
        return lambda path: path.startswith(literal_head)
    try:
        expression = re.compile(_expression(text))
    except re.error:
        raise BadPattern(
            f"The .dockerignore line {line!r} is no valid pattern: check its brackets."
        ) from None
    return lambda path: expression.fullmatch(path) is not None


def _expression(text: str) -> str:
    """The pattern as a regular expression, character by character as moby does it."""
    parts: list[str] = []
    rest = text
    while rest:
        if rest.startswith("**"):
            rest = rest[2:].removeprefix("/")
            parts.append("(.*/)?" if rest else ".*")
            continue
        char, rest = rest[0], rest[1:]
        if char == "\\" and rest:
            parts.append(re.escape(rest[0]))
            rest = rest[1:]
        elif char in ESCAPED or char == "\\":
            parts.append("\\" + char)
        else:
            parts.append({"*": "[^/]*", "?": "[^/]"}.get(char, char))
    return "".join(parts)
