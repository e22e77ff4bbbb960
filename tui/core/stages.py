"""The stages of a Dockerfile: variables filled in, ancestors known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tui.core.dockerfile import Instruction, base_of, expanded, global_arguments, instructions, name_of

STEP_KEYWORDS = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})
"""The instructions BuildKit shows as steps, besides a FROM that names an image."""

_STARTED = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK"})
_PAIR = re.compile(r"""([A-Za-z_][\w.-]*)=((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+')*+)""")
_KEYWORD = re.compile(r"\s*FROM\s+", re.IGNORECASE)
_QUOTES = re.compile(r"""["']|\\(.)""")


@dataclass(slots=True)
class Stage:
    """``name`` is BuildKit's, ``stage-1`` without one in the file. ``base`` is an image reference, or the
    name of an earlier stage, which ``parent`` then is.

    ``root`` is the ancestor that starts from an image, ``environment`` what ENV has set at the end.
    """

    name: str
    line: int
    base: str
    parent: Stage | None
    steps: list[Instruction] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    root: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.parent.root if self.parent else self

    @property
    def has_image(self) -> bool:
        """Whether it starts from an image: from nothing, or from an earlier stage, FROM is no step."""
        return self.parent is None and self.base.lower() != "scratch"

    @property
    def lines(self) -> list[int]:
        """The lines of what BuildKit shows as steps."""
        own = [step.line for step in self.steps if step.keyword in STEP_KEYWORDS]
        return [self.line, *own] if self.has_image else own

    def chain(self) -> Iterator[Instruction]:
        """The steps of its ancestors, the furthest first, then its own."""
        stages = [self]
        while parent := stages[-1].parent:
            stages.append(parent)
        for stage in reversed(stages):
            yield from stage.steps


def read(text: str) -> list[Stage]:
    """The stages in order. Variables have the defaults of the Dockerfile; unknown ones stay as they are."""
    found: list[Stage] = []
    named: dict[str, Stage] = {}
    listed = instructions(text)
    outside = global_arguments(listed)
    arguments: dict[str, str] = {}
    for step in listed:
        if step.keyword == "FROM":
            base = expanded(base_of(step.rest), outside)
            parent = named.get(base.lower())
            name = name_of(step.rest) or f"stage-{len(found)}"
            stage = Stage(name, step.line, base, parent)
            stage.environment |= parent.environment if parent else {}
            named[name] = stage
            found.append(stage)
            arguments = {}
        elif found:
            stage = found[-1]
            # What the container starts runs without the build's arguments.
            known = stage.environment if step.keyword in _STARTED else arguments | stage.environment
            filled = expanded(step.rest, known)
            if step.keyword == "ARG":
                arguments |= _arguments(filled, outside)
            elif step.keyword == "ENV":
                stage.environment |= assigned(filled)
            stage.steps.append(Instruction(step.line, step.keyword, filled, step.body))
    return found


def line_of(text: str, stage: str, number: int) -> int:
    """The line of a stage's step number (from 1), 0 when there is none."""
    lines = next((found.lines for found in read(text) if found.name == stage), [])
    return lines[number - 1] if 0 < number <= len(lines) else 0


def with_platform(text: str, platform: str) -> str:
    """The text with ``platform`` in every FROM of an image that names none. Line numbers stay."""
    lines = text.split("\n")
    starts = {stage.line for stage in read(text) if stage.has_image}
    for instruction in instructions(text):
        if instruction.line in starts and not instruction.rest.startswith("--platform"):
            at = instruction.line - 1
            lines[at] = _KEYWORD.sub(rf"\g<0>--platform={platform} ", lines[at], count=1)
    return "\n".join(lines)


def assigned(rest: str) -> dict[str, str]:
    """What ENV sets: ``A=1 B="x y"``, or ``A x y``."""
    name, _, value = rest.partition(" ")
    if "=" not in name:
        return {name: value.strip()}
    return {name: _QUOTES.sub(lambda match: match[1] or "", value) for name, value in _PAIR.findall(rest)}


def _arguments(rest: str, outside: Mapping[str, str]) -> dict[str, str]:
    """``ARG A=1``, and ``ARG A`` with a default before the first FROM."""
    given = {name: outside[name] for name in rest.split() if name in outside}
    return given | (assigned(rest) if "=" in rest else {})
