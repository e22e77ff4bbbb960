"""Folders that a JavaScript or TypeScript config names, read from its literals without running it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)""",
    re.VERBOSE | re.DOTALL,
)
_STRING = re.compile(r"""(["'`])((?:(?!\1)[^\\]|\\.)*)\1""", re.DOTALL)
_JOINING = re.compile(r"(?:path\s*\.\s*)?(?P<name>resolve|join)\s*\(")
_ANCHOR = re.compile(r"__dirname|import\.meta\.|process\.cwd\(\)")
_FALLBACK = re.compile(r"\|\||\?\?")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_OPENING, _CLOSING = "([{", ")]}"
_LONGEST = 500
_DEEPEST = 4


class Folder(NamedTuple):
    """A folder's path as written. ``anchored`` tells that it starts at the config's own folder."""

    path: str
    anchored: bool
    line: int


def without_comments(text: str) -> str:
    """The same text with comments blanked; lines and places stay."""

    def blanked(match: re.Match[str]) -> str:
        return match[0] if match["string"] else re.sub(r"[^\n]", " ", match[0])

    return _TOKEN.sub(blanked, text)


def folder(text: str, key: str) -> Folder | None:
    """What ``key`` is given: ``outDir``, or ``output.path`` for a key in an object of that name.

    ``text`` is without comments. None when the key is not there or its value cannot be known.
    """
    *objects, last = key.split(".")
    for start, end in _spans(text, objects):
        for match in re.compile(_given(last)).finditer(text, start, end):
            found = _value(text, _expression(text, match.end()), 0)
            if found is not None:
                return Folder(*found, text.count("\n", 0, match.start()) + 1)
    return None


def _given(key: str) -> str:
    return rf"(?<![\w$.])[\"']?{re.escape(key)}[\"']?\s*(?::(?!:)|=(?![=>]))\s*"


def _spans(text: str, objects: list[str]) -> Iterator[tuple[int, int]]:
    """Where to look: the whole text, or each object with one of the names."""
    if not objects:
        yield 0, len(text)
        return
    for match in re.compile(_given(objects[-1]) + r"\{").finditer(text):
        yield match.end(), _end(text, match.end(), longest=20 * _LONGEST)


def _expression(text: str, start: int) -> str:
    return text[start : _end(text, start, _LONGEST)].strip()


def _end(text: str, start: int, longest: int) -> int:
    """Where the expression or object that begins at ``start`` ends."""
    depth, place = 0, start
    limit = min(len(text), start + longest)
    while place < limit:
        char = text[place]
        if char in "\"'`" and (string := _STRING.match(text, place)):
            place = string.end()
            continue
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
        if depth < 0 or (depth == 0 and char in ",;" and longest == _LONGEST):
            return place
        place += 1
    return limit


def _value(text: str, expression: str, depth: int) -> tuple[str, bool] | None:
    """Path and whether it is anchored."""
    if depth > _DEEPEST:
        return None
    string = _STRING.match(expression)
    if string and string.end() == len(expression):
        return None if "${" in string[2] else (string[2], False)
    fallback = [*_FALLBACK.finditer(expression)]
    if fallback:
        return _value(text, expression[fallback[-1].end() :].strip(), depth + 1)
    if _ANCHOR.search(expression) or _JOINING.match(expression):
        return _joined(text, expression, depth)
    if _IDENTIFIER.fullmatch(expression):
        return _constant(text, expression, depth)
    return None


def _joined(text: str, expression: str, depth: int) -> tuple[str, bool] | None:
    """``path.resolve(__dirname, "a", "b")``, ``new URL("./a", import.meta.url)``."""
    strings = [match[2] for match in _STRING.finditer(expression) if "${" not in match[2]]
    joining = _JOINING.match(expression)
    anchored = bool(_ANCHOR.search(expression)) or (joining is not None and joining["name"] == "resolve")
    if not strings and joining is not None:
        names = [part.strip() for part in expression[joining.end() :].rstrip(") ").split(",")]
        found = [_constant(text, name, depth) for name in names if not _ANCHOR.search(name)]
        strings = [value[0] for value in found if value is not None]
    return (posixpath.join(*strings), anchored) if strings else None


def _constant(text: str, name: str, depth: int) -> tuple[str, bool] | None:
    match = re.search(rf"\b(?:const|let|var)\s+{re.escape(name)}\s*(?::[^=\n]*)?=\s*", text)
    if match is None:
        return None
    expression = _expression(text, match.end()).partition("\n")[0].strip()
    return _value(text, expression, depth + 1)
