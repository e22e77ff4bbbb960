"""A sandbox by unshare and setpriv of util-linux.

Two user namespaces: as the root of the outer one the file systems are mounted, in the inner one the
program has the image's user. Only one user is mapped in each, which needs no privilege (user_namespaces(7)).
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.engine.embedded.running.launch import LAUNCHER_ENV, Launch
from tui.engine.embedded.running.sandbox import Sandbox, covered

TOOLS = ("unshare", "setpriv", "mount", "mkdir", "touch", "ln", "env", "sh")
"""Programs of this machine it needs."""

_WAIT = 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; exit $?'
"""Runs a command as the first process of the new namespace. unshare's own --fork does not pass SIGKILL on."""

_SCRIPT = r"""
set -eu
commands=$1
set --
while IFS= read -r line; do
    case $line in
    =*) set -- "$@" "${line#=}" ;;
    %*) word=$(printf '%b.' "${line#%}"); set -- "$@" "${word%.}" ;;
    run) "$@" </dev/null; set -- ;;
    esac
done <"$commands"
exec "$@"
"""
"""Runs the commands of a file whose words are a line each, and becomes the last one."""

_NODES = ("null", "zero", "full", "random", "urandom", "tty")
_LINKS = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
_LOADERS = re.compile(r"LD_.*|GCONV_PATH|LOCPATH|NLSPATH")
"""Variables that would make this machine's own programs load other code (ld.so(8), glibc's unsecvars.h)."""


def launch(box: Sandbox, folder: Path) -> Launch:
    """The commands go through a file: others see the words of a process, and secrets are in these."""
    file = folder / "commands"
    file.touch(mode=0o600)
    *before, last = _commands(box)
    ended = [line for command in before for line in (*map(_line, command), "run")]
    lines = [*ended, *map(_line, last), ""]
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    outer = ("--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts")
    tied = (_tool("setpriv"), "--pdeathsig", "KILL", "--")
    shell = (_tool("sh"), "-c")
    waiting = (*tied, _tool("unshare"), *outer, "--", *shell, _WAIT, "sh", *tied, *shell)
    script = " && ".join([*map(shlex.join, before), f"exec {shlex.join(last)}"])
    return Launch((*waiting, _SCRIPT, "sh", str(file)), shlex.join([*waiting, script]), TOOLS, LAUNCHER_ENV)


def left_out(box: Sandbox) -> list[str]:
    """Names in its environment that it is not given."""
    return [name for name in box.env if _LOADERS.fullmatch(name)]


def _line(word: str) -> str:
    if "\n" not in word:
        return f"={word}"
    octal = (f"\\0{byte:03o}" for byte in word.encode("utf-8", "surrogateescape"))
    return "%" + "".join(octal)


def _commands(box: Sandbox) -> Iterator[Sequence[str]]:
    root = str(box.root)
    mount = _tool("mount")
    yield (mount, "--rbind", root, root)
    yield from _devices(root, mount)
    for path, mode in box.tmpfs:
        yield (_tool("mkdir"), "-p", root + path)
        yield _tmpfs(mount, root + path, mode)
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
    yield _become(box)


def _devices(root: str, mount: str) -> Iterator[Sequence[str]]:
    dev = f"{root}/dev"
    nodes = [node for node in _NODES if Path("/dev", node).exists()]
    yield _tmpfs(mount, dev, "0755")
    yield (_tool("touch"), *(f"{dev}/{node}" for node in nodes))
    yield from ((mount, "--bind", f"/dev/{node}", f"{dev}/{node}") for node in nodes)
    yield from (
        (_tool("ln"), "-s", f"/proc/self/{target}", f"{dev}/{name}") for name, target in _LINKS.items()
    )
    yield (_tool("mkdir"), f"{dev}/shm")
    yield _tmpfs(mount, f"{dev}/shm", "1777")


def _tmpfs(mount: str, path: str, mode: str) -> Sequence[str]:
    return (mount, "-t", "tmpfs", "-o", f"nosuid,nodev,mode={mode}", "tmpfs", path)


def _become(box: Sandbox) -> Sequence[str]:
    env = (f"{name}={value}" for name, value in box.env.items() if not _LOADERS.fullmatch(name))
    enter = ("--root", str(box.root), "--wd", box.cwd, "--", *box.argv)
    alone = (_tool("env"), "-i", *env, _tool("setpriv"), "--no-new-privs")
    if box.uid:
        mapped = ("--user", f"--map-user={box.uid}", f"--map-group={box.gid}")
        return (*alone, "--", _tool("unshare"), *mapped, *enter)
    # Root keeps its capabilities whatever it executes: so there is no inner namespace, and one is left.
    return (*alone, "--inh-caps=-all", "--bounding-set=-all,+sys_chroot", "--", _tool("unshare"), *enter)


def _tool(name: str) -> str:
    """Its path on this machine, since the image's PATH is in the environment in the end."""
    return shutil.which(name) or name
