"""How the front end's bundle is made, read from the project and the plan alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from tui.core import frontend
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import reference
from tui.core.source_folder import source_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEndStage:
    """The stage holds the build context's folders below ``/src``; all folders here are absolute.

    ``manifests`` are (files, folder) that the install step reads, relative to the context; empty where
    it may read all of ``source``, the folder of the context the bundle is made from. ``bundle`` is what
    the bundler writes, ``wanted`` where Go looks for it. ``provide``, ``install`` and ``build`` are
    commands; ``cache`` is "" where no folder may be kept.
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
    if found is None or not has_bundle(project, plan):
        return None
    stage = frontend.stage(found, plan.node)

    def inside(path: str) -> str:
        return str(PurePosixPath(project.place) / path)

    return FrontEndStage(
        reference=reference(plan, stage.image),
        provide=" ".join(stage.provide),
        install_folder=str(PurePosixPath("/src") / inside(found.install)),
        manifests=by_folder(map(inside, found.manifests)),
        install=" ".join(stage.install),
        cache=stage.cache,
        source=inside(found.sources),
        folder=str(PurePosixPath("/src") / inside(found.directory)),
        build=" ".join(stage.build),
        bundle=str(PurePosixPath("/src") / inside(found.output)),
        wanted=str(source_folder(project) / inside(found.wanted)),
    )


def node_reference(project: Project, plan: Plan) -> str:
    """The name of the Node image, "" where none is needed."""
    found = project.front_end
    return frontend.stage(found, plan.node).image if found and has_bundle(project, plan) else ""


def has_bundle(project: Project, plan: Plan) -> bool:
    """Whether the build makes the front end's bundle."""
    return project.front_end is not None and plan.front_end == "build"


def by_folder(paths: Iterable[str]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """(files, folder) for COPY, which puts the contents of a folder where it puts a file itself.

    So what may be a folder, having neither a dot in front nor a suffix, stands alone under its own name.
    """
    order = sorted(paths, key=lambda path: (_target(path), path))
    return tuple((tuple(files), folder) for folder, files in groupby(order, _target))


def _target(path: str) -> str:
    whole = PurePosixPath(path)
    is_file = whole.suffix or whole.name.startswith(".")
    return str(whole.parent if is_file else whole)
