"""Where things stand in a Dockerfile: its stages, and the line behind a build step."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

STEP_KEYWORDS = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})
"""The instructions BuildKit shows as steps, besides a FROM that names an image."""

_FROM = re.compile(r"(?:--\S+\s+)*(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?", re.IGNORECASE)
_NATIVE = re.compile(r"--platform=\$(?:BUILDPLATFORM\b|\{BUILDPLATFORM\})")
_ARG = re.compile(r"\$\{?(?P<name>[A-Za-z_]\w*)\}?")
_KEYWORD = re.compile(r"\s*FROM\s+", re.IGNORECASE)
_SYNTAX = re.compile(r"#\s*syntax\s*=\s*(?P<frontend>\S+)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*\w+\s*=")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, continuation lines joined. ``line`` is its first line, from 1."""

    line: int
    keyword: str
    rest: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as BuildKit names it (``stage-1`` without a name), and the lines of its steps.

    ``has_image`` is False for ``scratch`` and for an earlier stage as base: then FROM is no step.
    """

    name: str
    has_image: bool
    steps: tuple[int, ...]


def instructions(text: str) -> list[Instruction]:
    """Every instruction in order; comments and empty lines are left out."""
    found: list[Instruction] = []
    joined, first = "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        first = first or number
        joined += line.removesuffix("\\").rstrip() + " "
        if not line.endswith("\\"):
            keyword, _, rest = joined.strip().partition(" ")
            found.append(Instruction(first, keyword.upper(), rest.strip()))
            joined, first = "", 0
    return found


def stages(text: str) -> list[Stage]:
    """The stages in order."""
    found: list[Stage] = []
    for instruction in instructions(text):
        if instruction.keyword == "FROM":
            found.append(_stage(instruction, found))
        elif found and instruction.keyword in STEP_KEYWORDS:
            last = found[-1]
            found[-1] = replace(last, steps=(*last.steps, instruction.line))
    return found


def line_of(text: str, stage: str, number: int) -> int:
    """The line of a stage's step number (from 1), 0 when there is none."""
    steps = next((found.steps for found in stages(text) if found.name == stage), ())
    return steps[number - 1] if 0 < number <= len(steps) else 0


def frontend(text: str) -> str | None:
    """The image named by a ``# syntax=`` line."""
    for line in _directives(text):
        if match := _SYNTAX.match(line):
            return match["frontend"]
    return None


def without_frontend(text: str) -> str:
    """The text with its ``# syntax=`` line made empty, so that line numbers stay."""
    head = _directives(text)
    kept = ["" if _SYNTAX.match(line) else line for line in head]
    return "\n".join([*kept, *text.split("\n")[len(head) :]])


def native_bases(text: str) -> frozenset[str]:
    """The images that are only ever needed for the platform that builds, ARGs replaced by their defaults."""
    values: dict[str, str] = {}
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for instruction in instructions(text):
        if instruction.keyword == "ARG" and not any(named.values()):
            name, _, value = instruction.rest.partition("=")
            values[name.strip()] = value.strip().strip("\"'")
        elif instruction.keyword == "FROM":
            base = _ARG.sub(lambda match: values.get(match["name"], match[0]), base_of(instruction.rest))
            named[bool(_NATIVE.match(instruction.rest))].add(base)
    return frozenset(named[True] - named[False])


def with_platform(text: str, platform: str) -> str:
    """The text with ``platform`` in every FROM of an image that names none. Line numbers stay."""
    lines = text.split("\n")
    starts = {stage.steps[0] for stage in stages(text) if stage.has_image}
    for instruction in instructions(text):
        if instruction.line in starts and not instruction.rest.startswith("--platform"):
            at = instruction.line - 1
            lines[at] = _KEYWORD.sub(rf"\g<0>--platform={platform} ", lines[at], count=1)
    return "\n".join(lines)


def _directives(text: str) -> list[str]:
    """The leading lines that may be parser directives: they end at the first other line."""
    lines = text.split("\n")
    count = next((i for i, line in enumerate(lines) if not _DIRECTIVE.match(line.strip())), len(lines))
    return lines[:count]


def base_of(rest: str) -> str:
    """The base in what follows FROM: no flags, no name."""
    match = _FROM.match(rest)
    return match["base"] if match else ""


def _stage(instruction: Instruction, earlier: list[Stage]) -> Stage:
    match = _FROM.match(instruction.rest)
    name = (match["name"] if match else None) or f"stage-{len(earlier)}"
    base = base_of(instruction.rest).lower()
    has_image = base != "scratch" and base not in {stage.name for stage in earlier}
    return Stage(name.lower(), has_image, (instruction.line,) if has_image else ())
