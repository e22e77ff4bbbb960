"""How the front end's bundle is made, read from the project and the plan alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from tui.core import frontend
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEndStage:
    """The stage holds the build context's folders below ``/src``; all folders here are absolute.

    ``manifests`` are (files, folder) that the install step reads, relative to the context; none when it
    may read any of ``source``, the folder of the context the bundle is made from. ``cache`` is "" where
    nothing may be kept outside the stage. ``bundle`` is what the bundler
    writes, ``wanted`` where Go looks for it. ``provide``, ``install`` and ``build`` are commands.
    """

    reference: str
    provide: str
    install_folder: str
    manifests: tuple[tuple[tuple[str, ...], str], ...]
    install: str
    cache: str
    source: str
    folder: str
    build: str
    bundle: str
    wanted: str


def front_end_stage(project: Project, plan: Plan) -> FrontEndStage | None:
    """The stage that makes the bundle, None where none is to be made."""
    found = project.front_end
    if found is None or plan.front_end != "build":
        return None
    stage = frontend.stage(found, plan.node)

    def inside(path: str) -> str:
        return str(PurePosixPath(project.place) / path)

    manifests = sorted(map(inside, found.manifests), key=lambda path: (_folder(path), path))
    return FrontEndStage(
        reference=reference(plan, stage.image),
        provide=" ".join(stage.provide),
        install_folder=str(PurePosixPath("/src") / inside(found.install)),
        manifests=tuple((tuple(files), folder) for folder, files in groupby(manifests, _folder)),
        install=" ".join(stage.install),
        cache=stage.cache,
        source=inside(found.sources),
        folder=str(PurePosixPath("/src") / inside(found.directory)),
        build=" ".join(stage.build),
        bundle=str(PurePosixPath("/src") / inside(found.output)),
        wanted=str(PurePosixPath("/src") / inside(found.wanted)),
    )


def node_reference(project: Project, plan: Plan) -> str:
    """The name of the Node image, "" where none is needed."""
    found = project.front_end
    return frontend.stage(found, plan.node).image if found and plan.front_end == "build" else ""


def _folder(path: str) -> str:
    """Where a manifest is copied to: beside the others, or as itself when it is a folder of yarn's."""
    pure = PurePosixPath(path)
    return path if ".yarn" in pure.parts else str(pure.parent)
