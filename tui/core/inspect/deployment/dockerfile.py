"""What an existing Dockerfile says: its base, user, ports, how the program is built, started and asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tui.core.dockerfile import Instruction, base_of, expanded, instructions
from tui.core.inspect.deployment import commands
from tui.core.project import Evidence, Stated

BY = "Dockerfile"

_CREATED = re.compile(r"\b(?:useradd|adduser)\b([^&|;\n]*)")
_NUMBER = re.compile(r"(?:-u|--uid)[ =][\"']?([0-9]{1,10})\b")


def read(data: bytes, name: str, module: str) -> Iterator[Stated]:
    """The statements of its last stage and of the stages that is made from, in their order.

    What holds a variable without a default is passed over.
    """
    text = data.decode("utf-8", "replace")
    values: dict[str, str] = {}
    stages: list[list[Instruction]] = []
    names: dict[str, int] = {}
    for found in instructions(text):
        if found.keyword in ("ARG", "ENV"):
            values |= _assigned(found.rest, spaced=found.keyword == "ENV")
        if found.keyword == "FROM":
            _, _, alias = found.rest.upper().rpartition(" AS ")
            names[(alias if alias != found.rest.upper() else str(len(stages))).strip().lower()] = len(stages)
            stages.append([])
        if stages:
            stages[-1].append(replace(found, rest=expanded(found.rest, values)))
    if not stages:
        return
    chain, base = _chain(stages, names)
    yield Stated("base", (base_of(base.rest),), Evidence(name, base.line, f"FROM {base.rest}"), BY)
    yield from _final(chain, name)
    program, _ = commands.started(_words(chain))
    for stage in stages:
        yield from _builds(stage, name, module, program)


def _chain(stages: list[list[Instruction]], names: dict[str, int]) -> tuple[list[Instruction], Instruction]:
    """The instructions that make the last stage, from its first ancestor on, and that one's FROM."""
    place = len(stages) - 1
    chain = stages[place]
    base = chain[0]
    while (earlier := names.get(base_of(base.rest).lower(), place)) < place:
        place = earlier
        chain = stages[place] + chain
        base = stages[place][0]
    return chain, base


def _final(chain: list[Instruction], name: str) -> Iterator[Stated]:
    last = {found.keyword: found for found in chain}
    for found in chain:
        if found.keyword == "EXPOSE":
            for port in found.rest.split():
                yield Stated("port", (port,), Evidence(name, found.line, f"EXPOSE {port}"), BY)
        elif found.keyword == "ENV":
            for variable, value in _assigned(found.rest, spaced=True).items():
                yield Stated("env", (variable, value), Evidence(name, found.line, f"ENV {variable}"), BY)
    if user := last.get("USER"):
        yield Stated("user", (_ids(chain, user.rest),), Evidence(name, user.line, f"USER {user.rest}"), BY)
    program, args = commands.started(_words(chain))
    start = last.get("CMD") or last.get("ENTRYPOINT")
    if start and args:
        shown = f"{start.keyword} {start.rest}"
        yield Stated("args", args, Evidence(name, start.line, shown), BY)
    check = last.get("HEALTHCHECK")
    if check:
        _, _, command = check.rest.partition("CMD ")
        how = commands.asked(commands.words(command.strip()) or command.split(), program)
        yield Stated("health", (how,), Evidence(name, check.line, f"HEALTHCHECK {check.rest}"), BY)


def _ids(chain: list[Instruction], user: str) -> str:
    """The number an earlier step gave a user by name, ``useradd -u 10001 app``; else what stands there."""
    for step in chain:
        for created in _CREATED.findall(step.rest) if step.keyword == "RUN" else ():
            number = _NUMBER.search(created)
            if number and created.split()[-1].strip("\"'") == user.partition(":")[0]:
                return number[1]
    return user


def _words(chain: list[Instruction]) -> list[str]:
    """What the image starts: ENTRYPOINT and CMD; a shell form ENTRYPOINT takes no CMD."""
    last = {found.keyword: found.rest for found in chain}
    entry, command = last.get("ENTRYPOINT", ""), last.get("CMD", "")
    if entry and not entry.startswith("["):
        return commands.words(entry)
    return [*commands.words(entry), *commands.words(command)]


def _builds(stage: list[Instruction], name: str, module: str, program: str) -> Iterator[Stated]:
    """Where several programs are built, the one that starts comes first."""
    found: list[tuple[bool, Stated]] = []
    for step in stage:
        if step.keyword == "RUN":
            for package, output in commands.built(f"{step.rest}\n{step.body}", module):
                evidence = Evidence(name, step.line, f"go build {package}")
                found.append((output != program, Stated("main", (package,), evidence, BY)))
    yield from (stated for _, stated in sorted(found, key=lambda pair: pair[0]))


def _assigned(rest: str, *, spaced: bool) -> dict[str, str]:
    """``A=1 B=2``; ENV also takes ``A 1``."""
    name, _, value = rest.partition(" ")
    if spaced and "=" not in name:
        return {name: value.strip()}
    pairs = (word.partition("=") for word in commands.words(rest) or rest.split())
    return {name: value for name, equals, value in pairs if equals}
