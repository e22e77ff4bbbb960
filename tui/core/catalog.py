"""The facts dockwright knows of base images and Go releases, read from ``facts/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

_FACTS = Path(__file__).parent / "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """An image that compiles. ``reference`` holds ``{go}`` where the Go version goes."""

    id: str
    label: str
    reference: str
    libc: str
    libc_version: str
    release: str
    gcc: bool
    tz: bool
    module_cache: str
    build_cache: str
    size: int
    pitch: str
    source: str
    date: date
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """An image the program runs in. Sizes are bytes, None where nobody measured them.

    ``libc`` is ``none``, ``glibc`` or ``musl``; ``ca`` and ``tz`` say whether CA certificates and
    time zones are in it. A ``single_stage`` runtime is the builder image itself: what depends on
    the builder is filled in by ``runtime``.
    """

    id: str
    label: str
    reference: str
    libc: str
    shell: bool
    ca: bool
    tz: bool
    tmp: bool
    users: dict[str, str]
    pitch: str
    source: str
    date: date
    aliases: tuple[str, ...] = ()
    libc_version: str = ""
    release: str = ""
    packages: str = ""
    single_stage: bool = False
    size: int | None = None
    size_compressed: int | None = None


T = TypeVar("T", Builder, Runtime)


@dataclass(frozen=True, slots=True)
class GoReleases:
    """Go minors that get fixes, oldest first, as of ``date``."""

    maintained: tuple[str, ...]
    date: date

    @property
    def newest(self) -> str:
        return self.maintained[-1]


@cache
def builders() -> tuple[Builder, ...]:
    """Every builder, the usual one first."""
    return tuple(_entry(Builder, raw) for raw in _load("images")["builder"])


@cache
def runtimes() -> tuple[Runtime, ...]:
    """Every runtime, in the order they are offered."""
    return tuple(_entry(Runtime, raw) for raw in _load("images")["runtime"])


@cache
def go_releases() -> GoReleases:
    """Which Go minors are maintained."""
    raw = _load("go")
    return GoReleases(tuple(raw["maintained"]), raw["date"])


def find(entries: tuple[T, ...], name: str) -> T | None:
    """The entry with that id or alias, or None."""
    return next((entry for entry in entries if name == entry.id or name in entry.aliases), None)


def builder(name: str) -> Builder:
    """The builder with that id or alias. Raises KeyError."""
    return _known(builders(), name)


def runtime(name: str, builder_name: str) -> Runtime:
    """The runtime with that id or alias; a single-stage one takes the builder's properties.

    Raises KeyError.
    """
    from dataclasses import replace

    found = _known(runtimes(), name)
    if not found.single_stage:
        return found
    base = builder(builder_name)
    return replace(
        found,
        reference=base.reference,
        libc=base.libc,
        libc_version=base.libc_version,
        release=base.release,
        tz=base.tz,
        size=base.size,
    )


def short_name(id: str) -> str:
    """The first alias of that entry, which people type; the id without one."""
    entry = find(builders(), id) or find(runtimes(), id)
    return entry.aliases[0] if entry and entry.aliases else id


def _known(entries: tuple[T, ...], name: str) -> T:
    found = find(entries, name)
    if found is None:
        raise KeyError(name)
    return found


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FACTS / f"{name}.toml").read_text(encoding="utf-8"))


def _entry(kind: type[T], raw: dict[str, Any]) -> T:
    known = {f.name for f in fields(kind)}
    unknown = raw.keys() - known
    if unknown:
        raise ValueError(f"images.toml: {raw.get('id')}: unknown keys {sorted(unknown)}")
    return kind(**raw | {"aliases": tuple(raw.get("aliases", ()))})
