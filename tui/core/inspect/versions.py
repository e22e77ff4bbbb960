"""Which string variables of a program -ldflags "-X …" can set to its version, commit and date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tui.core.inspect import facts, syntax
from tui.core.inspect.facts.places import Versions
from tui.core.inspect.files import Reader
from tui.core.inspect.packages import Package
from tui.core.project import NAME, Evidence, Variable

if TYPE_CHECKING:
    from tree_sitter import Node

# Go's import paths, of those the ones that need no quoting in -ldflags.
_PATH = re.compile(r"[\w./~-]{1,200}", re.ASCII)


class _Found(NamedTuple):
    order: tuple[int, bool, int]
    variable: Variable


def find(packages: Iterable[Package], reader: Reader) -> tuple[Variable, ...]:
    """Those of the main package first; in each, those whose value only waits to be replaced."""
    table = facts.versions()
    expression = re.compile(
        rb"(?im)^\s*(?:var\s+)?(?:\w+\s*,\s*)*(\w*(?:" + "|".join(_stems(table)).encode() + rb")\w*)"
    )
    found: list[_Found] = []
    for number, package in enumerate(package for package in packages if package.own):
        is_main = number == 0
        if not is_main and package.path.rpartition("/")[2] not in table.packages:
            continue
        prefix = "main" if is_main else package.path
        for file in package.files:
            data = reader.read(file.path)
            if data is not None and expression.search(data) and _PATH.fullmatch(prefix):
                found += _variables(syntax.parse(data), file.path, prefix, number)
    return tuple(entry.variable for entry in sorted(found, key=lambda entry: entry.order))


def _stems(table: Versions) -> Iterator[str]:
    """The shortest names: every other holds one of them, with or without underscores."""
    for name in table.names:
        if not any(other in name for other in table.names if other != name):
            yield name


def _variables(root: Node, file: str, prefix: str, number: int) -> Iterator[_Found]:
    table = facts.versions()
    for spec in _specs(root):
        values = spec.child_by_field_name("value")
        kind = spec.child_by_field_name("type")
        literals = [syntax.string(value) for value in values.named_children] if values else []
        if not (literals or syntax.text(kind) == "string") or (kind and syntax.text(kind) != "string"):
            continue
        for place, name in enumerate(spec.children_by_field_name("name")):
            value = literals[place] if place < len(literals) else None if literals else ""
            plain = syntax.text(name).replace("_", "").lower()
            if value is not None and plain in table.names and syntax.text(name).isascii():
                shown = (
                    f'var {syntax.text(name)} = "{value[:40]}"'
                    if value
                    else f"var {syntax.text(name)} string"
                )
                waits = value.lower() in table.placeholders
                yield _Found(
                    (number, not waits, table.names.index(plain)),
                    Variable(f"{prefix}.{syntax.text(name)}", Evidence(file, syntax.line(name), shown, NAME)),
                )


def _specs(root: Node) -> Iterator[Node]:
    """The variables of the package itself."""
    for declaration in root.children:
        if declaration.type == "var_declaration":
            for child in declaration.named_children:
                yield from child.named_children if child.type == "var_spec_list" else [child]
