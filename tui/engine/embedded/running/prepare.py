"""Everything that has to be there before the program starts."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tui.engine import RunRequest
from tui.engine.embedded.running import plain
from tui.engine.embedded.running.health import Check
from tui.engine.embedded.running.program import NotExecutable, find
from tui.engine.embedded.running.sandbox import Sandbox, command, sandbox
from tui.engine.embedded.running.ways import PLAIN, Way


@dataclass(frozen=True, slots=True)
class Run:
    """One run: ``root`` are the image's unpacked files, ``config`` its configuration, ``native`` is for a
    plain process (see ``run``), ``hostname`` its name inside, ``folder`` its own on this machine."""

    request: RunRequest
    root: Path
    config: dict[str, Any]
    native: str
    hostname: str
    folder: Path


def prepare(run: Run, way: Way) -> Sandbox:
    """What the program runs in. Blocks. Raises NotExecutable and OSError."""
    if way.name == PLAIN:
        return plain.box(run.request, run.root, run.config, command(run.request, run.config), run.native)
    root = run.root
    if run.request.writable:
        root = Path(shutil.copytree(root, run.folder / "root", symlinks=True))
    return sandbox(run.request, root, run.config, run.folder, run.hostname)


def prepare_check(run: Run, way: Way, box: Sandbox, check: Check) -> Sandbox:
    """What a health check runs in: the same files, and folders to write to of its own."""
    try:
        if way.name == PLAIN:
            return plain.box(run.request, run.root, run.config, check.words, run.native)
        return replace(box, argv=find(box.root, check.words, box.env["PATH"], box.cwd))
    except NotExecutable:
        return replace(box, argv=check.words)  # fails each time, as it does on engines
