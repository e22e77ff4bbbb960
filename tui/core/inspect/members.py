"""The fields of structs, and what their tags say: defaults, names of flags and of variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.core.inspect import syntax
from tui.core.inspect.code import Member, Scope
from tui.core.inspect.names import Names

if TYPE_CHECKING:
    from tree_sitter import Node

ENV_TAGS = ("env", "envconfig")
"""Tags of caarlos0/env, kelseyhightower/envconfig, cleanenv and kong, read 2026-11."""

FILE_TAGS = ("yaml", "json", "toml", "mapstructure", "koanf")
"""Tags that name a field in a configuration file."""

_DEFAULT_TAGS = ("default", "envDefault", "env-default")
_NAME_TAGS = ("env", "envconfig", "flag", "long", "mapstructure")
_TAG = re.compile(r'([\w-]+):"((?:[^"\\]|\\.)*)"')


def read(node: Node, names: Names, scope: Scope) -> Iterator[Member]:
    """Those of one declaration: ``Host, Port string`` are two."""
    given = node.child_by_field_name("type")
    kind, struct = names.type(given), f"{names.package}.{_struct_name(node)}"
    if given is not None and given.type == "struct_type" and not kind:
        kind = f"{names.package}.{syntax.text(node.child_by_field_name('name'))}"
    tag = node.child_by_field_name("tag")
    tags = dict(_TAG.findall(syntax.string(tag) or "")) if tag is not None else {}
    line = syntax.line(node)
    declared = [syntax.text(name) for name in node.children_by_field_name("name")]
    for name in declared:
        yield Member(struct, name, kind, tags, scope, line)
    if kind and not declared:
        yield Member(struct, kind.rpartition(".")[2], kind, tags, scope, line, is_embedded=True)


def default(member: Member) -> str | None:
    """The default its tag gives it, None without one."""
    return next((member.tags[name] for name in _DEFAULT_TAGS if name in member.tags), None)


def shown_name(member: Member) -> str:
    """What a person knows the field by."""
    return next((member.tags[key] for key in _NAME_TAGS if member.tags.get(key)), member.name)


def variable(member: Member) -> str:
    """The variable of the environment that its tag names, without the prefix of the struct."""
    return next((member.tags[name].partition(",")[0] for name in ENV_TAGS if member.tags.get(name)), "")


def _struct_name(node: Node) -> str:
    """The name of the type or field whose struct a field declaration stands in."""
    above = node.parent
    while above is not None and above.type not in ("type_spec", "field_declaration"):
        above = above.parent
    return syntax.text(above.child_by_field_name("name")) if above is not None else ""
