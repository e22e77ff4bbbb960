"""What matters about an image, read from its files and its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from tui.core import image_files
from tui.core.own_image import OwnImage, of_facts
from tui.core.text import printable
from tui.engine import EngineError

_SMALL = 1 << 20
_LIBRARY = 1 << 24
"""Bytes of a text file and of a C library that are read at most."""

_TRIPLES = {
    "amd64": "x86_64-linux-gnu",
    "arm64": "aarch64-linux-gnu",
    "arm": "arm-linux-gnueabihf",
    "386": "i386-linux-gnu",
    "ppc64le": "powerpc64le-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu",
}
_MUSL = {"amd64": "x86_64", "arm64": "aarch64", "arm": "armhf", "386": "i386", "ppc64le": "powerpc64le"}
"""What GOARCH is called in the names of Debian's library folders and of musl's loader."""

_GO_ROOTS = ("/usr/local/go", "/usr/lib/go")
_PROGRAMS = ("/usr/local/bin", "/usr/bin", "/bin")
_SIGTERM = ("SIGTERM", "TERM", "15")


class Unreadable(Exception):
    """The file is not there, is none, or is larger than allowed; the message says which."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder. ``path`` is where it really lies, ``mode`` its permission bits, ``size`` bytes."""

    path: str
    mode: int
    size: int
    is_folder: bool
    is_file: bool


class ImageFiles(Protocol):
    """The files of an image, of which nothing is run."""

    def health(self) -> list[str]:
        """The command of its health check, empty without one."""
        ...

    def entry(self, path: str) -> Entry | None:
        """What lies there, links followed inside the image; None when nothing does."""
        ...

    def read(self, path: str, limit: int) -> bytes:
        """A file of at most ``limit`` bytes. Raises Unreadable."""
        ...


def own_image(
    reference: str,
    files: ImageFiles,
    architecture: str,
    config: dict[str, Any],
    platforms: tuple[str, ...],
    size: str,
) -> OwnImage:
    """All that is known of the image. ``config`` is how it is run (``Env``, ``User`` …), ``size`` bytes."""
    told = {"platforms": ",".join(platforms), "size": size, "date": datetime.now(UTC).date().isoformat()}
    return of_facts(reference, told | dict(_facts(files, architecture, config)))


def not_linux(reference: str, system: str) -> EngineError:
    """Only Linux images can be looked into."""
    return EngineError(
        f"{printable(reference)} cannot be read.",
        f"It is an image for {printable(system)}, and only Linux images can be looked into.",
        "Choose one of the Windows images dockwright knows.",
    )


def _facts(files: ImageFiles, architecture: str, config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    distribution, release = image_files.distribution(_text(files, "/etc/os-release", "/usr/lib/os-release"))
    users = image_files.users(_text(files, "/etc/passwd"))
    user = image_files.default_user(
        config.get("User") or "", users, image_files.groups(_text(files, "/etc/group"))
    )
    libc, version = _libc(files, architecture, distribution)
    yield from {
        "os": "linux",
        "libc": libc,
        "libc_version": version,
        "distribution": distribution,
        "release": release,
        "packages": _packages(files),
        "users": ",".join(f"{user.name}:{user.ids}" for user in users),
        "user": user,
        "ca": _first_of(files, image_files.ROOTS),
        "tz": _first_of(files, image_files.ZONE_FOLDERS, "/Europe/Paris"),
    }.items()
    folders = _library_folders(architecture)
    for key, paths in {
        "shell": ("/bin/sh",),
        "wget": _named("wget"),
        "cxx": tuple(f"{folder}/libstdc++.so.6" for folder in folders),
        "gcc": _named("gcc"),
        "git": _named("git"),
        "ssh": _named("ssh"),
    }.items():
        yield key, _yes(_has(files, *paths))
    tmp = files.entry("/tmp")
    yield "tmp", _yes(tmp is not None and tmp.is_folder and bool(tmp.mode & 0o002))
    yield "healthcheck", _yes(bool(files.health()))
    yield "stopsignal", _yes(config.get("StopSignal") not in (*_SIGTERM, "", None))
    yield "onbuild", _yes(bool(config.get("OnBuild")))
    env = dict(_pair(entry) for entry in config.get("Env") or [])
    yield from _go(files, env, env.get("HOME") or image_files.home_of_root(users))


def _libc(files: ImageFiles, architecture: str, distribution: str) -> tuple[str, str]:
    """Kind and version. An image may hold both: Alpine's programs use musl, others' glibc."""
    folders = _library_folders(architecture)
    glibc = image_files.glibc_version(_first(files, _LIBRARY, *(f"{each}/libc.so.6" for each in folders)))
    if glibc and distribution != "alpine":
        return "glibc", glibc
    loader = f"ld-musl-{_MUSL.get(architecture, architecture)}.so.1"
    if musl := _first(files, _LIBRARY, f"/lib/{loader}", f"/usr/lib/{loader}"):
        return "musl", image_files.musl_version(musl)
    return ("glibc", glibc) if glibc else ("none", "")


def _library_folders(architecture: str) -> tuple[str, ...]:
    triple = _TRIPLES.get(architecture, architecture)
    own = tuple(f"{root}/{triple}" for root in ("/lib", "/usr/lib"))
    return (*own, "/lib64", "/usr/lib64", "/lib", "/usr/lib")


def _packages(files: ImageFiles) -> str:
    if _has(files, "/sbin/apk", "/usr/bin/apk"):
        return "apk"
    return "apt" if _has(files, "/usr/bin/apt-get") else ""


def _go(files: ImageFiles, env: dict[str, str], home: str) -> Iterator[tuple[str, str]]:
    """The toolchain, and where it keeps modules and what it compiled: for root, who builds."""
    version = image_files.go_version(_first(files, _SMALL, *(f"{root}/VERSION" for root in _GO_ROOTS)))
    if not version:
        return
    own = home.rstrip("/")
    yield "go", version
    yield "module_cache", env.get("GOMODCACHE") or f"{env.get('GOPATH') or f'{own}/go'}/pkg/mod"
    yield "build_cache", env.get("GOCACHE") or f"{env.get('XDG_CACHE_HOME') or f'{own}/.cache'}/go-build"


def _first_of(files: ImageFiles, places: tuple[str, ...], below: str = "") -> str:
    """The first of these places that holds something; ``no`` where none does."""
    return next((place for place in places if _has(files, place + below)), "no")


def _named(program: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{program}" for folder in _PROGRAMS)


def _has(files: ImageFiles, *paths: str) -> bool:
    """Whether one of them is a file that is not empty."""
    found = (files.entry(path) for path in paths)
    return any(entry.is_file and entry.size for entry in found if entry)


def _first(files: ImageFiles, limit: int, *paths: str) -> bytes:
    """The first that can be read; empty when none can."""
    for path in paths:
        with suppress(Unreadable):
            return files.read(path, limit)
    return b""


def _text(files: ImageFiles, *paths: str) -> str:
    return _first(files, _SMALL, *paths).decode(errors="replace")


def _pair(entry: str) -> tuple[str, str]:
    name, _, value = entry.partition("=")
    return name, value


def _yes(on: bool) -> str:
    return "yes" if on else "no"
