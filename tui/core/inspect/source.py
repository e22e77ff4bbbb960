"""One Go file as a package sees it: its clause, imports, constraint, func main and embeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tui.core.inspect import buildtags, constraints, head, syntax

if TYPE_CHECKING:
    from tree_sitter import Node

# Where this is not, a file's body need not be parsed; where it is, the tree decides.
_MAIN = re.compile(rb"func\s+main\s*\(")
_DIRECTIVE = re.compile(r"//go:embed[ \t]+(.*)")
_EMBED_PATTERN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\S+')


class NotGo(ValueError):
    """The file has no package clause that parses."""


class NotText(ValueError):
    """The file is not UTF-8, or holds a zero byte: Go refuses it."""


class Import(NamedTuple):
    """``name`` is the name given in the import, empty without one."""

    path: str
    name: str
    line: int


class EmbedPattern(NamedTuple):
    """One pattern of a ``//go:embed`` line, without its quotes."""

    pattern: str
    line: int


class GoFile(NamedTuple):
    """``path`` is relative to the project; ``package`` is the clause's name.

    ``main`` is the line of ``func main`` in a package main and ``imports_c`` that of ``import "C"``, 0
    without one. ``everywhere`` is True for what Go compiles on every platform.
    """

    path: str
    package: str
    imports: tuple[Import, ...]
    constraint: constraints.Constraint | None = None
    main: int = 0
    embeds: tuple[EmbedPattern, ...] = ()
    imports_c: int = 0
    everywhere: bool = False

    def included(self, target: buildtags.Target) -> bool:
        """Whether Go compiles this file for ``target``."""
        if self.everywhere:
            return True
        if self.imports_c and not target.cgo:
            return False
        name = self.path.rpartition("/")[2]
        return buildtags.name_matches(name, target) and (self.constraint is None or self.constraint(target))


def read(path: str, data: bytes) -> GoFile:
    """Reads a file's head, and its body only where a func main or an embed can be.

    Raises NotGo, NotText, and constraints.MalformedConstraint.
    """
    text = _text(data)
    if text is None:
        raise NotText(path)
    constrained = b"go:build" in data or b"+build" in data
    constraint = constraints.file_constraint(data) if constrained else None
    top = head.read(text)
    if not top.package:
        raise NotGo(path)
    imports = tuple(_imports(top, text))
    may_embed = b"//go:embed" in data and any(i.path == "embed" for i in imports)
    may_start = top.package == "main" and _MAIN.search(data) is not None
    root = syntax.parse(data) if may_embed or may_start else None
    c_line = next((i.line for i in imports if i.path == "C"), 0)
    return GoFile(
        path,
        top.package,
        imports,
        constraint,
        _func_main(root) if root and may_start else 0,
        tuple(_embeds(root)) if root and may_embed else (),
        c_line,
        not c_line and constraint is None and "_" not in path.rpartition("/")[2],
    )


def _imports(top: head.Head, text: str) -> Iterator[Import]:
    line, counted = 1, 0
    for spec in top.imports:
        line += text.count("\n", counted, spec.start)
        counted = spec.start
        if path := syntax.unquoted(spec.path):
            yield Import(path, spec.name, line)


def _func_main(root: Node) -> int:
    for node in root.children:
        if node.type == "function_declaration" and syntax.text(node.child_by_field_name("name")) == "main":
            parameters = node.child_by_field_name("parameters")
            result = node.child_by_field_name("result")
            if parameters is not None and not parameters.named_children and result is None:
                return syntax.line(node)
    return 0


def _embeds(root: Node) -> list[EmbedPattern]:
    patterns = []
    for comment in syntax.find(root, "(comment) @comment").get("comment", []):
        directive = _DIRECTIVE.match(syntax.text(comment))
        if directive:
            line = syntax.line(comment)
            found = _EMBED_PATTERN.findall(directive[1])
            patterns += [EmbedPattern(_bare(pattern), line) for pattern in found]
    return patterns


def _bare(pattern: str) -> str:
    return pattern[1:-1] if pattern[0] in '"`' and len(pattern) > 1 else pattern


def _text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.removeprefix("\ufeff")
