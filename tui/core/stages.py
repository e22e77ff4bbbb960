"""The stages of a Dockerfile: variables filled in, ancestors known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tui.core.dockerfile import Instruction, base_of, expanded, global_arguments, instructions, name_of

_PAIR = re.compile(r"""([A-Za-z_][\w.-]*)=((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+')*+)""")
_QUOTES = re.compile(r"""["']|\\(.)""")


@dataclass(slots=True)
class Stage:
    """``base`` is an image reference, or the name of an earlier stage, which ``parent`` then is.

    ``root`` is the ancestor that starts from an image, ``environment`` what ENV has set at the end.
    """

    line: int
    base: str
    parent: Stage | None
    steps: list[Instruction] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    root: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.parent.root if self.parent else self

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
            stage = Stage(step.line, base, parent, environment=dict(parent.environment) if parent else {})
            named[name_of(step.rest) or str(len(found))] = stage
            found.append(stage)
            arguments = {}
        elif found:
            stage = found[-1]
            filled = expanded(step.rest, arguments | stage.environment)
            if step.keyword == "ARG":
                arguments |= _arguments(filled, outside)
            elif step.keyword == "ENV":
                stage.environment |= assigned(filled)
            stage.steps.append(Instruction(step.line, step.keyword, filled, step.body))
    return found


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
