"""The base images: whether they exist, are maintained, can be had and bring what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tui.core import catalog, defaults, own_image, validate
from tui.core.build_stage import fetchers, has_private_modules
from tui.core.gorelease import minor, release_order, required
from tui.core.images import builder_of, runtime_of, unread
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import bases
from tui.core.rules.problem import BUILDER, Fix, Problem, error, use_builder, use_runtime, warning

_BUSYBOX = frozenset({"sh", "ls", "cat", "echo", "true", "env"})


def go_new_enough(project: Project, plan: Plan) -> Iterator[Problem]:
    builder = builder_of(plan)
    if not builder.versioned:
        newest = catalog.go_releases().newest
        if not builder.go and project.go and release_order(newest) < required(project.go):
            yield error(
                "go-new-enough",
                "builder",
                f"{builder.label} brings Go {newest}, older than the {project.go} that go.mod asks for.",
                "The build sets GOTOOLCHAIN=local, so it would stop instead of fetching a newer one.",
            )
        return
    best = defaults.go(project, plan).value
    fix = Fix(f"Use Go {best}", "go", best) if best != plan.go else None
    if project.go and release_order(plan.go) < required(project.go):
        yield error(
            "go-new-enough",
            "go",
            f"Go {plan.go} is older than the {project.go} that go.mod asks for.",
            "The image sets GOTOOLCHAIN=local, so the build would stop instead of fetching a newer one.",
            fix,
        )
        return
    releases = catalog.go_releases()
    if minor(plan.go) in releases.maintained:
        return
    newer = release_order(plan.go) > release_order(releases.newest)
    why = (
        f"It is newer than the releases known here on {releases.date}; its image may not exist yet."
        if newer
        else "Its image gets no security fixes any more."
    )
    yield warning("go-maintained", "go", f"Go {plan.go} is not among the maintained releases.", why, fix)


def builder_suite(project: Project, plan: Plan) -> Iterator[Problem]:
    """The official image exists only in the variants of that Go release."""
    builder = builder_of(plan)
    official, _, suite = builder.reference.partition(":{go}-")
    suites = catalog.go_releases().suites.get(minor(plan.go), ())
    if official == "golang" and suites and suite not in suites:
        yield error(
            "builder-suite",
            "builder",
            f"There is no image of Go {plan.go} on {suite}.",
            f"That release is published on {', '.join(suites)}.",
            *use_builder(BUILDER, "golang-bookworm", "golang-alpine3.24", "golang-alpine3.23"),
        )


def builder_system(project: Project, plan: Plan) -> Iterator[Problem]:
    builder, runtime = builder_of(plan), runtime_of(plan)
    if builder.os == "windows" and runtime.os != "windows":
        yield error(
            "builder-system",
            "builder",
            f"{builder.label} runs on Windows only, {runtime.label} on Linux.",
            "One engine builds the whole file, for one system.",
            *use_builder(BUILDER, "golang-bookworm", "golang-alpine3.24", "chainguard-go"),
        )


def newest_only(project: Project, plan: Plan) -> Iterator[Problem]:
    builder = builder_of(plan)
    if not builder.versioned and "go" in plan.answered and plan.go != catalog.go_releases().newest:
        yield warning(
            "builder-version",
            "builder",
            f"{builder.label} has one tag, which brings the newest Go, not {plan.go}.",
            "Tags of older releases are not free there. The program may behave as the newer Go does.",
        )


def own_images(project: Project, plan: Plan) -> Iterator[Problem]:
    for reference in unread(plan):
        yield error(
            "image-unread",
            "runtime" if reference == plan.runtime else "builder",
            f"Nothing is known of {reference} yet.",
            f"What it holds decides what can run in it; dockwright image {reference} reads that.",
        )


def own_builder(project: Project, plan: Plan) -> Iterator[Problem]:
    """An own image compiles only with a shell for its steps and a Go that go.mod accepts."""
    builder = builder_of(plan)
    if builder.id != own_image.ID or plan.builder in unread(plan):
        return
    if not builder.shell or not builder.go:
        yield error(
            "builder-tools",
            "builder",
            f"{builder.label} has no {'Go' if builder.shell else 'shell'}.",
            "The build would stop at its first step.",
            *use_builder(BUILDER),
        )
    elif project.go and release_order(builder.go) < required(project.go):
        yield error(
            "builder-go",
            "builder",
            f"{builder.label} has Go {builder.go}, older than the {project.go} that go.mod asks for.",
            "The build sets GOTOOLCHAIN=local, so it would stop instead of fetching a newer one.",
            *use_builder(BUILDER),
        )
    elif not builder.packages and has_private_modules(project, plan) and (absent := fetchers(plan, builder)):
        yield error(
            "builder-tools",
            "builder",
            f"{builder.label} has no {' and no '.join(absent)} for private modules.",
            "It has no package manager either, so the build would stop at fetching them.",
            *use_builder(BUILDER),
        )


def support(project: Project, plan: Plan) -> Iterator[Problem]:
    for key, image in (("builder", builder_of(plan)), ("runtime", runtime_of(plan))):
        if image.support_end and image.support_end < date.today():
            newest = catalog.newest_of(image)
            fix = Fix(f"Use {newest.label}", key, newest.id) if newest.id != image.id else None
            yield warning(
                "support-ended",
                key,
                f"{image.label} gets no fixes since {image.support_end:%B %Y}.",
                "Holes found after that day stay open in every image made from it.",
                fix,
            )


def login(project: Project, plan: Plan) -> Iterator[Problem]:
    for key, image in (("builder", builder_of(plan)), ("runtime", runtime_of(plan))):
        if image.login and not plan.registry:
            host = image.reference.split("/")[0]
            yield warning(
                "login",
                key,
                f"{image.label} is handed out only after docker login {host}.",
                "Without it the engine cannot pull the image.",
            )


def pinned(project: Project, plan: Plan) -> Iterator[Problem]:
    loose = [base for base in bases(plan) if "@" not in base]
    if plan.pin and loose:
        yield warning(
            "unpinned",
            "pin",
            f"{loose[0]} has no pinned digest, though digests were pinned.",
            "It was chosen later: the next build may take another image under that name.",
        )


def programs(project: Project, plan: Plan) -> Iterator[Problem]:
    runtime = runtime_of(plan)
    if runtime.single_stage:
        return
    for need in project.needs:
        kind, _, program = need.what.partition(":")
        if kind == "program" and not (runtime.shell and program in _BUSYBOX) and program not in plan.package:
            shell = program in {"sh", "bash"} and not runtime.shell
            yield warning(
                "program",
                "runtime",
                f"Your code runs {program} ({need.evidence}); {runtime.label} does not bring it.",
                "That call fails in the container unless the program is added.",
                *(
                    use_runtime("alpine-3.24", "debian-slim-trixie", "wolfi-base")
                    if shell
                    else _add(plan, program)
                ),
            )


def _add(plan: Plan, program: str) -> tuple[Fix, ...]:
    """Installing the package of the same name, where the image can install any."""
    try:
        name = validate.package(program)
    except validate.Invalid:
        return ()
    return (Fix(f"Install {name}", "package", (*plan.package, name)),) if runtime_of(plan).packages else ()


def certificates(project: Project, plan: Plan) -> Iterator[Problem]:
    builder, runtime = builder_of(plan), runtime_of(plan)
    need = project.need("ca-certificates")
    if need and not runtime.ca and not builder.ca and runtime.os == "linux":
        yield error(
            "certificates",
            "builder",
            f"Your code calls TLS servers ({need.evidence}); neither {builder.label} nor {runtime.label} "
            "has CA certificates.",
            "Every such call would fail with “certificate signed by unknown authority”.",
            *use_builder(BUILDER),
        )


RULES = (
    own_images,
    own_builder,
    go_new_enough,
    builder_suite,
    builder_system,
    newest_only,
    support,
    login,
    pinned,
    programs,
    certificates,
)
