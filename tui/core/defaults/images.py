"""Proposals for the base images and the user: those of an old Dockerfile, else by what the program needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core import catalog, stated
from tui.core.defaults.c_code import c_needs
from tui.core.images import builder_of, runtime_of, uid_gid
from tui.core.project import Project
from tui.core.proposal import Default

if TYPE_CHECKING:
    from tui.core.plan import Plan


def builder(project: Project, plan: Plan) -> Default:
    image = runtime_of(plan) if "runtime" in plan.answered else None
    if image and image.os == "windows":
        same = [one for one in catalog.builders() if (one.os, one.release) == (image.os, image.release)]
        if same:
            smallest = min(same, key=lambda entry: entry.size_compressed or 0)
            return Default(smallest.id, "its engine builds the whole file, from images of one release")
    return Default("golang-trixie", "the official image; its Debian release matches the runtime images")


def runtime(project: Project, plan: Plan) -> Default:
    libc = project.need("libc")
    if (plan.cgo and plan.link == "dynamic") or libc:
        return _dynamic_runtime(project, plan)
    shell = project.need("program:sh") or project.need("program:bash")
    known = stated.base(project, needs_shell=shell is not None)
    if known:
        return known
    if shell:
        why = "your code runs a shell, and this is the smallest image with one and a package manager"
        return Default("alpine-3.24", why, shell.evidence)
    client = project.need("ca-certificates")
    if client:
        return Default(
            "distroless-static-debian13",
            "the program is static and calls TLS servers, so it needs CA certificates and nothing else",
            client.evidence,
        )
    return Default(
        "distroless-static-debian13",
        "the program is static; no smaller proven image has certificates, time zones and a non-root user",
    )


def _dynamic_runtime(project: Project, plan: Plan) -> Default:
    """The smallest image with the C library and the packages that the program loads."""
    libc = project.need("libc") if not plan.cgo else None
    evidence = libc.evidence if libc else None
    needed = c_needs(project, plan)
    builder = builder_of(plan)
    if builder.libc == "musl":
        chosen = "alpine-3.23" if builder.release == "alpine3.23" else "alpine-3.24"
        return Default(chosen, "the program links musl, which only Alpine has", evidence)
    if builder.distribution == "wolfi":
        return Default(
            "chainguard-glibc-dynamic", "it has the C library this builder links against", evidence
        )
    if plan.cgo and needed.shared:
        chosen = "debian-slim-bookworm" if builder.release == "bookworm" else "debian-slim-trixie"
        return Default(chosen, f"the program loads {', '.join(needed.runtime)}, which can be installed there")
    if plan.cgo and needed.bundled:
        return Default(
            "distroless-cc-debian13",
            "the program loads a prebuilt library, and these often need the libgcc that is in this image",
        )
    if plan.cgo and needed.cxx:
        return Default(
            "distroless-cc-debian13", "the program links C++, and this is the smallest proven image with it"
        )
    why = "the program links the C library, and this image has the same one, with OpenSSL beside it"
    return Default("distroless-base-debian13", why, evidence)


def user(project: Project, plan: Plan) -> Default:
    image = runtime_of(plan)
    if image.os == "windows":
        return Default(image.user, "the image's own user without administrator's rights")
    if known := stated.user(project, image.users):
        return known
    return Default(
        "65532:65532", "the id called nonroot in distroless images; not root, so an intruder is not either"
    )


def user_name(project: Project, plan: Plan) -> Default:
    image = runtime_of(plan)
    if image.os == "windows" or uid_gid(plan) in image.users.values() or uid_gid(plan).startswith("0:"):
        return Default("", "the image has a name for its user already")
    if image.reference == "scratch":
        return Default("app", "scratch knows no users")
    need = project.need("users")
    if need:
        return Default("app", "your code looks up its user", need.evidence)
    return Default("", "the program does not look up its user")


def zones(project: Project, plan: Plan) -> Default:
    need = project.need("tzdata")
    if runtime_of(plan).tz:
        return Default("image", "the image has them")
    if need:
        return Default("embed", "your code loads time zones, and the image has none", need.evidence)
    return Default("none", "your code loads no time zones")
