"""Image references as the Dockerfile names them: through the mirror, with their pinned digest."""

from __future__ import annotations

from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan

SCRATCH = "scratch"


def reference(plan: Plan, name: str) -> str:
    """A base image as FROM names it; the Go version stays an argument of the build."""
    if name in ("", SCRATCH):
        return name
    pinned = _digest(plan, named(plan, name))
    if pinned:
        return pinned
    filled = name.replace("{go}", "${GO_VERSION}")
    return f"{plan.registry}/{filled}" if plan.registry else filled


def named(plan: Plan, name: str) -> str:
    """A base image as the engine knows it, without digest."""
    filled = name.replace("{go}", plan.go)
    return f"{plan.registry}/{filled}" if plan.registry else filled


def bases(plan: Plan, *further: str) -> tuple[str, ...]:
    """The references of every FROM as the engine pulls them, the builder's first; scratch is none."""
    names = [builder_of(plan).reference, runtime_of(plan).reference, *further]
    filled = (
        _digest(plan, named(plan, name)) or named(plan, name) for name in names if name not in ("", SCRATCH)
    )
    return tuple(dict.fromkeys(filled))


def _digest(plan: Plan, name: str) -> str:
    return next((pin for pin in plan.pin if pin.split("@")[0] == name), "")
