"""The two images a plan names, known or the user's own, and its user in numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tui.core import catalog
from tui.core.catalog import Builder, Runtime

if TYPE_CHECKING:
    from tui.core.own_image import OwnImage
    from tui.core.plan import Plan


def builder_of(plan: Plan) -> Builder:
    """The image that compiles. Of an own image nobody read yet nothing is known."""
    return _builder(plan.builder) or _own(plan, plan.builder).as_builder()


def runtime_of(plan: Plan) -> Runtime:
    """The image the program runs in; a single stage takes the builder's properties."""
    found = _runtime(plan.runtime)
    if found is None:
        return _own(plan, plan.runtime).as_runtime()
    return catalog.single_stage(found, builder_of(plan)) if found.single_stage else found


def unread(plan: Plan) -> tuple[str, ...]:
    """The plan's own images nobody has read yet."""
    known = {item.split(" ", 1)[0] for item in plan.image}
    named = {
        plan.builder: _builder(plan.builder) is None,
        plan.runtime: _runtime(plan.runtime) is None,
    }
    return tuple(name for name, is_own in named.items() if is_own and name not in known)


def uid_gid(plan: Plan) -> str:
    """The user as ``uid:gid``; a name the image lacks stays as it is, which a rule refuses."""
    return runtime_of(plan).users.get(plan.user, plan.user)


# Every rule and every proposal asks for them.
@lru_cache(maxsize=128)
def _builder(name: str) -> Builder | None:
    return catalog.find(catalog.builders(), name)


@lru_cache(maxsize=128)
def _runtime(name: str) -> Runtime | None:
    return catalog.find(catalog.runtimes(), name)


def _own(plan: Plan, reference: str) -> OwnImage:
    from tui.core import own_image

    line = next((item for item in plan.image if item.split(" ", 1)[0] == reference), reference)
    return own_image.parse(line)
