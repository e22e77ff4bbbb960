"""Plan → what an engine is asked to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from tui.core.answers import command_line
from tui.core.bare import TARGET
from tui.core.build_stage import build_stage, has_private_modules, secrets
from tui.core.embedded import EMBEDDED, obstacles
from tui.core.final_image import final_image
from tui.core.images import runtime_of, uid_gid
from tui.core.plan import Plan, answer
from tui.core.project import Project
from tui.core.render import references, render
from tui.engine import BuildRequest, RunRequest, Stages


def build_request(project: Project, plan: Plan, target: str = "") -> BuildRequest:
    """The build of exactly what ``render`` gives; ``target`` is a stage of it."""
    dockerfile, dockerignore = render(project, plan)
    bases = references(project, plan)
    final = final_image(project, plan)
    return BuildRequest(
        context=project.context or project.root,
        dockerfile=dockerfile.text,
        dockerignore=dockerignore.text,
        tag=plan.tag,
        bases=bases,
        builder=bases[0],
        platform=_one_platform(plan),
        platforms=plan.platform if len(plan.platform) > 1 else (),
        transport=plan.transport,
        os=runtime_of(plan).os,
        target=target,
        build_args=tuple(_build_args(plan)),
        secrets=tuple(secrets(project, plan)),
        stages=Stages(build_stage(project, plan, final), final, project.go or "", obstacles(project, plan)),
        engine=plan.engine,
        deliver=plan.deliver,
        ssh=has_private_modules(project, plan) and plan.private_access == "ssh",
    )


def export_request(project: Project, plan: Plan, platform: str | None, tag: str) -> BuildRequest:
    """The build of the bare program for one platform, None for the engine's own.

    The image that carries it out is one of the engine's own platform, and the compiler alone hears of
    the other: no store of a Linux engine takes an image for Windows or macOS. Compiling C code needs
    a builder of that platform.
    """
    made = replace(build_request(project, plan, TARGET), tag=tag, platforms=(), platform=None)
    if platform is None:
        return made
    if plan.cgo:
        return replace(made, platform=platform)
    system, architecture, variant = f"{platform}/".split("/")[:3]
    told = (("TARGETOS", system), ("TARGETARCH", architecture), ("TARGETVARIANT", variant))
    return replace(made, build_args=(*made.build_args, *told))


def same_again(project: Project, plan: Plan) -> str:
    """The command for a shell that builds and runs the same without a daemon."""
    return command_line(project, answer(project, plan, "engine", EMBEDDED), "run")


def run_request(plan: Plan, image: str, again: str = "") -> RunRequest:
    """Running that image (an id or a tag) the way the plan says."""
    return RunRequest(
        image=image,
        tag=plan.tag,
        ports=tuple(_ports(plan)),
        args=plan.args,
        env=tuple((name, value) for name, _, value in (item.partition("=") for item in plan.env)),
        user=uid_gid(plan),
        writable=plan.writable,
        writable_dirs=plan.writable_dir,
        platform=_one_platform(plan),
        engine=plan.engine,
        again=again,
    )


def _one_platform(plan: Plan) -> str | None:
    """None for the engine's own, which it is of several too."""
    return plan.platform[0] if len(plan.platform) == 1 else None


def _build_args(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.version_variable:
        yield "VERSION", plan.app_version
    if plan.proxy:
        yield from (("HTTP_PROXY", plan.proxy), ("HTTPS_PROXY", plan.proxy))
        if direct := os.environ.get("NO_PROXY") or os.environ.get("no_proxy"):
            yield "NO_PROXY", direct


def _ports(plan: Plan) -> Iterator[tuple[int, str]]:
    for port in plan.port:
        numbers, _, protocol = port.partition("/")
        first, _, last = numbers.partition("-")
        yield from ((number, protocol) for number in range(int(first), int(last or first) + 1))
