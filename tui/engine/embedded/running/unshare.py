"""A sandbox by unshare and setpriv of util-linux.

Two user namespaces: as the root of the outer one the file systems are mounted, in the inner one the
program has the image's user. Only one user is mapped in each, which needs no privilege (user_namespaces(7)).
What becomes the program is Python: inside the image's root no program of this machine can be executed any
more, and only there may the last capability go.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.engine.embedded.running.launch import LAUNCHER_ENV, OUTER, Launch, kept, tied, tmpfs, tool
from tui.engine.embedded.running.sandbox import Sandbox, covered

TOOLS = ("unshare", "setpriv", "mount", "mkdir", "touch", "ln", "sh")
"""Programs of this machine it needs."""

_WAIT = 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?'
"""Runs a command as the first process of the new namespace. unshare's own --fork does not pass SIGKILL on."""

_ENTER = Path(__file__).with_name("enter.py")
_NODES = ("null", "zero", "full", "random", "urandom", "tty")
_LINKS = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}


def launch(box: Sandbox, folder: Path) -> Launch:
    """The commands are a script; the environment goes through a file."""
    env = kept(folder / "environment", (f"{name}={value}" for name, value in box.env.items()))
    *before, last = _commands(box, env)
    script = " && ".join([*map(shlex.join, before), f'exec {shlex.join(last)} "$@"'])
    shell = (tool("sh"), "-c")
    outer = (tool("unshare"), *OUTER, "--pid", "--ipc", "--uts", "--")
    argv = (*tied(), *outer, *shell, _WAIT, "sh", *tied(), *shell, script, "sh", *box.argv)
    return Launch(argv, (*TOOLS, sys.executable), LAUNCHER_ENV)


def _commands(box: Sandbox, env: Path) -> Iterator[Sequence[str]]:
    root = str(box.root)
    mount = tool("mount")
    yield (mount, "--rbind", root, root)
    yield from _devices(root, mount)
    for path, mode in box.tmpfs:
        yield (tool("mkdir"), "-p", root + path)
        yield tmpfs(root + path, mode)
    for source, path in box.files:
        yield (mount, "--bind", str(source), root + path)
        yield (mount, "-o", "remount,bind,ro", root + path)
    yield (mount, "-t", "proc", "-o", "nosuid,nodev,noexec", "proc", f"{root}/proc")
    for path in covered():
        yield (mount, "--bind", root + path, root + path)
        yield (mount, "-o", "remount,bind,ro", root + path)
    if hostname := shutil.which("hostname"):
        yield (hostname, box.hostname)
    if not box.writable:
        yield (mount, "-o", "remount,bind,ro", root)
    mapped = ("--user", f"--map-user={box.uid}", f"--map-group={box.gid}", "--keep-caps")
    python = (sys.executable, "-I", "-S", str(_ENTER))
    yield (tool("unshare"), *mapped, "--", *python, root, box.cwd, str(env))


def _devices(root: str, mount: str) -> Iterator[Sequence[str]]:
    dev = f"{root}/dev"
    nodes = [node for node in _NODES if Path("/dev", node).exists()]
    yield tmpfs(dev, "0755")
    yield (tool("touch"), *(f"{dev}/{node}" for node in nodes))
    yield from ((mount, "--bind", f"/dev/{node}", f"{dev}/{node}") for node in nodes)
    yield from (
        (tool("ln"), "-s", f"/proc/self/{target}", f"{dev}/{name}") for name, target in _LINKS.items()
    )
    yield (tool("mkdir"), f"{dev}/shm")
    yield tmpfs(f"{dev}/shm", "1777")
