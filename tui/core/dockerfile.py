"""The text of a Dockerfile: its instructions, its front end, and the variables in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

_FROM = re.compile(r"(?:--\S+\s+)*(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?", re.IGNORECASE)
_NATIVE = re.compile(r"--platform=\$(?:BUILDPLATFORM\b|\{BUILDPLATFORM\})")
_VARIABLE = re.compile(
    r"\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<default>[^${}]*))?\})"
)
_LONGEST_VALUE = 300
_SYNTAX = re.compile(r"#\s*syntax\s*=\s*(?P<frontend>\S+)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*\w+\s*=")
_ESCAPE = re.compile(r"#\s*escape\s*=\s*(?P<escape>[\\`])$", re.IGNORECASE)
_CONTINUED = {"\\": re.compile(r"(?<!\\)\\[ \t\r]*$"), "`": re.compile(r"(?<!`)`[ \t\r]*$")}
_WITH_HEREDOC = frozenset({"RUN", "COPY", "ADD"})
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+')++""")
_HEREDOC = re.compile(r"\d*<<(?P<dash>-?)(?P<name>[^<]+)")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, continuation lines joined. ``line`` is its first line, from 1.

    ``body`` are the lines of its here-documents.
    """

    line: int
    keyword: str
    rest: str
    body: str = ""


def instructions(text: str) -> list[Instruction]:
    """Every instruction in order, as BuildKit's parser reads it; comments and empty lines are left out."""
    continued = _CONTINUED[_escape(text)]
    found: list[Instruction] = []
    parts: list[str] = []
    first = 0
    lines = enumerate(text.removeprefix("\ufeff").split("\n"), 1)
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        first = first or number
        match = continued.search(line)
        parts.append(line[: match.start()] if match else line)
        if not match:
            found.append(_instruction(_joined(parts), first, lines))
            parts, first = [], 0
    if first:
        found.append(_instruction(_joined(parts), first, lines))
    return [instruction for instruction in found if instruction.keyword]


def _joined(parts: list[str]) -> str:
    """The parts of a continued line, with one space where there was some between them."""
    pieces = [parts[0].strip()]
    for before, part in pairwise(parts):
        spaced = before[-1:].isspace() or part[:1].isspace()
        pieces.append(f"{' ' * spaced}{part.strip()}")
    return "".join(pieces)


def _instruction(joined: str, first: int, lines: Iterator[tuple[int, str]]) -> Instruction:
    """The instruction of a joined line. Takes the lines of its here-documents."""
    keyword, rest = (*joined.split(maxsplit=1), "", "")[:2]
    taker = rest.partition(" ")[0] if keyword.upper() == "ONBUILD" else keyword
    body: list[str] = []
    if taker.upper() in _WITH_HEREDOC and "<<" in rest:
        for match in filter(None, map(_HEREDOC.fullmatch, _WORD.findall(rest))):
            name = match["name"].strip("\"'")
            for _, line in lines:
                if (line.lstrip("\t") if match["dash"] else line).rstrip("\r") == name:
                    break
                body.append(line)
    return Instruction(first, keyword.upper(), rest.strip(), "\n".join(body))


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
    named: dict[bool, set[str]] = {True: set(), False: set()}
    read = instructions(text)
    values = global_arguments(read)
    for instruction in read:
        if instruction.keyword == "FROM":
            named[bool(_NATIVE.match(instruction.rest))].add(expanded(base_of(instruction.rest), values))
    return frozenset(named[True] - named[False])


def global_arguments(read: Iterable[Instruction]) -> dict[str, str]:
    """The defaults of the ARGs before the first FROM."""
    values: dict[str, str] = {}
    for instruction in read:
        if instruction.keyword == "FROM":
            break
        if instruction.keyword == "ARG":
            name, _, value = instruction.rest.partition("=")
            values[name.strip()] = value.strip().strip("\"'")
    return values


def expanded(text: str, values: Mapping[str, str]) -> str:
    """``$NAME``, ``${NAME}`` and ``${NAME:-default}`` replaced; what has no value stays as it is.

    A value is cut where no reference, name or port is as long: repeated it would fill the memory.
    """

    def value(match: re.Match[str]) -> str:
        found = values.get(match["name"] or match["braced"], "")[:_LONGEST_VALUE]
        return found or (match[0] if match["default"] is None else match["default"])

    return _VARIABLE.sub(value, text)


def _directives(text: str) -> list[str]:
    """The leading lines that may be parser directives: they end at the first other line."""
    lines = text.removeprefix("\ufeff").split("\n")
    count = next((i for i, line in enumerate(lines) if not _DIRECTIVE.match(line.strip())), len(lines))
    return lines[:count]


def _escape(text: str) -> str:
    """The character that continues a line."""
    matches = (_ESCAPE.match(line.strip()) for line in _directives(text))
    return next((match["escape"] for match in matches if match), "\\")


def base_of(rest: str) -> str:
    """The base in what follows FROM: no flags, no name."""
    match = _FROM.match(rest)
    return match["base"] if match else ""


def name_of(rest: str) -> str:
    """The stage's name in what follows FROM, in small letters; "" for none."""
    match = _FROM.match(rest)
    return (match["name"] or "").lower() if match else ""
