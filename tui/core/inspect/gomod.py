"""Reads go.mod and go.work: lines, blocks, quoted paths and comments, as cmd/go does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?P<comment>//.*)
      | (?P<quoted>"(?:[^"\\]|\\.)*"|`[^`]*`)
      | (?P<mark>=>|[()\[\],{}])
      | (?P<word>(?:(?!//)[^\s()\[\],{}"`])+)""",
    re.VERBOSE,
)
_VERSION = re.compile(r"[1-9][0-9]*\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?")
_MOD_VERBS = {
    "module", "go", "toolchain", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore",
}  # fmt: skip
_ONCE = frozenset({"module", "go", "toolchain"})
_WORK_VERBS = {"go", "toolchain", "godebug", "use", "replace"}


class Line(NamedTuple):
    """One directive: ``require a v1`` and a line inside ``require ( … )`` look the same here."""

    verb: str
    args: tuple[str, ...]
    number: int
    comment: str = ""


class Require(NamedTuple):
    """A required module; ``indirect`` when its comment says so."""

    path: str
    version: str
    line: int
    indirect: bool


class Replace(NamedTuple):
    """``old => new``. A replacement without a version is a folder."""

    old: str
    new: str
    new_version: str
    line: int

    @property
    def local(self) -> bool:
        """True when the replacement is a folder."""
        return not self.new_version


class GoMod(NamedTuple):
    """go.mod. Lines are 1-based, 0 where the directive is absent.

    ``go`` and ``toolchain`` are versions without a ``go`` before them. ``ignored`` are the folders
    of ``ignore`` directives. ``malformed`` are the numbers of lines that cmd/go would refuse.
    """

    module: str = ""
    module_line: int = 0
    go: str | None = None
    go_line: int = 0
    toolchain: str | None = None
    toolchain_line: int = 0
    requires: tuple[Require, ...] = ()
    replaces: tuple[Replace, ...] = ()
    ignored: tuple[str, ...] = ()
    malformed: tuple[int, ...] = ()


class Use(NamedTuple):
    """A folder of a ``use`` directive, as written."""

    path: str
    line: int


class GoWork(NamedTuple):
    """go.work: the version of its ``go`` line, its modules' folders and its replacements."""

    go: str | None = None
    go_line: int = 0
    uses: tuple[Use, ...] = ()
    replaces: tuple[Replace, ...] = ()


def parse_mod(data: bytes) -> GoMod:
    """Reads go.mod. Nothing in ``data`` makes it fail: what is not understood is ``malformed``."""
    lines = list(_lines(data))
    module = _first(lines, "module", bool)
    go = _first(lines, "go", _is_version)
    toolchain = _first(lines, "toolchain", lambda value: _is_version(_toolchain_version(value)))
    return GoMod(
        module=module.args[0] if module else "",
        module_line=module.number if module else 0,
        go=go.args[0] if go else None,
        go_line=go.number if go else 0,
        toolchain=_toolchain_version(toolchain.args[0]) if toolchain else None,
        toolchain_line=toolchain.number if toolchain else 0,
        requires=tuple(
            Require(
                line.args[0], line.args[1], line.number, line.comment.partition(";")[0].strip() == "indirect"
            )
            for line in lines
            if line.verb == "require" and len(line.args) == 2
        ),
        replaces=tuple(_replaces(lines)),
        ignored=tuple(line.args[0] for line in lines if line.verb == "ignore" and len(line.args) == 1),
        malformed=tuple(_malformed(data, lines)),
    )


def parse_work(data: bytes) -> GoWork:
    """Reads go.work, as forgiving as ``parse_mod``."""
    lines = [line for line in _lines(data) if line.verb in _WORK_VERBS]
    go = _first(lines, "go", _is_version)
    return GoWork(
        go=go.args[0] if go else None,
        go_line=go.number if go else 0,
        uses=tuple(Use(x.args[0], x.number) for x in lines if x.verb == "use" and len(x.args) == 1),
        replaces=tuple(_replaces(lines)),
    )


def _lines(data: bytes) -> Iterator[Line]:
    block = ""
    for number, text in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        tokens, comment = _tokens(text)
        if not tokens:
            continue
        if block and tokens == [")"]:
            block = ""
        elif block:
            yield Line(block, tuple(tokens), number, comment)
        elif len(tokens) == 2 and tokens[1] == "(":
            block = tokens[0]
        elif len(tokens) == 3 and tokens[1:] == ["(", ")"]:
            continue
        else:
            yield Line(tokens[0], tuple(tokens[1:]), number, comment)


def _tokens(text: str) -> tuple[list[str], str]:
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "comment":
            return tokens, match[0][2:].strip()
        tokens.append(_unquoted(match[0]) if match.lastgroup == "quoted" else match[0])
    return tokens, ""


def _unquoted(token: str) -> str:
    inner = token[1:-1]
    return inner if token[0] == "`" else re.sub(r"\\(.)", r"\1", inner)


def _first(lines: list[Line], verb: str, valid: Callable[[str], bool]) -> Line | None:
    return next((x for x in lines if x.verb == verb and len(x.args) == 1 and valid(x.args[0])), None)


def _is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None


def _toolchain_version(text: str) -> str:
    return text.removeprefix("go").partition("-")[0]


def _replaces(lines: list[Line]) -> Iterator[Replace]:
    for line in lines:
        if line.verb != "replace" or "=>" not in line.args:
            continue
        arrow = line.args.index("=>")
        old, new = line.args[:arrow], line.args[arrow + 1 :]
        if len(old) in (1, 2) and len(new) in (1, 2):
            yield Replace(old[0], new[0], new[1] if len(new) == 2 else "", line.number)


def _malformed(data: bytes, lines: list[Line]) -> Iterator[int]:
    """The lines Go refuses: a byte order mark too, and a second statement of what stands there once."""
    seen: set[str] = set()
    if data.startswith(b"\xef\xbb\xbf"):
        yield 1
    for line in lines:
        if line.verb in seen or not _well_formed(line, _MOD_VERBS):
            yield line.number
        if line.verb in _ONCE:
            seen.add(line.verb)


def _well_formed(line: Line, verbs: set[str]) -> bool:
    if line.verb not in verbs:
        return False
    match line.verb:
        case "go":
            return len(line.args) == 1 and _is_version(line.args[0])
        case "module" | "toolchain" | "tool" | "ignore":
            return len(line.args) == 1
        case "require" | "exclude":
            return len(line.args) == 2
        case "replace":
            return "=>" in line.args
    return True
