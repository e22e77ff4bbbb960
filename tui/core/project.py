"""What is known of a Go project: every value with the file and line that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a thing was seen. ``file`` is relative to the project, ``line`` counts from 1."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Main:
    """A ``package main`` with ``func main``. ``package`` is a pattern: ``.`` or ``./cmd/server``.

    ``name`` is the binary name Go would give it. ``role`` is ``application``, ``tool`` or
    ``example``.
    """

    package: str
    name: str
    role: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ListenPort:
    """A port the code listens on. ``protocol`` is ``tcp`` or ``udp``.

    ``loopback`` is True when it listens on 127.0.0.1 or localhost only, which nothing outside the
    container can reach.
    """

    port: int
    protocol: str
    evidence: Evidence
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class Cgo:
    """Whether the application's code needs cgo, and where that was seen."""

    required: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """Something the program needs at run time.

    ``what`` is ``ca-certificates`` (a TLS client), ``tzdata``, ``tmp``, ``users``,
    ``program:NAME`` (it executes NAME) or ``libc`` (linked to it even without cgo, through purego).
    """

    what: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Embed:
    """A ``//go:embed`` pattern. ``directory`` is the package's folder relative to the project.

    (``.`` is its root). ``files`` are the matched files relative to the project; empty when nothing
    matches.
    """

    pattern: str
    directory: str
    files: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the project a person should know, as one sentence."""

    text: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A Go module as it lies on disk.

    ``root`` is the folder of go.mod and the build context. ``go`` and ``toolchain`` are the
    version texts of the go.mod lines (``1.27``, ``1.27.3``), None when absent. ``mains`` is ranked,
    the proposal first. ``ports`` is ranked likewise. ``packages`` are the folders that hold Go files
    of the module, relative, ``.`` for its root. ``has_requirements`` tells whether go.mod requires
    modules that have to be downloaded.
    """

    root: Path
    module: str
    go: str | None = None
    go_evidence: Evidence | None = None
    toolchain: str | None = None
    toolchain_evidence: Evidence | None = None
    mains: tuple[Main, ...] = ()
    has_go_sum: bool = False
    has_requirements: bool = False
    has_vendor: bool = False
    local_replaces: tuple[str, ...] = ()
    cgo: Cgo = Cgo()
    ports: tuple[ListenPort, ...] = ()
    needs: tuple[Need, ...] = ()
    embeds: tuple[Embed, ...] = ()
    packages: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def main(self) -> str | None:
        """The proposed main package's pattern."""
        return self.mains[0].package if self.mains else None

    def need(self, what: str) -> Need | None:
        """The first need of that kind, or None."""
        return next((need for need in self.needs if need.what == what), None)


class NotAProject(Exception):
    """The folder holds no Go module dockwright can read; the message says what to do."""
