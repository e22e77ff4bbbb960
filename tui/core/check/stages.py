"""The stages of a Dockerfile as a check sees them: variables filled in, ancestors followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tui.core.dockerfile import Instruction, base_of, expanded, global_arguments, instructions, name_of


@dataclass(slots=True)
class Stage:
    """``base`` is an image reference, or the name of an earlier stage, which ``parent`` then is."""

    line: int
    base: str
    parent: Stage | None
    steps: list[Instruction] = field(default_factory=list)

    @property
    def root(self) -> Stage:
        """The ancestor that starts from an image."""
        stage = self
        while stage.parent:
            stage = stage.parent
        return stage

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
    values = global_arguments(listed)
    local: dict[str, str] = {}
    for step in listed:
        if step.keyword == "FROM":
            base = expanded(base_of(step.rest), values)
            stage = Stage(step.line, base, named.get(base.lower()))
            if name := name_of(step.rest):
                named[name] = stage
            found.append(stage)
            local = {}
        elif found:
            if step.keyword in ("ARG", "ENV"):
                local |= _assigned(step, values)
            filled = step.rest if step.keyword == "RUN" else expanded(step.rest, local)
            found[-1].steps.append(Instruction(step.line, step.keyword, filled, step.body))
    return found


def _assigned(step: Instruction, outside: dict[str, str]) -> dict[str, str]:
    """``ARG A=1``, ``ARG A`` with a default before the first FROM, ``ENV A=1 B=2`` and ``ENV A 1``."""
    name, _, rest = step.rest.partition(" ")
    if step.keyword == "ENV" and "=" not in name:
        return {name: rest.strip()}
    pairs = (word.partition("=") for word in step.rest.split())
    return {name: value.strip("\"'") if equals else outside.get(name, "") for name, equals, value in pairs}
