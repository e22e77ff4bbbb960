"""A sandbox by bubblewrap."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from tui.engine.embedded.running.launch import FILE, LAUNCHER_ENV, Launch
from tui.engine.embedded.running.sandbox import Sandbox, covered

TOOLS = ("bwrap",)
"""Programs of this machine it needs."""

_NAMESPACES = ("user", "pid", "ipc", "uts", "cgroup-try")
_RESTRICTED = ("--cap-drop", "ALL", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv")


def launch(box: Sandbox, folder: Path) -> Launch:
    """The options go through a file: others see the words of a process, and secrets are in these."""
    options = list(_options(box))
    file = folder / "options"
    file.touch(mode=0o600)
    file.write_bytes(b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in options))
    line = shlex.join(["bwrap", *options, "--", *box.argv])
    return Launch(("bwrap", "--args", FILE, "--", *box.argv), line, TOOLS, LAUNCHER_ENV, file)


def _options(box: Sandbox) -> Iterator[str]:
    yield from (f"--unshare-{namespace}" for namespace in _NAMESPACES)
    yield from ("--uid", str(box.uid), "--gid", str(box.gid), "--hostname", box.hostname)
    yield from ("--bind" if box.writable else "--ro-bind", str(box.root), "/")
    yield from ("--proc", "/proc", "--dev", "/dev")
    for path in covered():
        yield from ("--ro-bind", path, path)
    for path, mode in box.tmpfs:
        yield from ("--perms", mode, "--tmpfs", path)
    for source, path in box.files:
        yield from ("--ro-bind", str(source), path)
    yield from ("--chdir", box.cwd, *_RESTRICTED)
    for name, value in box.env.items():
        yield from ("--setenv", name, value)
