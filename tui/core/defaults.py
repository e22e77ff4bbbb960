"""The proposed answer to every question, with the reason it is proposed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from tui.core import catalog, cpackages, stated, validate
from tui.core.final_image import PROGRAM_DIR
from tui.core.gorelease import minor, release_order
from tui.core.images import builder_of, runtime_of, uid_gid
from tui.core.project import Project
from tui.core.proposal import Default

if TYPE_CHECKING:
    from tui.core.plan import Plan


def constant(value: Any, reason: str) -> Callable[[Project, Plan], Default]:
    """A default that does not depend on the project."""
    return lambda project, plan: Default(value, reason)


def main(project: Project, plan: Plan) -> Default:
    if not project.mains:
        return Default(".", "no package main was found, so the module's root is assumed")
    best = next((found for found in project.mains if _usable(validate.main, found.package, "")), None)
    if best is None:
        return Default(".", "no folder of a package main is one that Go builds")
    reason = best.reason or best.evidence
    if len(project.mains) == 1:
        return Default(best.package, "the only program in this module", best.evidence)
    if best.reason is None:
        return Default(best.package, f"the likeliest of {len(project.mains)} programs", best.evidence)
    return Default(best.package, f"of {len(project.mains)} programs: {reason.why}", reason)


def binary(project: Project, plan: Plan) -> Default:
    chosen = next((m for m in project.mains if m.package == plan.main), None)
    name = chosen.name if chosen else plan.main.rsplit("/", 1)[-1]
    return Default(_usable(validate.binary, name, "app"), "the name Go gives this program")


def tag(project: Project, plan: Plan) -> Default:
    name = plan.binary.lower().strip("._-")
    return Default(
        _usable(validate.tag, f"{name}:dev", "app:dev"), "the program's name, as a development image"
    )


def go(project: Project, plan: Plan) -> Default:
    """The go line's own minor while it is maintained, else the oldest maintained above it."""
    releases = catalog.go_releases()
    if old := project.gopath:
        why = f"written for Go {old.language}, which gets no fixes any more; this is the nearest that does"
        return Default(releases.maintained[0], why, old.language_evidence or old.evidence)
    if project.go is None or not _usable(validate.go, project.go, ""):
        return Default(releases.newest, "go.mod has no go line, so the newest release")
    wanted = minor(project.go)
    line = project.go_evidence
    if wanted in releases.maintained:
        return Default(wanted, f"go.mod says {project.go}, and {wanted} is maintained", line)
    above = next((m for m in releases.maintained if _order(m) > _order(wanted)), None)
    if above is None:
        return Default(wanted, f"go.mod asks for {project.go}, newer than the releases known here", line)
    return Default(
        above,
        f"go.mod says {project.go}, which gets no fixes any more; {above} is the nearest that does",
        line,
    )


def builder(project: Project, plan: Plan) -> Default:
    image = runtime_of(plan) if "runtime" in plan.answered else None
    if image and image.os == "windows":
        same = [one for one in catalog.builders() if (one.os, one.release) == (image.os, image.release)]
        if same:
            smallest = min(same, key=lambda entry: entry.size_compressed or 0)
            return Default(smallest.id, "its engine builds the whole file, from images of one release")
    return Default("golang-trixie", "the official image; its Debian release matches the runtime images")


def cgo(project: Project, plan: Plan) -> Default:
    if project.cgo.required:
        evidence = project.cgo.evidence[0] if project.cgo.evidence else None
        why = evidence.why if evidence else "your code needs C"
        return Default(True, why, evidence, project.cgo.evidence[1:])
    return Default(False, "nothing in your code needs C, so the program can be static")


def link(project: Project, plan: Plan) -> Default:
    return Default("dynamic", "the usual way; the image brings the C library")


def build_tag(project: Project, plan: Plan) -> Default:
    return stated.tags(project) or Default((), "the other answers bring the tags they need")


def build_package(project: Project, plan: Plan) -> Default:
    if not plan.cgo:
        return Default((), "no C code is compiled")
    needed = c_needs(project, plan)
    if needed.build:
        return Default(needed.build, "your code's C libraries are compiled against these")
    return Default((), "the builder has all that is compiled against")


def package(project: Project, plan: Plan) -> Default:
    wanted = c_packages(project, plan)
    manager = runtime_of(plan).packages
    if wanted and manager:
        return Default(wanted, "the program loads these C libraries when it starts")
    if manager and (known := stated.packages(project, manager)):
        return known
    return Default((), "the program needs no further package")


def c_needs(project: Project, plan: Plan) -> cpackages.Needed:
    """What the project's C modules need of the builder and, when they are not linked in, of the runtime."""
    if not project.c_modules:
        return cpackages.NOTHING
    builder = builder_of(plan)
    static = plan.link == "static"
    return cpackages.needed(project.c_modules, builder.distribution, builder.release, static=static)


def c_packages(project: Project, plan: Plan) -> tuple[str, ...]:
    """Packages the runtime needs beside the C and C++ libraries it has already."""
    image, needed = runtime_of(plan), c_needs(project, plan)
    enough = not needed.shared and (not needed.cxx or image.cxx)
    if enough or not plan.cgo:
        return ()
    static = plan.link == "static"
    return cpackages.needed(project.c_modules, image.distribution, image.release, static=static).runtime


def runtime(project: Project, plan: Plan) -> Default:
    libc = project.need("libc")
    if (plan.cgo and plan.link == "dynamic") or libc:
        return _dynamic_runtime(project, plan)
    shell = project.need("program:sh") or project.need("program:bash")
    known = stated.base(project, needs_shell=shell is not None)
    if known:
        return known
    if shell:
        why = "your code runs a shell, and this is the smallest image with one"
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
        "the program is static; this is the smallest image with certificates, time zones and a non-root user",
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
            "distroless-cc-debian13", "the program links C++, and this is the smallest image with it"
        )
    why = "the program links the C library, and this is the smallest image that has the same one"
    return Default("distroless-base-debian13", why, evidence)


def platform(project: Project, plan: Plan) -> Default:
    image = runtime_of(plan)
    if image.os == "windows":
        return Default(("windows/amd64",), f"{image.label} is an image for Windows")
    return Default((), "the image runs where it is built")


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


def port(project: Project, plan: Plan) -> Default:
    if not project.ports:
        return Default((), "no listener was found in your code")
    found = tuple(dict.fromkeys(p.text for p in project.ports))
    first, *rest = (p.evidence for p in project.ports)
    why = "your code listens on" if first.file.endswith(".go") else "the project's files say"
    return Default(found, f"{why} {', '.join(found)}", first, tuple(rest))


def health(project: Project, plan: Plan) -> Default:
    if runtime_of(plan).os == "windows":
        return Default("none", "Windows images get no health check here")
    command = next((h for h in project.health if h.kind == "command"), None)
    if command and (check := _usable(validate.health, f"command {command.value}", "")):
        return Default(check, "the program has a command for it", command.evidence)
    route = next((h for h in project.health if h.kind == "http"), None)
    if route is None or not _usable(validate.health, f"http {route.value}", ""):
        return Default("none", "no health endpoint or command was found in your code")
    if runtime_of(plan).wget and any(port.endswith("/tcp") for port in plan.port):
        return Default(f"http {route.value}", "the image's wget can ask it", route.evidence)
    why = (
        f"{route.value} is there, but nothing in the image can ask it; http {route.value} adds a small probe"
    )
    return Default("none", why, route.evidence)


def zones(project: Project, plan: Plan) -> Default:
    need = project.need("tzdata")
    if runtime_of(plan).tz:
        return Default("image", "the image has them")
    if need:
        return Default("embed", "your code loads time zones, and the image has none", need.evidence)
    return Default("none", "your code loads no time zones")


def args(project: Project, plan: Plan) -> Default:
    return stated.args(project) or Default((), "the program starts without arguments")


def file(project: Project, plan: Plan) -> Default:
    seen = {opened.path: opened.evidence for opened in reversed(project.opened)}
    if project.front_end and project.front_end.served:
        seen.setdefault(project.front_end.wanted, project.front_end.evidence[0])
    if not seen:
        return Default((), "your code opens no file of the project")
    found = _each(validate.folder, reversed(seen))
    if not found:
        return Default((), "the names of the files your code opens may not stand in a Dockerfile")
    first, *rest = (seen[path] for path in found)
    return Default(found, "your code opens " + ", ".join(found), first, tuple(rest))


def workdir(project: Project, plan: Plan) -> Default:
    if plan.file:
        return Default("/app", "the program opens its files relative to where it starts")
    if runtime_of(plan).os == "linux" and (known := stated.workdir(project)):
        return known
    return Default("", "the program needs no place of its own")


def writable_dir(project: Project, plan: Plan) -> Default:
    holding = (PROGRAM_DIR, *(f"{plan.workdir}/{path}" for path in plan.file))
    known = stated.volumes(project, holding) if runtime_of(plan).os == "linux" else None
    return known or Default((), "only /tmp is writable")


def env(project: Project, plan: Plan) -> Default:
    return stated.env(project) or Default((), "nothing is set")


def version_variable(project: Project, plan: Plan) -> Default:
    if known := stated.variable(project):
        return known
    named = (v for v in project.versions if stated.says_version(v.name))
    found = next((v for v in named if _usable(validate.variable, v.name, "")), None)
    if found:
        return Default(found.name, "your code has a variable for it", found.evidence)
    return Default("", "no version variable was found")


def label(project: Project, plan: Plan) -> Default:
    known = {"source": project.source_url, "licenses": project.licence}
    texts = (f"org.opencontainers.image.{name}={value}" for name, value in known.items() if value)
    found = _each(validate.label, texts)
    return Default(found, "read from the repository" if found else "nothing to say was found")


def private(project: Project, plan: Plan) -> Default:
    hosts = _each(validate.module_host, (module.host for module in project.private))
    if not hosts:
        return Default((), "every required module seems to be public")
    first, *rest = (module.evidence for module in project.private)
    return Default(hosts, "no public proxy will have these modules", first, tuple(rest))


def front_end(project: Project, plan: Plan) -> Default:
    found = project.front_end
    if found is None:
        return Default("skip", "the project has none")
    first, rest = found.evidence[0], found.evidence[1:]
    if found.complete:
        return Default("skip", f"the bundle {found.wanted} is committed", first, rest)
    why = f"the bundle {found.wanted} is not in Git, and the program needs it"
    return Default("build", why, first, rest)


def node(project: Project, plan: Plan) -> Default:
    if project.front_end is None:
        return Default("", "the project has no front end")
    return Default(
        _usable(validate.node, project.front_end.node, ""), "what package.json asks for, else the newest LTS"
    )


def _order(version: str) -> tuple[int, int]:
    return release_order(version)[:2]


def _each(parse: Callable[[str], str], texts: Iterable[str]) -> tuple[str, ...]:
    """Those that are answers, each once: what a project says is checked as what a person types."""
    return tuple(dict.fromkeys(text for text in texts if _usable(parse, text, "")))


def _usable(parse: Callable[[str], Any], text: str, fallback: str) -> Any:
    try:
        return parse(text)
    except validate.Invalid:
        return fallback
