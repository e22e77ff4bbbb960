"""The build context: the module's folder, or the smallest one above it that holds all the build needs."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tui.core import validate
from tui.core.gorelease import required
from tui.core.inspect import files, gomod
from tui.core.inspect.files import Reader
from tui.core.inspect.gomod import GoMod, GoWork
from tui.core.project import DECLARATION, Evidence, Note

# How far above the project the context may begin where no repository says where it ends.
_HIGHEST = 3
_VENDORED = required("1.14")  # https://go.dev/ref/mod#vendoring


class Module(NamedTuple):
    """A module of the build. ``folder`` is relative to the project: ``""`` is its root, or ``../lib``."""

    folder: str
    mod: GoMod


class Context(NamedTuple):
    """What a build needs. ``folder`` is the context, ``place`` the project's folder in it.

    ``work`` is the folder of the go.work in force and ``vendor`` the one that holds vendor/, relative
    to the project, None without one. ``members`` are the modules whose requirements count, the project
    first; ``replaced`` are those that stand for others. ``missing`` are folders, as written, that the
    build needs and cannot have. ``go_lines`` are the versions that go.work and the other modules ask for.
    """

    folder: Path
    place: str = ""
    work: str | None = None
    vendor: str | None = None
    members: tuple[Module, ...] = ()
    replaced: tuple[Module, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    go_lines: tuple[tuple[str, Evidence], ...] = ()

    @property
    def local(self) -> frozenset[str]:
        """The paths of modules that are in the context, or would be if they were there."""
        replaces = (r for m in self.members for r in m.mod.replaces if r.local)
        own = (module.mod.module for module in (*self.members, *self.replaced))
        return frozenset((*own, *(replace.old for replace in replaces)))

    @property
    def joined(self) -> tuple[Module, ...]:
        """Every module but the project."""
        return (*self.members[1:], *self.replaced)


class _Named(NamedTuple):
    """A folder that go.mod or go.work in ``base`` names; ``module`` is what it replaces, empty for a use."""

    path: str
    base: str
    module: str
    evidence: Evidence

    def note(self, why: str) -> Note:
        """Why the folder cannot be had, as a sentence."""
        file = self.evidence.file.rpartition("/")[2]
        what = f"{file} replaces {self.module} with" if self.module else f"{file} joins this module with"
        return Note(f"{what} {self.path}, {why}.", self.evidence)


class _Work(NamedTuple):
    folder: str
    work: GoWork


def highest(root: Path) -> Path:
    """The highest folder the context may be: the repository's root, without one a few folders up.

    Never the home folder, the file system's root or what lies above them, and none whose path to the
    project may not stand in a Dockerfile.
    """
    chain = [root, *root.parents]
    repository = next((i for i, folder in enumerate(chain) if (folder / ".git").exists()), _HIGHEST)
    never = {Path(root.anchor), Path(os.path.realpath(os.environ.get("HOME", root.anchor)))}
    allowed = root
    for below, folder in pairwise(chain[: repository + 1]):
        if {below, folder} & never or not _is_valid(root.relative_to(folder).as_posix()):
            break
        allowed = folder
    return allowed


def find(reader: Reader, mod: GoMod) -> Context:
    """Reads go.work and the go.mod files that count. ``reader`` may read up to ``highest``."""
    own = Module("", mod)
    work = _workspace(reader)
    if work is None or (work.folder and _is_vendored(reader, "") and by_default(mod.go)):
        return _context(reader, own)
    whole = _context(reader, own, work)
    if not whole.missing or not work.folder:
        return whole
    # Where go.work is not in the context, Go does without it.
    alone = _context(reader, own)
    return alone._replace(notes=(*whole.notes, *alone.notes))


def module_files(reader: Reader, context: Context) -> tuple[str, ...]:
    """The files, relative to the context, that ``go mod download`` reads.

    Empty when one of their names may not stand in a Dockerfile. Of a replaced module Go reads go.mod
    only: the checksums are those of the members.
    """
    names = [files.join(m.folder, name) for m in context.members for name in ("go.mod", "go.sum")]
    names += [files.join(m.folder, "go.mod") for m in context.replaced]
    if context.work is not None:
        names += [files.join(context.work, name) for name in ("go.work", "go.work.sum")]
    there = [placed(context.place, name) for name in names if reader.is_file(name)]
    return tuple(there) if all(map(_is_valid, there)) else ()


def placed(place: str, path: str) -> str:
    """A path relative to the project as one relative to the context; ``""`` is the context itself."""
    joined = posixpath.normpath(posixpath.join(place, path))
    return "" if joined == "." else joined


def _workspace(reader: Reader) -> _Work | None:
    """The nearest go.work, when it uses this module."""
    for folder in reader.upwards():
        data = reader.read(files.join(folder, "go.work"))
        if data is not None:
            work = gomod.parse_work(data)
            used = any(_folder(reader, use.path, folder) == "" for use in work.uses)
            return _Work(folder, work) if used else None
    return None


def _context(reader: Reader, own: Module, work: _Work | None = None) -> Context:
    missing: list[_Named] = []
    notes: list[Note] = []

    def modules(named: Iterable[_Named], required: frozenset[str] = frozenset()) -> Iterator[Module]:
        for name in named:
            folder = _folder(reader, name.path, name.base)
            why = _refused(reader, folder)
            data = reader.read(files.join(folder, "go.mod")) if folder is not None and not why else None
            if folder is not None and data is not None:
                yield Module(folder, gomod.parse_mod(data))
            elif not name.module or name.module in required:
                missing.append(name)
                notes.append(name.note(why or "where no go.mod is"))

    members = _once([own, *modules(_uses(work))])
    required = frozenset(require.path for member in members for require in member.mod.requires)
    vendor = work.folder if work else ""
    vendored = _is_vendored(reader, vendor) and (work is not None or by_default(own.mod.go))
    stand_ins = [] if vendored else modules(_replacements(work, members), required)
    replaced = _once([*members, *stand_ins])[len(members) :]
    needed = [module.folder for module in (*members, *replaced)] + ([work.folder] if work else [])
    folder = _smallest(reader.root, needed)
    return Context(
        folder=folder,
        place=_relative(reader.root, folder),
        work=work.folder if work else None,
        vendor=vendor if vendored else None,
        members=tuple(members),
        replaced=tuple(replaced),
        missing=tuple(dict.fromkeys(name.path for name in missing)),
        notes=tuple(notes),
        go_lines=tuple(_go_lines(work, (*members[1:], *replaced))),
    )


def _go_lines(work: _Work | None, joined: Iterable[Module]) -> Iterator[tuple[str, Evidence]]:
    """Go takes the highest go line of all that it builds as the release it needs."""
    stated = [(work.folder, "go.work", work.work.go, work.work.go_line)] if work else []
    stated += [(module.folder, "go.mod", module.mod.go, module.mod.go_line) for module in joined]
    for folder, file, version, line in stated:
        if version:
            yield version, Evidence(files.join(folder, file), line, f"go {version}", DECLARATION)


def _uses(work: _Work | None) -> Iterator[_Named]:
    if work is not None:
        for use in work.work.uses:
            evidence = Evidence(files.join(work.folder, "go.work"), use.line, f"use {use.path}")
            yield _Named(use.path, work.folder, "", evidence)


def _replacements(work: _Work | None, members: list[Module]) -> Iterator[_Named]:
    """The folders that stand for modules: in go.work, and in every go.mod that is built from."""
    stated = [(work.folder, "go.work", work.work.replaces)] if work else []
    stated += [(member.folder, "go.mod", member.mod.replaces) for member in members]
    for folder, file, replaces in stated:
        for replace in replaces:
            if replace.local:
                evidence = Evidence(files.join(folder, file), replace.line, f"replace {replace.old}")
                yield _Named(replace.new, folder, replace.old, evidence)


def _refused(reader: Reader, folder: str | None) -> str:
    """Why a folder cannot be in the context, as the end of a sentence; empty when it can."""
    outside = "outside the repository, which the build cannot see"
    if folder is None:
        return outside
    lexical = os.path.normpath(reader.root / folder)
    if not Path(lexical).is_relative_to(reader.within):
        return outside
    return "" if os.path.realpath(lexical) == lexical else "which leads through a symbolic link"


def _folder(reader: Reader, path: str, base: str) -> str | None:
    """A path of a file in ``base`` as a folder relative to the project; None for an absolute one."""
    path = path.replace("\\", "/")
    if posixpath.isabs(path) or "\0" in path:
        return None
    return _relative(reader.root / base / path, reader.root)


def _relative(path: Path, start: Path) -> str:
    relative = os.path.relpath(path, start).replace(os.sep, "/")
    return "" if relative == "." else relative


def _smallest(root: Path, folders: Iterable[str]) -> Path:
    """The folder that holds ``root`` and all of ``folders``, which are relative to it."""
    up = max((folder.split("/").count("..") for folder in folders), default=0)
    return root.parents[up - 1] if up else root


def _once(modules: Iterable[Module]) -> list[Module]:
    once: dict[str, Module] = {}
    for module in modules:
        once.setdefault(module.folder, module)
    return list(once.values())


def by_default(go: str | None) -> bool:
    """Whether Go builds from vendor/ without being told to, and has it fit go.mod, at that go line."""
    return required(go or "1.0") >= _VENDORED


def _is_vendored(reader: Reader, folder: str) -> bool:
    return reader.is_file(files.join(folder, "vendor/modules.txt"))


def _is_valid(path: str) -> bool:
    try:
        return bool(validate.folder(path))
    except validate.Invalid:
        return False
