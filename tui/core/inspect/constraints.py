"""Build constraints: the //go:build and +build lines of a file, parsed as cmd/go does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_GO_BUILD = re.compile(rb"//go:build(?=[ \t]|$)")
_PLUS_BUILD = re.compile(rb"//\s*\+build(?=\s|$)")
_TOKEN = re.compile(r"\s+|(?P<token>\|\||&&|!|[()]|[\w.]+)")
_DEEPEST = 50
Tags = Callable[[str], bool]
Constraint = Callable[[Tags], bool]


class MalformedConstraint(ValueError):
    """A constraint cmd/go would refuse."""


def file_constraint(data: bytes) -> Constraint | None:
    """The constraint in a Go file's head, None when it has none.

    A ``//go:build`` line controls; without one, ``// +build`` lines do. Raises
    MalformedConstraint for a ``//go:build`` line that does not parse, and for two of them.
    """
    go_build, plus_build = _constraint_lines(data)
    if len(go_build) > 1:
        raise MalformedConstraint("more than one //go:build line")
    if go_build:
        return parse(_text(_GO_BUILD.sub(b"", go_build[0])))
    parsed = [parse_options(_text(_PLUS_BUILD.sub(b"", line))) for line in plus_build]
    return _every(parsed) if parsed else None


def parse(expression: str) -> Constraint:
    """A ``//go:build`` expression. Raises MalformedConstraint."""
    return _Parser(expression).parse()


def parse_options(text: str) -> Constraint:
    """The form of ``// +build`` and ``#cgo`` lines: ``a,!b c`` means (a and not b) or c.

    Words that make no sense never hold.
    """
    options = [_every([_plus_word(word) for word in option.split(",")]) for option in text.split()]
    return _any(options)


def _constraint_lines(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """The //go:build lines of a file's head, and its // +build lines (a blank line must follow)."""
    go_build: list[bytes] = []
    plus_build: list[bytes] = []
    pending: list[bytes] = []
    only_comments, in_block = True, False
    for raw in _lines(data):
        line = raw.strip()
        if not line:
            if only_comments:
                plus_build += pending
                pending = []
            continue
        only_comments = only_comments and line.startswith(b"//")
        if not in_block and _GO_BUILD.match(line):
            go_build.append(line)
        elif only_comments and _PLUS_BUILD.match(line):
            pending.append(line)
        in_block, code = _skip_comments(line, in_block)
        if code:
            break
    return go_build, plus_build


def _lines(data: bytes) -> Iterator[bytes]:
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 1


def _skip_comments(line: bytes, in_block: bool) -> tuple[bool, bool]:
    """Whether a block comment is open after ``line``, and whether it holds code."""
    while line:
        if in_block:
            _, closed, line = line.partition(b"*/")
            if not closed:
                return True, False
            in_block, line = False, line.strip()
        elif line.startswith(b"//"):
            return False, False
        elif line.startswith(b"/*"):
            in_block, line = True, line[2:]
        else:
            return False, True
    return in_block, False


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def _plus_word(word: str) -> Constraint:
    negated = word.startswith("!")
    tag = word.removeprefix("!")
    if not re.fullmatch(r"[\w.]+", tag):
        return lambda tags: False
    return (lambda tags: not tags(tag)) if negated else (lambda tags: tags(tag))


def _every(parts: list[Constraint]) -> Constraint:
    return lambda tags: all(part(tags) for part in parts)


def _any(parts: list[Constraint]) -> Constraint:
    return lambda tags: any(part(tags) for part in parts)


class _Parser:
    def __init__(self, expression: str) -> None:
        self.tokens = _tokens(expression)
        self.depth = 0

    def parse(self) -> Constraint:
        result = self.either()
        if self.tokens:
            raise MalformedConstraint(f"unexpected {self.tokens[-1]}")
        return result

    def either(self) -> Constraint:
        parts = [self.both()]
        while self.take("||"):
            parts.append(self.both())
        return _any(parts)

    def both(self) -> Constraint:
        parts = [self.single()]
        while self.take("&&"):
            parts.append(self.single())
        return _every(parts)

    def single(self) -> Constraint:
        if self.take("!"):
            if self.tokens and self.tokens[-1] == "!":
                raise MalformedConstraint("double negation")
            inner = self.single()
            return lambda tags: not inner(tags)
        if self.take("("):
            return self.group()
        if not self.tokens or self.tokens[-1] in ("||", "&&", ")"):
            raise MalformedConstraint("a tag is missing")
        tag = self.tokens.pop()
        return lambda tags: tags(tag)

    def group(self) -> Constraint:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise MalformedConstraint("nested too deeply")
        inner = self.either()
        if not self.take(")"):
            raise MalformedConstraint("a parenthesis is not closed")
        self.depth -= 1
        return inner

    def take(self, token: str) -> bool:
        if self.tokens and self.tokens[-1] == token:
            self.tokens.pop()
            return True
        return False


def _tokens(expression: str) -> list[str]:
    """Tokens in reverse, so that the next one is popped from the end."""
    tokens: list[str] = []
    position = 0
    while position < len(expression):
        match = _TOKEN.match(expression, position)
        if match is None:
            raise MalformedConstraint(f"unexpected {expression[position]!r}")
        if match["token"]:
            tokens.append(match["token"])
        position = match.end()
    return tokens[::-1]
