"""A sandbox by bubblewrap.

What it mounts itself may hold programs, which an engine's folders to write to may not: so those are
mounted before, by unshare and mount of util-linux. Where that is forbidden, bubblewrap does it alone.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui.engine.embedded.running.launch import FILE, LAUNCHER_ENV, OUTER, Launch, kept, tied, tmpfs, tool
from tui.engine.embedded.running.sandbox import Sandbox, covered

ALONE = ("bwrap",)
TOOLS = (*ALONE, "unshare", "setpriv", "mount", "sh")
"""Programs of this machine it needs."""

_NAMESPACES = ("user", "pid", "ipc", "uts", "cgroup-try")
_RESTRICTED = ("--cap-drop", "ALL", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv")
_SHARED_MEMORY = ("/dev/shm", "1777")


def launch(box: Sandbox, folder: Path) -> Launch:
    """With folders to write to that hold no programs."""
    binds: list[str] = []
    mounts: list[tuple[str, ...]] = []
    for number, (path, mode) in enumerate((_SHARED_MEMORY, *box.tmpfs)):
        place = folder / str(number)
        place.mkdir(exist_ok=True)
        mounts.append(tmpfs(str(place), mode))
        binds += ["--bind", str(place), path]
    script = " && ".join([*map(shlex.join, mounts), 'exec bwrap --args "$0" -- "$@"'])
    before = (*tied(), tool("unshare"), *OUTER, "--", tool("sh"), "-c", script)
    file = kept(folder / "options", _options(box, binds))
    return Launch((*before, FILE, *box.argv), TOOLS, LAUNCHER_ENV, file)


def launch_alone(box: Sandbox, folder: Path) -> Launch:
    """With nothing but bubblewrap."""
    made = (word for path, mode in box.tmpfs for word in ("--perms", mode, "--tmpfs", path))
    file = kept(folder / "options", _options(box, made))
    return Launch(("bwrap", "--args", FILE, "--", *box.argv), ALONE, LAUNCHER_ENV, file)


def _options(box: Sandbox, folders: Iterable[str]) -> Iterator[str]:
    yield from (f"--unshare-{namespace}" for namespace in _NAMESPACES)
    yield from ("--uid", str(box.uid), "--gid", str(box.gid), "--hostname", box.hostname)
    yield from ("--bind" if box.writable else "--ro-bind", str(box.root), "/")
    yield from ("--proc", "/proc", "--dev", "/dev")
    for path in covered():
        yield from ("--ro-bind", path, path)
    yield from folders
    for source, path in box.files:
        yield from ("--ro-bind", str(source), path)
    yield from ("--chdir", box.cwd, *_RESTRICTED)
    for name, value in box.env.items():
        yield from ("--setenv", name, value)
