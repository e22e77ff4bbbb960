"""One look at a project: what reads what, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tui.core import validate
from tui.core.gorelease import required
from tui.core.inspect import (
    absent,
    application,
    cgo,
    clibraries,
    context,
    deployment,
    embeds,
    environment,
    excluded,
    files,
    health,
    mains,
    modcache,
    needs,
    notes,
    opened,
    packages,
    ports,
    private,
    repository,
    signals,
    tree,
    vendored,
    versions,
)
from tui.core.inspect.configured import Configured
from tui.core.inspect.deployment import merge
from tui.core.inspect.ignored import IgnoredFolders
from tui.core.inspect.locate import Located
from tui.core.inspect.packages import Graph, Package, Root
from tui.core.inspect.program import Program
from tui.core.inspect.seen import Seen
from tui.core.inspect.serving import Serving
from tui.core.inspect.targets import Targets
from tui.core.project import DECLARATION, Cgo, Embed, Evidence, FrontEnd, Main, Note, Project, Unbuildable
from tui.core.text import printable


class Inspection:
    def __init__(self, located: Located, seen: Seen, compiled_for: Targets, main: str | None) -> None:
        self.root, self.mod, self.gopath = located.root, located.mod, located.gopath
        self.below = located.below
        kept = (self.below, main.removeprefix("./") if main else "")
        self.reader = files.Reader(self.root, context.highest(self.root), seen)
        self.context = context.find(self.reader, self.mod)
        if self.gopath:
            self.context = self.context._replace(vendor="")
        self.reader.narrow(self.context.folder)
        self.notes: list[Note] = [*self.context.notes]
        ignored = IgnoredFolders(self.reader, kept)
        self.tree = tree.walk(self.reader, self.mod.ignored, choose=ignored.entered)
        self.notes += ignored.notes()
        joined = [Root(module.mod.module, module.folder) for module in self.context.joined]
        roots = [Root(self.mod.module, ""), *(root for root in joined if root.module)]
        self.graph = Graph(self.reader, self.tree, roots, self.context.vendor, compiled_for)

    def project(self, chosen: str | None) -> Project:
        own = list(self.graph.own())
        found = self._buildable(mains.find(own))
        around = repository.reader(self.root, self.reader.seen)
        own_name = mains.binary_name(self.mod.module)
        stated = deployment.find(
            around, self.mod.module, [own_name, self.root.name, *(m.name for m in found)]
        )
        asked = application.Asked(self.below, chosen)
        told, serving = merge.mains(stated, found), Serving(self.graph)
        rank = partial(application.rank, found, self.mod.module, self.root.name, told=told, serving=serving)
        ranked = rank(asked=asked)
        proposed = rank(asked=asked._replace(chosen=None)) if chosen else ranked
        reached: list[Package] = []
        start = ""
        unbuildable: tuple[Unbuildable, ...] = ()
        if ranked:
            start = packages.import_path(self.mod.module, mains.directory_of(ranked[0]))
            reached = self.graph.reachable(start, *self.graph.targets.all)
            unbuildable = excluded.find(self.graph, start, ranked[0])
        built = [package for package in reached if package.own]
        program = Program(self.graph, reached, self.reader)
        c_code = cgo.find(self.graph, start)
        beyond = modcache.find(self.graph, start, self.context)
        c_seen = (*c_code.cgo.evidence, *modcache.new(beyond.evidence, c_code.cgo.evidence))
        of_main = mains.directory_of(ranked[0]) if ranked else ""
        settings = Configured(self.reader, [of_main], ranked[0].name if ranked else "")
        listened = ports.find(program, built, settings)
        needed = needs.find(program, reached)
        reachable = merge.ports(listened.ports, listened.variables, stated)
        well = health.find(program, listened.servers, reachable.ports)
        healthy = merge.healths(well.healths, stated, reachable.ports)
        licence = repository.licence(around)
        embedded = list(embeds.find(self.reader, own))
        here = {package.path for package in own}
        beyond_here = (package for package in built if package.path not in here)
        embedded_beyond = list(embeds.find(self.reader, beyond_here))
        front_end = self._front_end(embedded, reached, program)
        read = opened.find(program, self.reader, embedded, front_end)
        self.notes += [
            *(notes.gopath(self.gopath) if self.gopath else notes.module(self.mod)),
            *notes.mains(ranked, self.tree.nested),
            *(excluded.notes(unbuildable) if ranked else excluded.programs(self.graph, own)),
            *self._vendor_notes(),
            *vendored.notes(self.reader, self.context, self.mod),
            *absent.notes(self.graph, reached, self.mod, self.reader, around),
            *notes.embeds([*embedded, *embedded_beyond], reached, front_end),
            *c_code.notes,
            *listened.notes,
            *reachable.notes,
            *(well.notes if not healthy else ()),
            *read.notes,
            *notes.cut(program),
            *self.reader.notes(),
        ]
        go, go_seen = self._go()
        read_variables = environment.find(program)
        of_program = listened.variables | {variable.name for variable in read_variables}
        return Project(
            root=self.root,
            module=self.mod.module,
            go=go,
            go_evidence=go_seen,
            toolchain=self.mod.toolchain,
            toolchain_evidence=_line(self.mod.toolchain_line, f"toolchain go{self.mod.toolchain}"),
            mains=tuple(ranked),
            proposed=tuple(proposed),
            has_go_sum=self._has_sums(),
            has_requirements=self._has_requirements(),
            has_vendor=self.context.vendor is not None,
            local_replaces=self.context.missing,
            cgo=Cgo(bool(c_seen), c_seen),
            ports=reachable.ports,
            needs=(*needed, *c_code.libc[:1]),
            embeds=(*embedded, *embedded_beyond),
            packages=tuple(folder or "." for folder in self.tree.folders),
            reached=(*(p.directory or "." for p in built), *clibraries.read(self.graph, built)),
            listens=listened.ports,
            front_end=front_end,
            notes=tuple(self.notes),
            context=self.context.folder,
            place=self.context.place,
            module_files=context.module_files(self.reader, self.context),
            opened=read.opened,
            c_modules=tuple(dict.fromkeys((*clibraries.find(self.graph, start), *beyond.c_modules))),
            health=healthy,
            versions=versions.find(reached, self.reader),
            private=private.find(around, self.context, licence),
            # Other variables are not the image's, and their values may be secret.
            environment=read_variables,
            stops=signals.find(program),
            stated=tuple(s for s in stated if s.what != "env" or s.value in of_program),
            uses_lfs=repository.uses_lfs(around),
            source_url=repository.source_url(around, self.mod.module),
            licence=licence,
            uses_workspace=self.context.work is not None,
            gopath=self.gopath,
            unbuildable=unbuildable,
        )

    def _go(self) -> tuple[str | None, Evidence | None]:
        """The highest go line of all that is built."""
        own = (self.mod.go, _line(self.mod.go_line, f"go {self.mod.go}"))
        return max((own, *self.context.go_lines), key=lambda found: required(found[0] or "1.0"))

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

    def _has_sums(self) -> bool:
        """Whether some module of the build has checksums; a workspace may keep them in go.work.sum."""
        places = [files.join(module.folder, "go.sum") for module in self.context.members]
        if self.context.work is not None:
            places.append(files.join(self.context.work, "go.work.sum"))
        return any(self.reader.is_file(place) for place in places)

    def _front_end(self, embedded: list[Embed], reached: list[Package], program: Program) -> FrontEnd | None:
        if not self.tree.front_ends:
            return None
        from tui.core.inspect import frontend  # most projects have none, and it is a tenth of the import

        found = frontend.find(self.reader, self.tree.front_ends, embedded, reached, program)
        self.notes += found.notes
        return found.front_end

    def _has_requirements(self) -> bool:
        """Whether a module has to be downloaded: not those that lie in the context."""
        modules = (*self.context.members, *self.context.replaced)
        local = self.context.local
        return any(require.path not in local for module in modules for require in module.mod.requires)

    def _vendor_notes(self) -> Iterator[Note]:
        if not self.reader.is_folder("vendor") or self.context.vendor is not None or not self.mod.requires:
            return
        if not context.by_default(self.mod.go):
            why = "Go builds from vendor/ where go.mod says go 1.14 or newer, so the modules are downloaded."
            yield Note(why, _line(self.mod.go_line, f"go {self.mod.go}"))
        else:
            yield Note("vendor/ has no modules.txt, so Go refuses it: run go mod vendor, or delete vendor/.")


def _line(number: int, why: str) -> Evidence | None:
    return Evidence("go.mod", number, why, DECLARATION) if number else None
