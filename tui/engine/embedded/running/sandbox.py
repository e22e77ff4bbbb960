"""What a program is run with: worked out from the image's configuration and files, and the request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.core.image_files import default_user, groups, users
from tui.engine import RunRequest
from tui.engine.embedded.running.inside import inside, mount_point
from tui.engine.embedded.running.program import NotExecutable, find

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where engines look for programs when the image does not say."""

_COVERED = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus")

_LARGEST = 1 << 20
"""Bytes of a passwd or group file that are read."""

_LOCALHOST = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Paths are the image's and without links, but for ``root`` and the sources in ``files``.

    ``argv`` begins with the program's path. ``tmpfs`` are (path, mode in octal), ``files`` are
    (source, path). ``writable`` leaves the root file system writable.
    """

    root: Path
    argv: tuple[str, ...]
    env: dict[str, str]
    uid: int
    gid: int
    cwd: str
    hostname: str
    tmpfs: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[Path, str], ...] = ()
    writable: bool = False


def sandbox(request: RunRequest, root: Path, config: dict[str, Any], folder: Path, hostname: str) -> Sandbox:
    """The sandbox of one run; ``folder`` is the run's own, for files that are supplied.

    Folders and files that are mounted over are made in ``root`` where the image lacks them. Raises
    NotExecutable and OSError.
    """
    uid, gid, home = _user(root, str(config.get("User") or ""))
    env = environment(request, config, HOSTNAME=hostname, HOME=home)
    cwd = mount_point(root, str(config.get("WorkingDir") or "/"))
    for path in ("/proc", "/dev"):
        mount_point(root, path)
    modes = {"/tmp": "1777", **dict.fromkeys(request.writable_dirs, "0755")}
    tmpfs = ((mount_point(root, path), mode) for path, mode in modes.items())
    return Sandbox(
        root=root,
        argv=find(root, command(request, config), env["PATH"], cwd),
        env=env,
        uid=uid,
        gid=gid,
        cwd=cwd,
        hostname=hostname,
        tmpfs=tuple(sorted(tmpfs, key=_depth)),
        files=tuple(_supplied(root, folder, hostname)),
        writable=request.writable,
    )


def _depth(mounted: tuple[str, str]) -> int:
    """What lies inside another is mounted after it."""
    return mounted[0].count("/")


def covered() -> list[str]:
    """What is read-only besides: this machine's root may write to it without any capability."""
    return [path for path in _COVERED if Path(path).exists()]


def command(request: RunRequest, config: dict[str, Any]) -> list[str]:
    """Program and arguments: the request's stand in the place of the image's."""
    return [*(config.get("Entrypoint") or ()), *(request.args or config.get("Cmd") or ())]


def environment(request: RunRequest, config: dict[str, Any], **supplied: str) -> dict[str, str]:
    """What engines supply, what the image says, what the request says: the later counts."""
    image = (str(item).partition("=") for item in config.get("Env") or ())
    return {"PATH": PATH, **supplied, **{name: value for name, _, value in image}, **dict(request.env)}


def _user(root: Path, wanted: str) -> tuple[int, int, str]:
    """Number, group and home of the image's user, as engines read it."""
    known = users(_text(root, "/etc/passwd"))
    ids = default_user(wanted, known, groups(_text(root, "/etc/group")))
    if not ids:
        raise NotExecutable(f"unable to find user {wanted}: no matching entries in passwd file")
    uid, gid = map(int, ids.split(":"))
    home = next((user.home for user in known if user.uid == uid), "")
    return uid, gid, home or "/"


def _text(root: Path, path: str) -> str:
    place = inside(root, path)
    if not place.is_file():
        return ""
    with place.open("rb") as file:
        return file.read(_LARGEST).decode("utf-8", "replace")


def _supplied(root: Path, folder: Path, hostname: str) -> Iterator[tuple[Path, str]]:
    """Names are looked up as on this machine, whose network it is."""
    hosts = _own("/etc/hosts").rstrip() or _LOCALHOST
    texts = {
        "/etc/hosts": f"{hosts}\n127.0.0.1\t{hostname}\n",
        "/etc/hostname": f"{hostname}\n",
        "/etc/resolv.conf": _own("/etc/resolv.conf"),
    }
    for path, text in texts.items():
        copy = folder / Path(path).name
        copy.write_text(text, encoding="utf-8")
        copy.chmod(0o644)
        yield copy, mount_point(root, path, folder=False)


def _own(path: str) -> str:
    place = Path(path)
    return place.read_text(encoding="utf-8", errors="replace") if place.is_file() else ""
