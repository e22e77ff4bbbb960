"""How a program is started on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Launch:
    """``argv`` starts it; the word FILE stands for the number that ``file`` is opened under.

    ``tools`` are the programs that lead to the image's own, one after another in one process, which is
    the only child of the one that is started. Without any, the one that is started is the program itself.
    ``line`` is the same for a shell. ``env`` None is dockwright's own. ``cwd`` is where ``argv`` begins.
    """

    argv: tuple[str, ...]
    line: str
    tools: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None
    file: Path | None = None
    cwd: Path = Path("/")


FILE = "{file}"

LAUNCHER_ENV = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
"""For this machine's own tools, whose words are read."""
