"""What an engine on Windows cannot do: it has no BuildKit, so no mounts, and no Linux images."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.build_stage import has_private_modules
from tui.core.front_end_stage import has_bundle
from tui.core.images import builder_of
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import BUILDER, Fix, Problem, error, use_builder


def mounts(project: Project, plan: Plan) -> Iterator[Problem]:
    if builder_of(plan).os != "windows":
        return
    builder = builder_of(plan).label
    why = "Its engine cannot mount anything, and what is copied stays in the image."
    if has_private_modules(project, plan):
        what = f"{builder} cannot be given credentials for private modules."
        yield error("windows-private", "private", what, why, *use_builder(BUILDER))
    if plan.ca_file:
        what = f"{builder} cannot be given a certificate."
        leave_out = Fix("Leave the certificate out", "ca-file", "")
        yield error("windows-ca-file", "ca-file", what, why, *use_builder(BUILDER), leave_out)


def stages(project: Project, plan: Plan) -> Iterator[Problem]:
    if builder_of(plan).os != "windows":
        return
    if has_bundle(project, plan):
        yield error(
            "windows-front-end",
            "front-end",
            "The front end is made in a Linux image, and the builder is one of Windows.",
            "One engine builds the whole file, for one system.",
            *use_builder(BUILDER),
        )
    if plan.export:
        yield error(
            "windows-export",
            "export",
            "A stage with the bare program starts from scratch, which Windows does not have.",
            "Every Windows image starts from one of Microsoft's.",
            Fix("Leave the export stage out", "export", False),
        )


RULES = (mounts, stages)
