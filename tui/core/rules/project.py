"""What is built: the programs, their modules, the front end, the platforms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tui.core.build_stage import secrets
from tui.core.final_image import programs
from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import Fix, Problem, error, use_runtime, warning
from tui.core.text import printable

_WIDELY_BUILT = ("distroless-static-debian13", "alpine-3.24", "scratch", "debian-slim-trixie")
"""Images for most platforms, the likeliest to fit first."""


def main_exists(project: Project, plan: Plan) -> Iterator[Problem]:
    if any(plan.main == main.package for main in project.mains):
        return
    if project.main is None:
        yield error(
            "main-exists",
            "main",
            "No package main with func main was found.",
            "An image needs a program to run; a library has none.",
        )
        return
    yield error(
        "main-exists",
        "main",
        f"{plan.main} holds no package main with func main.",
        "Go would write an archive instead of a program, and the image could not start.",
        Fix(f"Build {project.main} instead", "main", project.main),
    )


def further_programs(project: Project, plan: Plan) -> Iterator[Problem]:
    known = {main.package for main in project.mains}
    wrong = tuple(package for package in plan.also if package not in known or package == plan.main)
    if wrong:
        yield error(
            "also-exists",
            "also",
            f"{', '.join(wrong)} is no other package main of the project.",
            "Go would write no program for it.",
            Fix("Leave it out", "also", tuple(package for package in plan.also if package not in wrong)),
        )
        return
    names = programs(project, plan)
    written = next((main.name for main in project.mains if main.package == plan.main), names[0])
    both = (Counter(names), Counter((written, *names[1:])))  # Go writes each under its own name first
    twice = [name for counted in both for name, count in counted.items() if count > 1]
    if twice:
        yield error(
            "also-names",
            "also",
            f"Two programs would be called {twice[0]}.",
            "They lie in one folder of the image, and one would replace the other.",
            Fix("Take the main program alone", "also", ()),
        )


def go_sum(project: Project, plan: Plan) -> Iterator[Problem]:
    if project.has_requirements and not project.has_go_sum and not project.has_vendor:
        yield error(
            "go-sum",
            "main",
            "go.sum is missing although go.mod requires modules.",
            "Go refuses modules it has no checksum for. Run go mod tidy in the project, then start again.",
        )


def replaces(project: Project, plan: Plan) -> Iterator[Problem]:
    for path in project.local_replaces:
        yield error(
            "replace-outside",
            "main",
            f"The build needs the module in {path}, which is not there or outside the repository.",
            "The build sees the project's repository only. Move the module inside, or vendor it with "
            "go mod vendor.",
        )


def front_end(project: Project, plan: Plan) -> Iterator[Problem]:
    found = project.front_end
    if found and not found.complete and plan.front_end == "skip":
        yield error(
            "front-end-missing",
            "front-end",
            f"The bundle {found.wanted} is not in Git, and nothing makes it ({found.evidence[0]}).",
            "The program would not compile, or would serve no pages.",
            Fix("Build the front end", "front-end", "build"),
        )


def private_modules(project: Project, plan: Plan) -> Iterator[Problem]:
    wild = [pattern for pattern in plan.private if "*" in pattern.split("/")[0]]
    if wild and plan.private_access == "ssh":
        yield error(
            "private-ssh-pattern",
            "private",
            f"{wild[0]} stands for several hosts, and SSH needs their names.",
            "Git is told host by host to use SSH instead of HTTPS.",
            Fix("Use netrc", "private-access", "netrc"),
        )


def secret_files(project: Project, plan: Plan) -> Iterator[Problem]:
    """Not an error: the files may be written here and built elsewhere."""
    for id, file in secrets(project, plan):
        if file.is_file():
            continue
        told = f"{printable(str(file))} is not there, and the build needs it."
        why = "A build on this machine is refused until the file is there."
        netrc, ssh = (Fix(f"Use {name}", "private-access", name) for name in ("netrc", "ssh"))
        if id == "company-ca":
            yield warning("secret-file", "ca-file", told, why, Fix("Do without it", "ca-file", ""))
        elif id == "netrc":
            yield warning("secret-file", "netrc", told, why, ssh)
        else:
            yield warning("host-keys", "private-access", told, f"It says whom ssh may trust. {why}", netrc)


def platforms(project: Project, plan: Plan) -> Iterator[Problem]:
    """Every platform must be one the images have, and the program's system the image's."""
    runtime, builder = runtime_of(plan), builder_of(plan)
    wanted = {platform.split("/")[0] for platform in plan.platform} or {"linux"}
    if wanted != {runtime.os}:
        fits = "windows/amd64" if runtime.os == "windows" else "linux/amd64"
        yield error(
            "platform-os",
            "platform",
            f"{runtime.label} is an image for {runtime.os}, and the platform is not.",
            "A program runs only on the system it was compiled for.",
            Fix(f"Build for {fits}", "platform", (fits,)),
        )
        return
    images = [runtime] if runtime.single_stage or not plan.cgo else [runtime, builder]
    for image in images:
        absent = [p for p in plan.platform if image.platforms and not _has(image.platforms, p)]
        if absent:
            yield error(
                "platform-image",
                "platform",
                f"{image.label} does not exist for {', '.join(absent)}.",
                f"It is published for {', '.join(image.platforms)}.",
                *(use_runtime(*_WIDELY_BUILT) if image is runtime else ()),
                Fix("Build for this engine", "platform", ()),
            )
    if plan.platform and (plan.cgo or plan.package):
        yield warning(
            "emulated",
            "platform",
            "For another platform than the engine's, this build runs programs of that platform.",
            "C code is compiled and packages are installed by its own programs; the engine needs QEMU.",
        )


def compiled(project: Project, plan: Plan) -> Iterator[Problem]:
    """What Go leaves out of the program on a platform, once the code was read for it."""
    if (project.platforms, project.tags) != (plan.platform, plan.build_tag):
        return
    for missing in project.unbuildable:
        others = tuple(p for p in plan.platform if not p.startswith(missing.platform))
        yield error(
            "platform-code",
            "platform",
            f"{printable(missing.package)} has no Go file for {missing.platform}.",
            f"The program needs it ({printable(str(missing.evidence))}), so Go refuses to build there.",
            Fix(f"Build for {', '.join(others)} only", "platform", others) if others else None,
        )
        return


def _has(known: tuple[str, ...], platform: str) -> bool:
    """Whether that platform, or the one it is a variant of, is among them."""
    return platform in known or (platform.startswith("linux/amd64/") and "linux/amd64" in known)


RULES = (
    main_exists,
    further_programs,
    go_sum,
    replaces,
    front_end,
    private_modules,
    secret_files,
    platforms,
    compiled,
)
