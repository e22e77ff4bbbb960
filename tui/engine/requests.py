"""Plan → what an engine is asked to do."""

from __future__ import annotations

from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.render import references, render
from tui.engine import BuildRequest, RunRequest


def build_request(project: Project, plan: Plan) -> BuildRequest:
    """The build of exactly what ``render`` gives."""
    dockerfile, dockerignore = render(project, plan)
    bases = references(plan)
    return BuildRequest(
        context=project.root,
        dockerfile=dockerfile.text,
        dockerignore=dockerignore.text,
        tag=plan.tag,
        bases=bases,
        builder=bases[0],
        platform=plan.platform or None,
        transport=plan.transport,
    )


def run_request(plan: Plan, image: str) -> RunRequest:
    """Running that image (an id or a tag) the way the plan says."""
    return RunRequest(
        image=image,
        tag=plan.tag,
        ports=tuple((int(number), protocol) for number, _, protocol in (p.partition("/") for p in plan.port)),
        args=plan.args,
        env=tuple((name, value) for name, _, value in (item.partition("=") for item in plan.env)),
        user=plan.user,
        writable=plan.writable,
        writable_dirs=plan.writable_dir,
        platform=plan.platform or None,
    )
