"""Which system packages a Go program's C code needs, from ``facts/cgo.toml`` and ``packages.toml``. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tui.core.inspect.facts.lookup import ByImport

T = TypeVar("T")
_FACTS = Path(__file__).parent / "facts"
_SHARED_OBJECT = "its library is a shared object"
_BUNDLED = {"bundles": {"glibc": True, "musl": True}, "unsupported": {"static": _SHARED_OBJECT}}


class Reason(NamedTuple):
    """``why`` is said of ``module``: an import path, or a hint of a ``#cgo`` line."""

    module: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What C code needs in images of one distribution. Names are sorted, each stands there once.

    ``build`` are the builder's packages beside the compilers, ``runtime`` the final image's.
    ``shared`` tells that it needs libraries beside libc and the C++ runtime, ``cxx`` that it needs
    the latter. ``tags`` and ``env`` are for ``go build``; ``link`` ends ``-extldflags`` of a static
    link, in this order. ``impossible`` are sentence ends that say why it cannot be built there,
    ``notices`` sentences about what no package brings. ``bundled`` tells that the program loads shared
    objects that lie among the modules or the sources. ``alternatives`` do without C.
    ``unknown`` are the modules and hints whose packages nobody knows there.
    """

    build: tuple[str, ...]
    runtime: tuple[str, ...]
    shared: bool
    cxx: bool
    tags: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    link: tuple[str, ...]
    impossible: tuple[Reason, ...]
    notices: tuple[Reason, ...]
    bundled: bool
    alternatives: tuple[str, ...]
    unknown: tuple[str, ...]


NOTHING = Needed(
    build=(),
    runtime=(),
    shared=False,
    cxx=False,
    tags=(),
    env=(),
    link=(),
    impossible=(),
    notices=(),
    bundled=False,
    alternatives=(),
    unknown=(),
)
"""What a program without C code needs."""


def compilers(distribution: str) -> tuple[str, ...]:
    """Packages that make an image one that compiles C and C++; empty where none are known.

    The official ``golang`` images on Debian have these already.
    """
    return tuple(_packages()["distribution"].get(distribution, {}).get("compilers", ()))


def needed(c_modules: tuple[str, ...], distribution: str, release: str, *, static: bool) -> Needed:
    """What ``c_modules`` need in images of ``distribution`` (``debian``) and ``release`` (``trixie``).

    ``c_modules`` are import paths, or hints as ``#cgo`` lines give them: ``pkg-config:vips``,
    ``lib:pcap``, ``c++``, ``so:own`` for a shared object beside the code. A program linked with
    ``static`` needs nothing at run time.
    """
    place = _Place(distribution, release, static)
    uses = [(name, _module(name)) for name in sorted(set(c_modules))]
    modules = [(name, module) for name, module in uses if module is not None]
    pairs = [(name, library) for name, module in modules for library in module.get("libraries", ())]
    libraries = {library: _packages()["library"][library] for _, library in pairs}
    cxx = any(entry.get("cxx") for entry in (*libraries.values(), *(module for _, module in modules)))
    runtime = _union(place.pick(library["runtime"]) for library in libraries.values())
    return Needed(
        build=_union(place.packages(library) for library in libraries.values()),
        runtime=() if static else _union([runtime, place.facts.get("cxx_runtime", ()) if cxx else ()]),
        shared=bool(runtime) and not static,
        cxx=cxx,
        tags=_union([place.tags(), *(tags for _, module in modules for tags in place.all(module, "tags"))]),
        env=tuple(sorted({item for _, module in modules for item in module.get("env", {}).items()})),
        link=_in_order(library.get("link", ()) for library in libraries.values()) if static else (),
        impossible=_impossible(place, modules, pairs),
        notices=tuple(Reason(name, module["notice"]) for name, module in modules if "notice" in module),
        bundled=any(any(place.all(module, "bundles")) for _, module in modules),
        alternatives=_union(module.get("alternatives", ()) for _, module in modules),
        unknown=_union(
            [
                (name for name, module in uses if module is None),
                (name for name, library in pairs if not place.has(libraries[library])),
            ]
        ),
    )


class _Place:
    """A distribution's release and the way of linking: what the tables of the facts are keyed by."""

    def __init__(self, distribution: str, release: str, static: bool) -> None:
        self.distribution, self.release, self.static = distribution, release, static
        self.facts: Mapping[str, Any] = _packages()["distribution"].get(distribution, {})
        libc = self.facts.get("libc", "")
        self._keys = {distribution, release, libc, *(("static", f"static-{libc}") if static else ())}

    def pick(self, table: Mapping[str, T]) -> T | tuple[()]:
        """The release's entry, or else the distribution's."""
        return table.get(self.release, table.get(self.distribution, ()))

    def all(self, module: Mapping[str, Any], key: str) -> Iterator[Any]:
        """Every entry of a module's table that counts here."""
        return (value for where, value in module.get(key, {}).items() if where in self._keys)

    def packages(self, library: Mapping[str, Any]) -> tuple[str, ...]:
        further = self.pick(library.get("static", {})) if self.static else ()
        return (*self.pick(library["build"]), *further)

    def tags(self) -> tuple[str, ...]:
        return tuple(_packages()["static"]["tags"]) if self.static else ()

    def has(self, library: Mapping[str, Any]) -> bool:
        """Whether the library's packages are known here: those of the builder where one builds."""
        wanted = ["build"] if self.facts.get("compilers") else []
        wanted += [] if self.static else ["runtime"]
        return all(self.release in library[key] or self.distribution in library[key] for key in wanted)

    def links(self, library: Mapping[str, Any]) -> bool:
        """Whether it can be linked the way that is wanted."""
        table = library.get("static", {})
        return not self.static or self.release in table or self.distribution in table


def _impossible(
    place: _Place, modules: Iterable[tuple[str, Mapping[str, Any]]], pairs: Iterable[tuple[str, str]]
) -> tuple[Reason, ...]:
    told = [Reason(name, why) for name, module in modules for why in place.all(module, "unsupported")]
    dynamic = [
        Reason(name, f"{library} cannot be linked statically on {place.distribution}")
        for name, library in pairs
        if not place.links(_packages()["library"][library])
    ]
    return tuple(sorted({*told, *dynamic}))


def _module(name: str) -> Mapping[str, Any] | None:
    """What is known of an import path, or of a hint as if it were a module with that library."""
    if name.startswith("so:"):
        return _BUNDLED
    library = _hints().get(name)
    return {"libraries": [library]} if library else _modules().get(name)


def _union(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({name for group in groups for name in group}))


def _in_order(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Each once, at its last place: what a library needs comes after it."""
    names = [name for group in groups for name in group]
    return tuple(reversed(dict.fromkeys(reversed(names))))


@cache
def _modules() -> ByImport[Mapping[str, Any]]:
    return ByImport((path, entry) for entry in _load("cgo")["required"] for path in entry["imports"])


@cache
def _hints() -> Mapping[str, str]:
    libraries = _packages()["library"].items()
    return {hint: name for name, library in libraries for hint in library["hints"]}


@cache
def _packages() -> Mapping[str, Any]:
    return _load("packages")


def _load(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_FACTS / f"{name}.toml").read_text(encoding="utf-8"))
