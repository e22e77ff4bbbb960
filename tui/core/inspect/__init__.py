"""Reads a Go project without Go: what is built, for what, and what it needs, with file and line."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tui.core.inspect import modcache, targets
from tui.core.inspect.inspection import Inspection
from tui.core.inspect.locate import locate
from tui.core.inspect.seen import Seen
from tui.core.project import Project

__all__ = ["inspect"]


def inspect(
    path: Path,
    main: str | None = None,
    progress: Callable[[int], None] = lambda files: None,
    platforms: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
) -> Project:
    """Reads the Go module that ``path`` is, or lies in.

    Ports, needs and cgo are those of the proposed main package; ``main`` (``./cmd/server``) proposes
    that one instead when the module has it. The code is what Go compiles for any of ``platforms``
    (``linux/arm64``; without any, Linux on this machine's processor) with the build tags ``tags``.
    Nothing of the project is run, no link is followed out of it. What was found in a large project is
    remembered for as long as its files are the same.

    ``progress`` is called now and then with the number of files read; what it raises ends the
    inspection. Raises NotAProject.
    """
    located = locate(path)
    compiled_for = targets.of(platforms, tags)
    asked = (located.mod, located.gopath, located.below, main, modcache.folder())
    asked_for = (platforms, tags, [str(target) for target in compiled_for.static])

    def recall() -> None:
        from tui.core.inspect import memory  # for large projects only

        if known := memory.recall(located.root, (asked, asked_for)):
            raise _Known(known)

    seen = Seen(progress, recall)
    collects = gc.isenabled()
    gc.disable()  # what is made here is no garbage: looking for some takes a sixth of the time
    try:
        found = Inspection(located, seen, compiled_for, main).project(main)
        project = replace(found, platforms=platforms, tags=tags)
    except _Known as known:
        return known.project
    finally:
        if collects:
            gc.enable()
    if seen.is_lasting():
        from tui.core.inspect import memory

        memory.keep(located.root, (asked, asked_for), seen, project)
    return project


class _Known(Exception):
    """The project is as it was when it was last inspected."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.project = project
