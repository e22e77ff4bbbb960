"""What is known of a Go project: every value with the file and line that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CERTAIN, LIKELY, GUESS = "certain", "likely", "guess"
DECLARATION, LITERAL, CODE, DOCUMENT, NAME = "declaration", "literal", "code", "document", "name"
CONFIDENCE = {DECLARATION: CERTAIN, LITERAL: CERTAIN, CODE: LIKELY, DOCUMENT: LIKELY, NAME: GUESS}
"""How sure a kind of evidence makes. A declaration is what Go itself goes by (a line of go.mod, an import,
a directive), a literal stands in the very call; code was followed or only usually means this; a document
is a file that Go does not read; of some things nothing but the name tells."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a thing was seen. ``file`` is relative to the project, ``line`` counts from 1.

    ``kind`` is a key of ``CONFIDENCE``.
    """

    file: str
    line: int
    why: str
    kind: str = CODE

    @property
    def confidence(self) -> str:
        """``certain``, ``likely`` or ``guess``."""
        return CONFIDENCE[self.kind]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Main:
    """A ``package main`` with ``func main``. ``package`` is a pattern: ``.`` or ``./cmd/server``.

    ``name`` is the binary name Go would give it. ``role`` is ``application``, ``tool`` or
    ``example``. The proposed one has a ``reason``: what sets it apart from the others.
    """

    package: str
    name: str
    role: str
    evidence: Evidence
    reason: Evidence | None = None


@dataclass(frozen=True, slots=True)
class ListenPort:
    """A port the code listens on. ``protocol`` is ``tcp`` or ``udp``.

    ``loopback`` is True when it listens on 127.0.0.1 or localhost only, which nothing outside the
    container can reach. ``last`` ends a range that begins at ``port``; 0 for one port.
    """

    port: int
    protocol: str
    evidence: Evidence
    loopback: bool = False
    last: int = 0

    @property
    def text(self) -> str:
        """As a Dockerfile exposes it: ``8080/tcp``, ``9000-9010/udp``."""
        return f"{self.port}{f'-{self.last}' if self.last else ''}/{self.protocol}"


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
class FrontEnd:
    """A JavaScript bundle that has to be made before Go is compiled.

    Every path is relative to the project, ``.`` for its root. ``directory`` holds the package.json
    whose ``script`` makes the bundle; ``install`` is the folder the package manager installs in (the
    workspace's root, else ``directory``) and ``manifests`` the files that step reads. The bundler
    writes ``output``; Go embeds or serves ``wanted``, which may be the same folder. ``manager`` is
    ``npm``, ``pnpm``, ``yarn`` or ``bun`` with its version or "", ``node`` a major version.
    ``manifests`` may hold folders, and is empty when installing may read any file of ``sources``, the
    folder that holds all the build reads: ``install``, or the project where files elsewhere are named.
    ``complete`` tells that the bundle is committed, so that it need not be made. ``served`` tells that
    the program opens ``wanted`` at run time instead of embedding it. ``stale`` is what a build outside
    the container leaves behind, ``settings`` what the build reads although it looks like a secret.
    """

    directory: str
    install: str
    manager: str
    manager_version: str
    node: str
    manifests: tuple[str, ...]
    has_lockfile: bool
    script: str
    output: str
    wanted: str
    complete: bool
    evidence: tuple[Evidence, ...]
    served: bool = False
    sources: str = "."
    stale: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """A version variable that ``-ldflags -X`` can set. ``name`` is its full path: ``main.version``."""

    name: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class EnvVariable:
    """A variable of the environment the program reads. ``default`` is None where the code gives none."""

    name: str
    default: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file or folder the program opens by a relative path, which is not embedded.

    ``path`` is relative to the project.
    """

    path: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Health:
    """How the program says that it is well.

    ``kind`` is ``http`` (``value`` is a path such as ``/healthz``) or ``command`` (``value`` is a
    subcommand or flag of the program that exits 0 when it is well).
    """

    kind: str
    value: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Stated:
    """What a deployment file says of the program: someone decided it before.

    ``what`` is ``base`` (an image reference), ``user``, ``port`` (``8080/tcp``), ``main`` (a package
    pattern), ``program`` (the name that is started), ``args``, ``env`` (a name and its value),
    ``health`` (``http 8080/healthz``), ``volume`` and ``workdir`` (folders of the image), ``package``
    (its name, and ``apk`` or ``apt``), ``tag`` (of ``go build``) or ``variable`` (that ``-X`` sets).
    ``values`` holds one text, for ``args`` each argument; all are checked as answers are. ``by`` is
    ``Dockerfile``, ``Compose``, ``Kubernetes``, ``Helm``, ``Procfile``, ``GoReleaser``, ``Makefile``,
    ``env example`` or ``README``.
    """

    what: str
    values: tuple[str, ...]
    evidence: Evidence
    by: str

    @property
    def value(self) -> str:
        return self.values[0]


@dataclass(frozen=True, slots=True)
class PrivateModule:
    """A required module no public proxy is likely to have. ``host`` may carry a path, as in GOPRIVATE."""

    host: str
    module: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Gopath:
    """A project from before modules, with its vendor/. ``path`` is the import path it is built as.

    ``language`` is the Go version it was written for, as ``1.16``, at least what Go assumes without one.
    """

    path: str
    evidence: Evidence
    language: str
    language_evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Unbuildable:
    """A package of the program all of whose files Go leaves out on ``platform``, so that it refuses to
    build there. ``package`` is a folder relative to the project, ``evidence`` the place that needs it."""

    platform: str
    package: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the project a person should know, as one sentence."""

    text: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A Go module as it lies on disk.

    ``root`` is the folder of go.mod. Paths of evidence are relative to it and may lead above it.
    ``go`` and ``toolchain`` are the version texts of the lines (``1.27``, ``1.27.3``), of ``go`` lines the
    highest of all modules that are built and of go.work, None
    when absent. ``mains`` is ranked, what a person chose or the proposal first, ``proposed`` whatever
    was chosen. ``ports`` is ranked likewise. ``packages``
    are the folders that hold Go files of the module, relative, ``.`` for its root; ``reached`` are those
    of the proposed program, other modules' on disk and what ``#cgo`` lines name among them.
    ``listens`` are the ports its code alone shows, of which ``ports`` is made.
    ``has_requirements`` tells whether the build has to download modules. ``local_replaces`` are the
    folders, as written, that go.mod or go.work asks for and no context can hold, or that are not there.

    ``context`` is the smallest folder that holds all the build needs and ``place`` the project's
    folder in it ("" when they are the same). ``module_files`` are the files, relative to the context,
    that ``go mod download`` reads; empty when their names may not stand in a Dockerfile.
    ``uses_workspace`` tells that a go.work of the context is in force; ``has_go_sum`` then counts any
    module's. ``c_modules`` are the import paths that need C code. ``opened``, ``health``, ``versions``
    and ``private`` are ranked, the likeliest first.
    ``environment`` are the variables the program reads, ``stops`` is where it catches SIGTERM.
    ``gopath`` is set for a project without go.mod, whose ``root`` is the folder of vendor/.
    ``stated`` is what deployment files say, the surest file first.
    ``uses_lfs`` tells that Git LFS tracks files of the project.
    ``platforms`` and ``tags`` are what the code was read for, as ``inspect`` takes them; ``unbuildable``
    is what the program needs and Go leaves out there.
    """

    root: Path
    module: str
    go: str | None = None
    go_evidence: Evidence | None = None
    toolchain: str | None = None
    toolchain_evidence: Evidence | None = None
    mains: tuple[Main, ...] = ()
    proposed: tuple[Main, ...] = ()
    has_go_sum: bool = False
    has_requirements: bool = False
    has_vendor: bool = False
    local_replaces: tuple[str, ...] = ()
    cgo: Cgo = Cgo()
    ports: tuple[ListenPort, ...] = ()
    needs: tuple[Need, ...] = ()
    embeds: tuple[Embed, ...] = ()
    packages: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    listens: tuple[ListenPort, ...] = ()
    notes: tuple[Note, ...] = ()
    context: Path | None = None
    place: str = ""
    module_files: tuple[str, ...] = ()
    uses_workspace: bool = False
    c_modules: tuple[str, ...] = ()
    front_end: FrontEnd | None = None
    opened: tuple[OpenedFile, ...] = ()
    health: tuple[Health, ...] = ()
    versions: tuple[Variable, ...] = ()
    private: tuple[PrivateModule, ...] = ()
    environment: tuple[EnvVariable, ...] = ()
    stops: Evidence | None = None
    stated: tuple[Stated, ...] = ()
    gopath: Gopath | None = None
    uses_lfs: bool = False
    source_url: str = ""
    licence: str = ""
    platforms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    unbuildable: tuple[Unbuildable, ...] = ()

    @property
    def main(self) -> str | None:
        """The pattern of the main package it was read for."""
        return self.mains[0].package if self.mains else None

    @property
    def programs(self) -> tuple[Main, ...]:
        """The main packages in an order that no choice among them changes."""
        return self.proposed or self.mains

    def said(self, what: str, *by: str) -> tuple[Stated, ...]:
        """The statements of that kind, of these files only when some are named."""
        return tuple(s for s in self.stated if s.what == what and (not by or s.by in by))

    def need(self, what: str) -> Need | None:
        """The first need of that kind, or None."""
        return next((need for need in self.needs if need.what == what), None)


class NotAProject(Exception):
    """The folder holds no Go module dockwright can read; the message says what to do."""
