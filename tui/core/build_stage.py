"""How the builder stage compiles: flags, tags, packages and mounts, read from the plan alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.core.catalog import Builder
from tui.core.cpackages import compilers
from tui.core.defaults.c_code import c_needs
from tui.core.final_image import FinalImage
from tui.core.front_end_stage import by_folder, has_bundle
from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import reference
from tui.core.source_folder import gopath_env, source_folder

OUTPUT_DIR, FILES_DIR, BUNDLED_DIR = "/out", "/files", "/bundled"
LIBRARY_DIR = "/usr/local/lib"
"""Where programs look for shared objects that came with their modules."""

STRIPPED = "-s -w"
"""What the linker is told for a program without symbols and debugging information."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStage:
    """``folder`` is where the project lies in the stage; the context is mounted at ``source``.

    ``gopath`` is set for the stage where there is no go.mod.
    ``module_files`` are (files, folder) of the context that ``go mod download`` reads where it is a step.
    ``copies`` tells that the sources are copied into the stage instead of mounted: where a bundle is put
    among them, and in a workspace, whose checksums Go writes beside them.
    ``privileged`` tells that the builder runs as another user than root, so that the stage must become
    root first. ``cache_id`` keeps objects compiled against other C libraries apart, "" where no C is.
    ``mains`` are package patterns, ``programs`` the paths of what they become, ``renames`` (from, to) of
    those Go names otherwise. ``env`` and ``compile_env`` are set for the stage and for the compile step.
    ``bundled`` are the folders below which shared objects lie that the programs load, empty where they
    load none of these; the build puts them into ``bundled_dir``.
    ``certificates`` (empty where there are none) and ``zones`` are where the builder has them.
    """

    reference: str
    versioned: bool
    go: str
    privileged: bool
    native: bool
    manager: str
    packages: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    compile_env: tuple[tuple[str, str], ...]
    gopath: tuple[tuple[str, str], ...]
    source: str
    folder: str
    download: bool
    module_mount: bool
    module_files: tuple[tuple[tuple[str, ...], str], ...]
    copies: bool
    module_cache: str
    build_cache: str
    cache_id: str
    tags: tuple[str, ...]
    cgo: bool
    static: bool
    link: tuple[str, ...]
    version_variable: str
    mains: tuple[str, ...]
    output: str
    programs: tuple[str, ...]
    renames: tuple[tuple[str, str], ...]
    private: tuple[str, ...]
    access: str
    ca: bool
    bundled: tuple[str, ...]
    bundled_dir: str
    certificates: str
    zones: str

    @property
    def tag_flags(self) -> tuple[str, ...]:
        """What go build, go vet and go test are told of the build tags."""
        return ("-tags", ",".join(self.tags)) if self.tags else ()

    def linking(self, version: str) -> str:
        """What go build tells the linker; ``version`` is the program's, or a variable that holds it."""
        words = [STRIPPED]
        if self.version_variable:
            words.append(f"-X {self.version_variable}={version}")
        if self.bundled:
            words.append(f"-extldflags '-Wl,-rpath,{LIBRARY_DIR}'")
        if self.static:
            words.append(f"-linkmode external -extldflags '{' '.join(('-static', *self.link))}'")
        return " ".join(words)

    @property
    def ssh_hosts(self) -> tuple[str, ...]:
        """The hosts Git is to reach by SSH; a pattern with * names none."""
        hosts = (pattern.split("/")[0] for pattern in self.private if self.access == "ssh")
        return tuple(dict.fromkeys(host for host in hosts if "*" not in host))


def build_stage(project: Project, plan: Plan, final: FinalImage) -> BuildStage:
    """The builder stage of that plan."""
    builder = builder_of(plan)
    static = plan.cgo and plan.link == "static"
    needed = c_needs(project, plan)
    output_dir = final.program_dir if final.single_stage else OUTPUT_DIR
    several = bool(plan.also)
    return BuildStage(
        reference=reference(plan, builder.reference),
        versioned=builder.versioned and "@" not in reference(plan, builder.reference),
        go=plan.go,
        privileged=not builder.user.startswith("0:"),
        native=plan.cgo or final.single_stage,
        manager=builder.packages,
        packages=_packages(project, plan, final, builder),
        env=tuple(builder.env.items()),
        compile_env=needed.env if plan.cgo else (),
        gopath=gopath_env(project, windows=builder.os == "windows"),
        source=str(source_folder(project)),
        folder=str(source_folder(project) / project.place),
        download=bool(project.module_files) and project.has_requirements and not project.has_vendor,
        module_mount=not project.has_vendor,
        module_files=by_folder(project.module_files),
        copies=project.uses_workspace or has_bundle(project, plan),
        module_cache=builder.module_cache,
        build_cache=builder.build_cache,
        cache_id="-".join(("go-build", builder.id, *plan.build_package)) if plan.cgo else "",
        tags=_tags(plan, needed.tags if plan.cgo else (), static=static),
        cgo=plan.cgo,
        static=static,
        link=needed.link,
        version_variable=plan.version_variable,
        mains=(plan.main, *plan.also),
        output=f"{output_dir}/" if several else f"{output_dir}/{final.programs[0]}",
        programs=tuple(f"{output_dir}/{name}" for name in final.programs),
        renames=_renames(project, plan, final, output_dir) if several else (),
        private=plan.private if has_private_modules(project, plan) else (),
        access=plan.private_access,
        ca=bool(plan.ca_file),
        bundled=_bundled(project, builder) if plan.cgo and needed.bundled else (),
        bundled_dir=LIBRARY_DIR if final.single_stage else BUNDLED_DIR,
        certificates=builder.roots if builder.ca else "",
        zones=builder.zoneinfo,
    )


def has_private_modules(project: Project, plan: Plan) -> bool:
    """Whether the build fetches modules with the user's credentials."""
    return bool(plan.private) and project.has_requirements and not project.has_vendor


def secrets(project: Project, plan: Plan) -> Iterator[tuple[str, Path]]:
    """What is mounted while it builds, as (id, file of this machine)."""
    if plan.ca_file:
        yield "company-ca", Path(plan.ca_file).expanduser()
    if not has_private_modules(project, plan):
        return
    if plan.private_access == "ssh":
        yield "known-hosts", Path("~/.ssh/known_hosts").expanduser()
    else:
        yield "netrc", Path(plan.netrc or "~/.netrc").expanduser()


def _packages(project: Project, plan: Plan, final: FinalImage, builder: Builder) -> tuple[str, ...]:
    """What the stage installs; a single stage also what the program needs when it runs."""
    compiler = () if builder.gcc or not plan.cgo else compilers(builder.distribution)
    fetching = fetchers(plan, builder) if has_private_modules(project, plan) else ()
    running = final.packages if final.single_stage else ()
    return tuple(sorted({*compiler, *fetching, *running, *(plan.build_package if plan.cgo else ())}))


def _bundled(project: Project, builder: Builder) -> tuple[str, ...]:
    return tuple(filter(None, (builder.module_cache, str(source_folder(project)))))


def fetchers(plan: Plan, builder: Builder) -> tuple[str, ...]:
    """Programs that fetch private modules and are not in the builder."""
    git = () if builder.git else ("git",)
    return (*git, "openssh-client") if plan.private_access == "ssh" and not builder.ssh else git


def _tags(plan: Plan, needed: tuple[str, ...], *, static: bool) -> tuple[str, ...]:
    """The person's tags, then those that time zones, C modules and static linking need."""
    zones = ("timetzdata",) if plan.zones == "embed" else ()
    pure = ("netgo", "osusergo") if static else ()
    return tuple(dict.fromkeys((*plan.build_tag, *zones, *needed, *pure)))


def _renames(project: Project, plan: Plan, final: FinalImage, folder: str) -> tuple[tuple[str, str], ...]:
    """Go names each of several programs itself; only the first may be called otherwise."""
    suffix = ".exe" if runtime_of(plan).os == "windows" else ""
    own = next((m.name for m in project.mains if m.package == plan.main), plan.binary) + suffix
    return ((f"{folder}/{own}", f"{folder}/{final.programs[0]}"),) if own != final.programs[0] else ()
