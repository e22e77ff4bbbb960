"""The facts dockwright knows of base images and Go releases, read from ``facts/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

_FACTS = Path(__file__).parent / "facts"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
ZONES = "/usr/share/zoneinfo"
"""Where Debian, Alpine and most others have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What builders and runtimes have in common.

    ``libc`` is ``none``, ``glibc``, ``musl`` or empty (Windows); ``distribution`` is ``debian``,
    ``ubuntu``, ``alpine``, ``wolfi``, ``windows`` or empty; ``packages`` is ``apt``, ``apk`` or empty.
    ``ca`` and ``tz`` say whether CA certificates and time zones are in the image, ``wget`` whether a wget
    is; ``roots`` is where the certificates lie. ``login`` says whether its registry hands it out only
    after a login. ``users`` are names that exist in it with their ``uid:gid``. ``healthcheck`` and
    ``stopsignal`` say whether images made from it inherit a health check, or a stop signal that is not
    SIGTERM, ``onbuild`` whether it has instructions that are carried out when one is built. Sizes are
    bytes on linux/amd64 (Windows: windows/amd64): unpacked, and compressed as transferred; None where
    unknown. ``support_end`` is the last day of fixes; where no day is announced
    it is None, and ``support`` a word for how long there are any: ``rolling`` (the tag moves on by
    itself), ``Debian`` (as long as that release of Debian), ``newest`` (until the next release) or
    ``no need`` (there is nothing to fix). ``proven`` is ``image`` (tried with the published image),
    ``stand-in`` (with one assembled from the same or like packages), ``look-alike`` (with Debian's
    packages in the place of a distribution of its own) or ``no``.
    ``source`` says how all this is known, as of ``date``.
    """

    id: str
    label: str
    reference: str
    os: str = "linux"
    libc: str
    libc_version: str = ""
    distribution: str = ""
    release: str = ""
    shell: bool
    packages: str = ""
    ca: bool
    tz: bool
    wget: bool = False
    roots: str = CERTIFICATES
    healthcheck: bool = False
    stopsignal: bool = False
    onbuild: bool = False
    login: bool = False
    platforms: tuple[str, ...]
    users: dict[str, str] = field(default_factory=dict)
    size: int | None = None
    size_compressed: int | None = None
    support_end: date | None = None
    support: str = ""
    proven: str
    pitch: str
    source: str
    date: date
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder(Image):
    """An image that compiles. ``reference`` holds ``{go}`` where the Go version goes.

    A builder that is not ``versioned`` has one tag for all of Go and brings the newest release.
    ``env`` is what the build must set so that this builder behaves as the others do. ``zoneinfo``
    is where its time zones lie. ``go`` is the release
    in an image of the user's own, empty where there is none, and ``user`` who it runs as.
    """

    versioned: bool = True
    gcc: bool
    git: bool
    ssh: bool
    module_cache: str
    build_cache: str
    go: str = ""
    user: str = "0:0"
    zoneinfo: str = ZONES
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime(Image):
    """An image the program runs in.

    ``user`` is who it runs as unless told otherwise. ``cxx`` says whether libstdc++ and libgcc are in it,
    ``libdl`` whether its glibc has libdl. ``debug`` is the reference of its variant with a shell.
    A ``single_stage`` runtime is the builder image itself: what depends on the builder is filled in by
    ``runtime``.
    """

    tmp: bool
    user: str
    cxx: bool
    debug: str = ""
    libdl: bool = True
    single_stage: bool = False
    why: str
    why_not: str


T = TypeVar("T", Builder, Runtime)


@dataclass(frozen=True, slots=True)
class GoReleases:
    """Go minors that get fixes, oldest first, as of ``date``.

    ``suites`` holds for every minor known here the variants its official image is published in, such
    as ``trixie``.
    """

    maintained: tuple[str, ...]
    date: date
    suites: dict[str, tuple[str, ...]]

    @property
    def newest(self) -> str:
        return self.maintained[-1]


@cache
def builders() -> tuple[Builder, ...]:
    """Every builder, the usual one first."""
    return _entries(Builder, "builders")


@cache
def runtimes() -> tuple[Runtime, ...]:
    """Every runtime, in the order they are offered."""
    return _entries(Runtime, "runtimes")


@cache
def go_releases() -> GoReleases:
    """Which Go minors are maintained, as packaged or as refreshed since."""
    from tui.core import releases

    return releases.newest(packaged_go_releases())


def packaged_go_releases() -> GoReleases:
    """The Go releases this version of dockwright came with."""
    raw = _load("go")
    suites = {minor: tuple(names) for minor, names in raw["suites"].items()}
    return GoReleases(tuple(raw["maintained"]), raw["date"], suites)


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
    found = _known(runtimes(), name)
    return single_stage(found, builder(builder_name)) if found.single_stage else found


def single_stage(found: Runtime, base: Builder) -> Runtime:
    """A single-stage runtime on that builder, with everything the builder's image has."""
    return replace(
        found,
        **{name: getattr(base, name) for name in _OF_THE_BUILDER},
        cxx=base.gcc,
        user=any_windows().user if base.os == "windows" else found.user,
    )


def any_windows() -> Runtime:
    """A Windows image: each has the same users."""
    return next(entry for entry in runtimes() if entry.os == "windows")


_OF_THE_BUILDER = {f.name for f in fields(Image)} - {"id", "label", "pitch", "source", "date", "aliases"}


def newest_of(image: Builder | Runtime) -> Builder | Runtime:
    """The newest supported release of that image's family, which may be itself."""
    entries: tuple[Builder | Runtime, ...] = builders() if isinstance(image, Builder) else runtimes()
    family = (e for e in entries if any(image.id.startswith(f"{alias}-") for alias in e.aliases))
    return next(iter(family), image)


def short_name(id: str) -> str:
    """The first alias of that entry, which people type; the id without one."""
    entry = next((entry for entry in (*builders(), *runtimes()) if entry.id == id), None)
    return entry.aliases[0] if entry and entry.aliases else id


def _known(entries: tuple[T, ...], name: str) -> T:
    found = find(entries, name)
    if found is None:
        raise KeyError(name)
    return found


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FACTS / f"{name}.toml").read_text(encoding="utf-8"))


def _entries(kind: type[T], name: str) -> tuple[T, ...]:
    """The entries of a file. One with ``like`` has the values of that earlier one, except aliases."""
    known = {f.name for f in fields(kind)}
    raws: dict[str, dict[str, Any]] = {}
    for own in _load(name)["image"]:
        base = raws[own.pop("like")] if "like" in own else {}
        raw = base | {"aliases": ()} | own
        if unknown := raw.keys() - known:
            raise ValueError(f"{name}.toml: {raw.get('id')}: unknown keys {sorted(unknown)}")
        raws[raw["id"]] = raw
    return tuple(
        kind(**raw | {"aliases": tuple(raw["aliases"]), "platforms": tuple(raw["platforms"])})
        for raw in raws.values()
    )
