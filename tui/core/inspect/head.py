"""The head of a Go file, its package clause and imports, by the scanner's rules of the language alone.

Nothing else may come before them, so the body is never looked at: a syntax tree of it costs ten times as
much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# What separates is matched possessively: no text takes more than linear time.
_BETWEEN = r"(?:[\s;]|//[^\n]*|/\*(?s:.*?)\*/)*+"
_NAME = r"[^\W\d]\w*"
_CLAUSE = re.compile(rf"{_BETWEEN}package\b{_BETWEEN}({_NAME})")
_IMPORT = re.compile(rf"{_BETWEEN}import\b{_BETWEEN}(\()?")
_SPEC = re.compile(rf"""{_BETWEEN}(?:(\.|{_NAME}){_BETWEEN})?("(?:[^"\\\n]|\\.)*"|`[^`]*`)""")
_END = re.compile(rf"{_BETWEEN}\)")


class ImportSpec(NamedTuple):
    """``name`` is empty where none is given, ``path`` a literal with its quotes; ``start`` counts
    characters."""

    name: str
    path: str
    start: int


class Head(NamedTuple):
    """``package`` is empty where no clause is."""

    package: str
    imports: tuple[ImportSpec, ...]


def read(text: str) -> Head:
    """Reads as far as the head makes sense. Any text gives a Head."""
    clause = _CLAUSE.match(text)
    return Head(clause[1], tuple(_imports(text, clause.end()))) if clause else Head("", ())


def _imports(text: str, end: int) -> Iterator[ImportSpec]:
    while begun := _IMPORT.match(text, end):
        many, end = begun[1], begun.end()
        while spec := _SPEC.match(text, end):
            yield ImportSpec(spec[1] or "", spec[2], spec.start(1) if spec[1] else spec.start(2))
            end = spec.end()
            if not many:
                break
        if many:
            closed = _END.match(text, end)
            if closed is None:
                return
            end = closed.end()
        elif spec is None:
            return
