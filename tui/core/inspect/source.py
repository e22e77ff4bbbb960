"""One Go file as a package sees it: its clause, imports, constraint, func main and embeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tui.core.inspect import buildtags, syntax

if TYPE_CHECKING:
    from tree_sitter import Node

# Where these are not, a file's body need not be parsed; where they are, the tree decides.
_IN_BODY = re.compile(rb"func\s+main\s*\(|//go:embed[ \t]")
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

    ``main`` is the line of ``func main`` in a package main, 0 without one.
    """

    path: str
    package: str
    imports: tuple[Import, ...]
    constraint: buildtags.Constraint | None = None
    main: int = 0
    embeds: tuple[EmbedPattern, ...] = ()

    def included(self, target: buildtags.Target) -> bool:
        """Whether Go compiles this file for ``target``."""
        if self.imports_c and not target.cgo:
            return False
        name = self.path.rpartition("/")[2]
        return buildtags.name_matches(name, target) and (self.constraint is None or self.constraint(target))

    @property
    def imports_c(self) -> int:
        """The line of ``import "C"``, 0 without one."""
        return next((i.line for i in self.imports if i.path == "C"), 0)


def read(path: str, data: bytes) -> GoFile:
    """Reads a file's head, and its body only where a func main or an embed can be.

    Raises NotGo, NotText, and buildtags.MalformedConstraint.
    """
    if not _is_text(data):
        raise NotText(path)
    constraint = buildtags.file_constraint(data)
    whole = _IN_BODY.search(data) is not None
    root = syntax.parse(data if whole else _head(data))
    if root.has_error and not whole:
        root = syntax.parse(data)
    clause = next((n for n in root.children if n.type == "package_clause"), None)
    names = clause.named_children if clause else []
    package = next((syntax.text(n) for n in names if n.type == "package_identifier"), "")
    if not package:
        raise NotGo(path)
    imports = tuple(_imports(root))
    embeds = tuple(_embeds(root)) if whole and any(i.path == "embed" for i in imports) else ()
    main = _func_main(root) if whole and package == "main" else 0
    return GoFile(path, package, imports, constraint, main, embeds)


def _head(data: bytes) -> bytes:
    """Up to the first function: imports come before every other declaration."""
    end = data.find(b"\nfunc ")
    return data if end < 0 else data[:end]


def _imports(root: Node) -> list[Import]:
    specs: list[Node] = []
    for node in root.children:
        if node.type == "import_declaration":
            for child in node.named_children:
                specs += child.named_children if child.type == "import_spec_list" else [child]
    imports = []
    for spec in specs:
        path = spec.child_by_field_name("path")
        value = syntax.string(path) if path else None
        if value:
            imports.append(Import(value, syntax.text(spec.child_by_field_name("name")), syntax.line(spec)))
    return imports


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


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
