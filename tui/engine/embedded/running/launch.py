"""How a program is started on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Launch:
    """``argv`` starts it; the word FILE stands for the number that ``file`` is opened under.

    ``tools`` are the programs that lead to the image's own, one after another in one process, which is
    the only child of the one that is started. Without any, the one that is started is the program itself.
    ``env`` None is dockwright's own. ``cwd`` is where ``argv`` begins.
    """

    argv: tuple[str, ...]
    tools: tuple[str, ...] = ()
    env: Mapping[str, str] | None = None
    file: Path | None = None
    cwd: Path = Path("/")


FILE = "{file}"

LAUNCHER_ENV = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
"""For this machine's own tools, whose words are read."""

OUTER = ("--user", "--map-root-user", "--mount")
"""What unshare is told for namespaces in which file systems may be mounted, by whoever it is."""


def tool(name: str) -> str:
    """Its path on this machine."""
    return shutil.which(name) or name


def tied() -> tuple[str, ...]:
    """Ends what follows when its parent ends."""
    return (tool("setpriv"), "--pdeathsig", "KILL", "--")


def tmpfs(path: str, mode: str) -> tuple[str, ...]:
    """Mounts a folder to write to, with the options an engine gives its own (Docker's ``--tmpfs``)."""
    return (tool("mount"), "-t", "tmpfs", "-o", f"nosuid,nodev,noexec,mode={mode}", "tmpfs", path)


def kept(file: Path, words: Iterable[str]) -> Path:
    """The file with these words, each ended by a zero byte: others see the words of a process, and some are
    secret."""
    file.touch(mode=0o600)
    file.write_bytes(b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in words))
    return file
