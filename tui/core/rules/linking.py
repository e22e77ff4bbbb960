"""C code: whether it is compiled, against what, and whether the runtime has what is loaded."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.catalog import Builder, Image
from tui.core.cpackages import Needed, compilers
from tui.core.defaults.c_code import c_needs, c_packages
from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import BUILDER, Fix, Problem, error, use_builder, use_runtime, warning

_STATIC = Fix("Link it statically", "link", "static")
_DYNAMIC = Fix("Link it dynamically", "link", "dynamic")
_WITH = {
    "glibc": (
        "distroless-base-debian13",
        "distroless-cc-debian13",
        "debian-slim-trixie",
        "debian-slim-bookworm",
        "chainguard-glibc-dynamic",
    ),
    "musl": ("alpine-3.24", "alpine-3.23"),
}
_INSTALLING = ("debian-slim-trixie", "debian-slim-bookworm", "alpine-3.24", "alpine-3.23")
_SYSTEMS = {"windows": "Windows", "darwin": "macOS"}


def cgo_needed(project: Project, plan: Plan) -> Iterator[Problem]:
    if project.cgo.required and not plan.cgo:
        seen = project.cgo.evidence[0] if project.cgo.evidence else None
        where = f" ({seen})" if seen else ""
        yield error(
            "cgo-needed",
            "cgo",
            f"Your code needs CGO{where}, and it is off.",
            "The build would fail, or the program would at its first call of that code.",
            Fix("Switch CGO on", "cgo", True),
        )


def libc(project: Project, plan: Plan) -> Iterator[Problem]:
    """A dynamic program needs the C library it was linked with, no older than there."""
    purego = project.need("libc") if not plan.cgo else None
    if not purego and not (plan.cgo and plan.link == "dynamic"):
        return
    builder, runtime = builder_of(plan), runtime_of(plan)
    if builder.os == "windows" or runtime.os == "windows":
        return
    cause = f"Although CGO is off ({purego.evidence})" if purego else "With CGO on"
    linked = builder.libc
    if linked not in _WITH:
        yield error(
            "builder-libc",
            "builder",
            f"No C library was found in {builder.label}.",
            "C code is linked with it, and the final image must have the same one.",
            *use_builder(BUILDER),
        )
        return
    if runtime.libc == linked:
        if not purego:
            yield from _older(plan)
        return
    has = f"has {runtime.libc}" if runtime.libc not in ("none", "") else "has no C library"
    needed = c_needs(project, plan)
    static = plan.cgo and not needed.shared and not needed.bundled and runtime.os == "linux"
    static = static and not project.need("libc")
    yield error(
        "libc",
        "runtime",
        f"{cause} the program needs {linked}; {runtime.label} {has}.",
        "It would stop at once with “no such file or directory”.",
        _STATIC if static and runtime.libc == "none" else None,
        *use_runtime(*_WITH[linked]),
        _STATIC if static else None,
        *(use_builder(BUILDER, "golang-bookworm", "golang-alpine3.24") if plan.cgo else ()),
    )


def opened_libraries(project: Project, plan: Plan) -> Iterator[Problem]:
    """What is opened when the program runs needs the C library it was linked with, whole."""
    need, builder, runtime = project.need("libc"), builder_of(plan), runtime_of(plan)
    if not need:
        return
    if not runtime.libdl and runtime.libc == "glibc":
        yield error(
            "libc-dl",
            "runtime",
            f"Your code opens C libraries when it runs ({need.evidence}); {runtime.label} has no libdl.",
            "It would stop at once: libdl.so.2 cannot be opened.",
            *use_runtime(*_WITH["glibc"]),
        )
    same = (builder.libc, builder.libc_version) == (runtime.libc, runtime.libc_version)
    if plan.cgo and plan.link == "static" and not (same and builder.libc == "glibc"):
        yield error(
            "libc-static",
            "link",
            f"Your code opens C libraries when it runs ({need.evidence}), and would be linked statically.",
            f"It would find the C library of {runtime.label}, which is not the one that is linked in.",
            _DYNAMIC,
        )


def _older(plan: Plan) -> Iterator[Problem]:
    builder, runtime = builder_of(plan), runtime_of(plan)
    if _version(runtime.libc_version) >= _version(builder.libc_version):
        return
    older = {"glibc": (BUILDER, "golang-bookworm"), "musl": ("golang-alpine3.23",)}[builder.libc]
    newer = {"glibc": ("chainguard-glibc-dynamic", "wolfi-base"), "musl": ("alpine-3.24",)}[builder.libc]
    yield error(
        "libc-older",
        "builder",
        f"{runtime.label} has {runtime.libc} {runtime.libc_version}, older than {builder.label}'s "
        f"{builder.libc_version}.",
        "The program may ask for functions that are not there and then does not start.",
        *use_builder(*older),
        _STATIC,
        *use_runtime(*newer),
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def c_libraries(project: Project, plan: Plan) -> Iterator[Problem]:
    """What the C modules need must be possible with this builder and in this runtime."""
    if not plan.cgo:
        return
    builder, runtime, needed = builder_of(plan), runtime_of(plan), c_needs(project, plan)
    if builder.os == "windows":
        return
    for reason in needed.impossible:
        yield error(
            "c-impossible",
            "builder",
            f"{reason.module} cannot be built on {builder.label}.",
            f"{reason.why[0].upper()}{reason.why[1:]}.",
            _DYNAMIC if plan.link == "static" else None,
            *use_builder(BUILDER),
        )
    yield from _beyond_packages(needed, builder)
    if plan.link == "static":
        return
    if needed.cxx and not runtime.cxx and not runtime.packages:
        yield error(
            "cxx",
            "runtime",
            f"The program links C++; {runtime.label} has no libstdc++.",
            "It would stop at once: libstdc++.so.6 cannot be opened.",
            *use_runtime("distroless-cc-debian13", "chainguard-glibc-dynamic", *_INSTALLING),
        )
    if needed.shared and not runtime.single_stage and _place(builder) != _place(runtime) and runtime.packages:
        yield error(
            "c-libraries-release",
            "runtime",
            f"The program links libraries as {builder.label} has them; {runtime.label} has its own.",
            "Another release has other versions of them, in packages of other names.",
            *use_runtime(*_INSTALLING),
        )
        return
    missing = tuple(name for name in c_packages(project, plan) if name not in plan.package)
    if missing and not runtime.single_stage:
        yield error(
            "c-libraries",
            "package",
            f"The program loads {', '.join(missing)}; {runtime.label} does not have it.",
            "It would stop at once: the shared library cannot be opened.",
            Fix(f"Install {', '.join(missing)}", "package", (*plan.package, *missing))
            if runtime.packages
            else None,
            *use_runtime(*_INSTALLING),
        )


def _beyond_packages(needed: Needed, builder: Builder) -> Iterator[Problem]:
    """What no package manager brings, and what nobody knows."""
    for reason in needed.notices:
        yield warning("c-notice", "package", f"{reason.module} needs more than packages.", reason.why)
    for module in needed.unknown:
        yield warning(
            "c-unknown",
            "build-package",
            f"Which packages {module} needs on {builder.label} is not known here.",
            "Without them the compiler stops at a header or a library that is not there; name them yourself.",
        )


def _place(image: Image) -> tuple[str, str]:
    return image.distribution, image.release


def package_manager(project: Project, plan: Plan) -> Iterator[Problem]:
    builder, runtime = builder_of(plan), runtime_of(plan)
    if plan.package and not runtime.packages:
        yield error(
            "package-manager",
            "runtime",
            f"{runtime.label} has no package manager for {', '.join(plan.package)}.",
            "Packages are installed in the final image itself.",
            *use_runtime(*_INSTALLING),
            Fix("Install none", "package", ()),
        )
    if plan.cgo and plan.build_package and not builder.packages:
        yield error(
            "build-package-manager",
            "builder",
            f"{builder.label} has no package manager for {', '.join(plan.build_package)}.",
            "C code is compiled against these packages.",
            *use_builder(BUILDER, "golang-bookworm", "golang-alpine3.24"),
        )
    installable = builder.packages and compilers(builder.distribution)
    if plan.cgo and not builder.gcc and not installable and builder.os == "linux":
        yield error(
            "compiler",
            "builder",
            f"{builder.label} has no C compiler and no known way to install one.",
            "With CGO on Go stops with “C compiler gcc not found”.",
            *use_builder(BUILDER, "golang-bookworm", "golang-alpine3.24"),
        )


def system(project: Project, plan: Plan) -> Iterator[Problem]:
    wanted = {runtime_of(plan).os} | {platform.split("/")[0] for platform in plan.platform}
    for name in sorted(wanted - {"linux"}) if plan.cgo else ():
        yield error(
            "cgo-system",
            "cgo",
            f"C code cannot be compiled for {_SYSTEMS[name]} on Linux here.",
            f"It needs a C compiler for {_SYSTEMS[name]}, which the builder does not have.",
            Fix("Switch CGO off", "cgo", False),
            *use_runtime(*_WITH["glibc"]),
            Fix("Build for Linux", "platform", ()),
        )


RULES = (cgo_needed, libc, opened_libraries, c_libraries, package_manager, system)
