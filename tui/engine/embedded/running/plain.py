"""A plain process: where no sandbox can be made, the program runs as one's own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tui.engine import RunRequest
from tui.engine.embedded.running.inside import inside
from tui.engine.embedded.running.launch import Launch
from tui.engine.embedded.running.program import find
from tui.engine.embedded.running.sandbox import Sandbox, command, environment


def box(
    request: RunRequest, root: Path, config: dict[str, Any], words: Sequence[str], native: str
) -> Sandbox:
    """Nothing of it but words and environment counts. ``native`` is the path of a program for this machine
    that stands for the image's own, empty without one. Raises NotExecutable and OSError."""
    env = environment(request, config)
    if native and [*words[:1]] == command(request, config)[:1]:
        argv = (native, *words[1:])
    else:
        found, *rest = find(root, words, env["PATH"], str(config.get("WorkingDir") or "/"))
        argv = (str(inside(root, found)), *rest)
    return Sandbox(root, argv, env, os.getuid(), os.getgid(), "/", "")


def launch(box: Sandbox, folder: Path) -> Launch:
    """It begins in a folder of the run's own, which is its home too."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    env = box.env | {"HOME": str(work), "TMPDIR": str(work)}
    return Launch((*_tied(), *box.argv), env=env, cwd=work)


def _tied() -> tuple[str, ...]:
    """What ends it when dockwright itself is killed; only Linux has such a thing."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return (setpriv, "--pdeathsig", "KILL", "--no-new-privs", "--") if setpriv else ()
