"""The variables of the environment that fill the fields of structs, by their tags and their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.inspect import facts, members
from tui.core.inspect.code import Member
from tui.core.inspect.program import Program
from tui.core.inspect.values import Values
from tui.core.project import EnvVariable, Evidence

_PREFIX_TAGS = ("envPrefix", "env-prefix")
_PREFIX = re.compile(r",\s*prefix=(\w+)")
_DEEPEST, _MOST = 5, 200
_WORD = re.compile(r"(?<=[^A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^A-Z])")


def find(program: Program) -> Iterator[EnvVariable]:
    """Those that tags name, below the prefixes of the structs around them, and envconfig's by name."""
    program.search(r'\benv(?:Prefix|-prefix)?:"|\benvconfig:"', name="env")
    for member in list(program.members.values()):
        if name := members.variable(member):
            for prefix in sorted(_prefixes(program, member.struct, 0)):
                yield _variable(f"{prefix}{name}", member)
    named = facts.environment().structs
    program.words(named)
    for call, scope in list(program.calls):
        if facts.unversioned_name(call.name) in named and len(call.args) == 2:
            values = Values(program)
            if stems := values.of(call.args[0], scope):
                yield from _named(program, values.origin(call.args[1], scope), stems[0].text, 0)


def _prefixes(program: Program, struct: str, depth: int) -> set[str]:
    holders = [m for m in program.members.values() if m.kind == struct] if depth < _DEEPEST else []
    found = {above + _prefix(m) for m in holders for above in _prefixes(program, m.struct, depth + 1)}
    return found if 0 < len(found) <= _MOST else {""}


def _prefix(member: Member) -> str:
    given = _PREFIX.search(member.tags.get("env", ""))
    return given[1] if given else next((member.tags[t] for t in _PREFIX_TAGS if t in member.tags), "")


def _named(program: Program, struct: str, stem: str, depth: int) -> Iterator[EnvVariable]:
    """kelseyhightower/envconfig: ``STEM_FIELD``, and ``STEM_STRUCT_FIELD`` for a struct in it."""
    fields = _fields(program, struct) if depth < _DEEPEST else []
    for member in fields:
        if not member.name[:1].isupper() or member.tags.get("ignored") == "true":
            continue
        given, name = members.variable(member), member.name
        if member.tags.get("split_words") == "true":
            name = _WORD.sub("_", name)
        key = "_".join(filter(None, [stem, given or name])).upper()
        if member.kind and _fields(program, member.kind):
            inner = stem if member.is_embedded and not given else key
            yield from _named(program, member.kind, inner, depth + 1)
        elif not given:  # what a tag names counts without the stem too
            yield _variable(key, member)


def _fields(program: Program, struct: str) -> list[Member]:
    package, _, name = struct.rpartition(".")
    if package not in program.packages:
        return []
    program.search(rf"\b{re.escape(name)}\s+struct\b", packages=(package,), name=name)
    return [member for member in program.members.values() if member.struct == struct]


def _variable(name: str, member: Member) -> EnvVariable:
    evidence = Evidence(member.scope.file, member.line, f"the field {member.name}")
    return EnvVariable(name, members.default(member), evidence)
