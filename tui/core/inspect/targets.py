"""The targets that Go compiles for: an image's platforms as build constraints see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.core.inspect.buildtags import Target
from tui.core.machine import architecture

_ARCHITECTURES = frozenset({"amd64", "arm64", "arm", "386", "ppc64le", "riscv64", "s390x", "loong64"})
# Feature tags that hold, the least first, by architecture and the variant of a platform, "" for none.
# Source: go help buildconstraint, and the defaults of internal/buildcfg, Go 1.27.
_FEATURES = {
    "386": {"": ["sse2"]},
    "amd64": {"": ["v1"], "v2": ["v1", "v2"], "v3": ["v1", "v2", "v3"], "v4": ["v1", "v2", "v3", "v4"]},
    "arm": {"": ["5", "6", "7"], "v5": ["5"], "v6": ["5", "6"], "v7": ["5", "6", "7"]},
    "arm64": {"": ["v8.0"]},
    "ppc64le": {"": ["power8"]},
    "riscv64": {"": ["rva20u64"]},
}


class Targets(NamedTuple):
    """The same platforms with cgo off and with cgo on, in one order."""

    static: tuple[Target, ...]
    with_cgo: tuple[Target, ...]

    @property
    def all(self) -> tuple[Target, ...]:
        """Every one of them."""
        return (*self.static, *self.with_cgo)

    def pairs(self) -> Iterable[tuple[Target, Target]]:
        """Of each platform the one without cgo and the one with it."""
        return zip(self.static, self.with_cgo, strict=True)


def of(platforms: Iterable[str] = (), tags: Iterable[str] = ()) -> Targets:
    """For ``linux/amd64`` or ``linux/arm/v7``; without any, Linux on this machine's processor.

    ``tags`` are those that are given to ``go build``.
    """
    read = [_target(platform, frozenset(tags)) for platform in platforms or (f"linux/{_machine()}",)]
    known = tuple(dict.fromkeys(read))
    return Targets(known, tuple(target.having_cgo() for target in known))


def _target(platform: str, tags: frozenset[str]) -> Target:
    goos, goarch, variant, *_ = (*platform.split("/"), "", "", "")
    features = _FEATURES.get(goarch, {})
    held = features.get(variant, features.get("", []))
    return Target(goos, goarch, cgo=False, tags=tags | {f"{goarch}.{name}" for name in held})


def _machine() -> str:
    """This machine's architecture: an engine's own platform is that of its machine, mostly this one."""
    found = architecture()
    return found if found in _ARCHITECTURES else "amd64"
