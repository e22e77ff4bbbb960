"""Finds the program an image starts, and says in the words of engines why it cannot be executed."""

from __future__ import annotations

import platform
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from tui.engine.embedded.running.inside import inside

_ELF = b"\x7fELF"
_MACHINES = {"x86_64": (62, 3), "aarch64": (183, 40), "riscv64": (243,), "ppc64le": (21,), "s390x": (22,)}
"""What each processor executes: ``e_machine`` of the ELF header (System V ABI, elf.h)."""

_INTERPRETERS = Path("/proc/sys/fs/binfmt_misc")
"""Where Linux lists what executes the programs of other processors."""

_NOT_FOUND = "executable file not found in $PATH"


class NotExecutable(Exception):
    """The program cannot be started; the message is what an engine would say."""


def find(root: Path, words: Sequence[str], search: str, cwd: str) -> tuple[str, ...]:
    """The words with the program's path as the first. Raises NotExecutable and OSError."""
    if not words:
        raise NotExecutable("no command specified")
    name, *rest = words
    path, place = next(_places(root, name, search, cwd), ("", root))
    if not path:
        missing = f"stat {name}: no such file or directory" if "/" in name else _NOT_FOUND
        raise NotExecutable(f'exec: "{name}": {missing}')
    if not _may_be_executed(place):
        raise NotExecutable(f'exec: "{name}": permission denied')
    if not _has_format(place):
        raise NotExecutable(f"exec {name}: exec format error")
    return (path, *rest)


def _places(root: Path, name: str, search: str, cwd: str) -> Iterator[tuple[str, Path]]:
    """Its path in the image and where that lies. The path keeps its links: busybox goes by its name."""
    if "/" in name:
        path = str(PurePosixPath(cwd) / name)
        if (place := inside(root, path)).exists():
            yield path, place
        return
    for folder in search.split(":"):
        path = str(PurePosixPath(cwd) / folder / name)
        if _may_be_executed(place := inside(root, path)):
            yield path, place


def _may_be_executed(place: Path) -> bool:
    return place.is_file() and bool(place.stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))


def _has_format(place: Path) -> bool:
    """Whether this machine has a way to execute it; a file that cannot be read may be anything."""
    try:
        with place.open("rb") as file:
            header = file.read(20)
    except PermissionError:
        return True
    if not header.startswith(_ELF):
        return header.startswith(b"#!")
    machine = int.from_bytes(header[18:20], "little" if header[5:6] == b"\x01" else "big")
    native = machine in _MACHINES.get(platform.machine(), (machine,))
    return native or any(_INTERPRETERS.glob("qemu-*"))
