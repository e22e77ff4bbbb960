"""Reads a Go project without Go: what is built, for what, and what it needs, with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tui.core import validate
from tui.core.inspect import cgo, dockerfile, embeds, files, gomod, mains, needs, packages, ports
from tui.core.inspect.gomod import GoMod
from tui.core.inspect.locate import Located, locate, workspace
from tui.core.inspect.packages import STATIC, WITH_CGO, Graph, Package, Root
from tui.core.inspect.program import Program
from tui.core.project import Embed, Evidence, ListenPort, Main, Note, Project
from tui.core.text import printable

__all__ = ["inspect"]


def inspect(path: Path, main: str | None = None) -> Project:
    """Reads the Go module that ``path`` is, or lies in.

    Ports, needs and cgo are those of the proposed main package; ``main`` (``./cmd/server``) proposes
    that one instead when the module has it. Nothing of the project is run, no link is followed out
    of it. Raises NotAProject.
    """
    located = locate(path)
    return _Inspection(located).project(main)


class _Inspection:
    def __init__(self, located: Located) -> None:
        self.root, self.mod = located.root, located.mod
        self.below = located.below
        self.reader = files.Reader(self.root)
        self.notes: list[Note] = []
        self.vendored = (self.root / "vendor" / "modules.txt").is_file()
        self.tree = files.walk(self.reader, ignored=self.mod.ignored)
        joined = packages.joined_modules(self.reader, self._joined_folders())
        roots = [Root(self.mod.module, ""), *joined]
        self.graph = Graph(self.reader, self.tree, roots, self.vendored)

    def project(self, chosen: str | None) -> Project:
        own = list(self.graph.own())
        found = self._buildable(mains.find(own))
        ranked = mains.rank(found, self.mod.module, self.root.name, self.below, chosen)
        reached: list[Package] = []
        start = ""
        if ranked:
            start = packages.import_path(self.mod.module, mains.directory_of(ranked[0]))
            reached = self.graph.reachable(start, STATIC, WITH_CGO)
        program = Program(self.graph, reached, self.reader)
        c_code = cgo.find(self.graph, start)
        listened = ports.find(program, [package for package in reached if package.own])
        needed = needs.find(program, reached)
        embedded = list(embeds.find(self.root, own))
        self.notes += [
            *_mod_notes(self.mod),
            *_mains_notes(ranked, self.tree.nested),
            *self._vendor_notes(),
            *_embed_notes(embedded, reached),
            *c_code.notes,
            *listened.notes,
            *self.reader.notes(),
        ]
        return Project(
            root=self.root,
            module=self.mod.module,
            go=self.mod.go,
            go_evidence=_line(self.mod.go_line, f"go {self.mod.go}"),
            toolchain=self.mod.toolchain,
            toolchain_evidence=_line(self.mod.toolchain_line, f"toolchain go{self.mod.toolchain}"),
            mains=tuple(ranked),
            has_go_sum=(self.root / "go.sum").is_file(),
            has_requirements=self._has_requirements(),
            has_vendor=self.vendored,
            local_replaces=self.local_replaces,
            cgo=c_code.cgo,
            ports=tuple(self._ports(listened.ports)),
            needs=(*needed, *c_code.libc[:1]),
            embeds=tuple(embedded),
            packages=tuple(folder or "." for folder in self.tree.folders),
            notes=tuple(self.notes),
        )

    def _buildable(self, found: list[Main]) -> list[Main]:
        """Those whose folder is an import path; Go builds no other, and no other name may go further."""
        kept: list[Main] = []
        for main in found:
            try:
                validate.main(main.package)
            except validate.Invalid:
                text = f"Go cannot build {printable(main.package)}: its name is no import path."
                self.notes.append(Note(text, main.evidence))
            else:
                kept.append(main)
        return kept

    def _has_requirements(self) -> bool:
        """Whether a module has to be downloaded: not those that lie in the project."""
        inside = {root.module for root in self.graph.roots}
        replaced = {r.old for r in self.mod.replaces if r.local}
        return any(require.path not in inside | replaced for require in self.mod.requires)

    def _joined_folders(self) -> list[str]:
        """Folders of this project whose modules replace and go.work join to it; notes for others."""
        folders: list[str] = []
        self.local_replaces: tuple[str, ...] = ()
        for replace in self.mod.replaces:
            if not replace.local:
                continue
            folder = packages.local_folder("", replace.new)
            if folder is not None:
                folders.append(folder)
                self.local_replaces += (folder,)
            elif not self.vendored:
                self.local_replaces += (replace.new,)
                evidence = Evidence("go.mod", replace.line, f"replace {replace.old}")
                self.notes.append(
                    Note(_outside(f"go.mod replaces {replace.old} with {replace.new}"), evidence)
                )
        return folders + self._workspace_folders()

    def _workspace_folders(self) -> list[str]:
        """Folders of this project that go.work joins to it; a note when it joins others as well."""
        work = workspace(self.root)
        if work is None:
            return []
        place = self.root.relative_to(work.parent).as_posix()
        base = "" if place == "." else place
        uses = gomod.parse_work(files.Reader(work.parent).read("go.work") or b"").uses
        folders = {use.path: packages.local_folder("", use.path) for use in uses}
        if base not in folders.values():
            return []
        outside = [path for path, folder in folders.items() if folder is None or not _is_in(folder, base)]
        if outside:
            self.notes.append(Note(_outside(f"go.work joins this module with {', '.join(outside)}")))
        inside = (folder for folder in folders.values() if folder and _is_in(folder, base))
        return [folder.removeprefix(base).strip("/") for folder in inside]

    def _ports(self, found: tuple[ListenPort, ...]) -> Iterator[ListenPort]:
        """Those of an existing Dockerfile first: someone decided them."""
        known = {(port.port, port.protocol): port for port in found}
        stated = list(dockerfile.ports(self.reader.read("Dockerfile") or b""))
        for port in dict.fromkeys((p.port, p.protocol) for p in stated):
            evidence = next(p.evidence for p in stated if (p.port, p.protocol) == port)
            loopback = known[port].loopback if port in known else False
            yield ListenPort(*port, evidence, loopback)
            known.pop(port, None)
        yield from known.values()

    def _vendor_notes(self) -> Iterator[Note]:
        if (self.root / "vendor").is_dir() and not self.vendored and self.mod.requires:
            yield Note("vendor/ has no modules.txt, so Go refuses it: run go mod vendor, or delete vendor/.")


def _mod_notes(mod: GoMod) -> Iterator[Note]:
    if mod.go is None:
        evidence = Evidence("go.mod", mod.module_line, "no go line")
        yield Note(
            "go.mod has no go line, so Go reads the code as Go 1.16: go mod edit -go=1.N adds one.", evidence
        )
    for number in mod.malformed[:1]:
        evidence = Evidence("go.mod", number, "not understood")
        yield Note(f"Line {number} of go.mod is none Go understands.", evidence)


def _mains_notes(ranked: list[Main], nested: tuple[str, ...]) -> Iterator[Note]:
    if not ranked:
        where = f" Modules below it: {', '.join(nested[:5])}." if nested else ""
        yield Note(
            f"The module has no package main with a func main: there is no program to put in an image.{where}"
        )


def _embed_notes(embedded: list[Embed], reached: list[Package]) -> Iterator[Note]:
    folders = {package.directory or "." for package in reached}
    for embed in embedded:
        if not embed.files and embed.directory in folders:
            text = f"//go:embed {embed.pattern} matches no file, so the program does not compile as it is."
            yield Note(text, embed.evidence)


def _is_in(folder: str, base: str) -> bool:
    return not base or folder == base or folder.startswith(f"{base}/")


def _line(number: int, why: str) -> Evidence | None:
    return Evidence("go.mod", number, why) if number else None


def _outside(what: str) -> str:
    return f"{what}, outside the project's folder, which the build cannot see."
