"""Whether a function of the program is ever used: what is not, neither listens nor needs anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.inspect.code import Function
from tui.core.inspect.program import Program

_DECLARED = re.compile(rb"^func[ \t]+(\([^)\n]{0,200}\)[ \t]*)?(\w+)", re.MULTILINE)
_COMMENT = re.compile(rb'"(?:[^"\\\n]|\\.)*+"|`[^`]*+`|//[^\n]*+|/\*.*?\*/', re.DOTALL)
_ROOTS = frozenset({"main", "init"})
# Of a function with more callers above it one will be called.
_MOST = 40


class Called:
    """Follows the mentions of names from function to function up to main; methods count as used."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str, str], list[tuple[str, str] | None]] = {}
        self._code: dict[str, bytes] = {}

    def is_used(self, function: Function | None) -> bool:
        """Whether main, a package's variable, a method or a used function mentions it."""
        if function is None or not function.call_name.rpartition(".")[0]:
            return True
        start, _, called = function.call_name.rpartition(".")
        waiting = [(start, called)]
        for package, name in waiting:
            if name in _ROOTS or len(waiting) > _MOST:
                return True
            for outer in self._mentioned(package, name):
                if outer is None:
                    return True
                if outer not in waiting:
                    waiting.append(outer)
        return False

    def _mentioned(self, package: str, name: str) -> list[tuple[str, str] | None]:
        if (package, name) not in self._known:
            self._known[package, name] = list(self._mentions(package, name))
        return self._known[package, name]

    def _mentions(self, package: str, name: str) -> Iterator[tuple[str, str] | None]:
        """The functions that mention it; None for a method, and for code outside of functions."""
        pattern = re.compile(rb"(?<!\w)%b(?!\w)" % re.escape(name.encode()))
        for path, where in self._program.files_with(package):
            if name.encode() not in self._program.data(path):
                continue
            code = self._without_comments(path)
            for match in pattern.finditer(code):
                declared = _enclosing(code, match.start())
                if declared is None or declared[1]:
                    yield None
                elif declared[2] != match.start():
                    yield where, declared[0]

    def _without_comments(self, path: str) -> bytes:
        """The code; texts stay, they may be templates of names."""
        if path not in self._code:
            data = self._program.data(path)
            self._code[path] = _COMMENT.sub(lambda m: b" " if m[0].startswith(b"/") else m[0], data)
        return self._code[path]


def _enclosing(code: bytes, place: int) -> tuple[str, bool, int] | None:
    """The name of the function around a place, whether it is a method, and where its name stands.

    Go's own format has functions begin, and end, at the beginning of a line.
    """
    begun = code.rfind(b"\nfunc", 0, place) + 1
    declared = _DECLARED.match(code, begun)
    if declared is None:
        return None
    ended = code.find(b"\n}", declared.end(), place)
    one_line = code.find(b"\n", declared.end(), place)
    if ended >= 0 or (one_line >= 0 and code[one_line - 1 : one_line] == b"}"):
        return None
    return declared[2].decode("utf-8", "replace"), bool(declared[1]), declared.start(2)
