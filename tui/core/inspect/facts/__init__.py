"""What inspecting knows of the Go world, read from ``tui/core/facts/*.toml`` when first needed."""

from __future__ import annotations

from tui.core.inspect.facts.healthy import health
from tui.core.inspect.facts.listen import listeners
from tui.core.inspect.facts.lookup import unversioned, unversioned_name
from tui.core.inspect.facts.places import cgo, configuration, deployment, mains, repository, secrets, versions
from tui.core.inspect.facts.running import environment, needs, signals

__all__ = [
    "cgo",
    "configuration",
    "deployment",
    "environment",
    "health",
    "listeners",
    "mains",
    "needs",
    "repository",
    "secrets",
    "signals",
    "unversioned",
    "unversioned_name",
    "versions",
]
