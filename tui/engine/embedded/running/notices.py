"""What is different from a container of an engine: said before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.core.running import NO_CONTAINER
from tui.engine import RunRequest
from tui.engine.embedded.running.health import Check
from tui.engine.embedded.running.sandbox import Sandbox
from tui.engine.embedded.running.ways import ALONE, PLAIN, Way
from tui.engine.ports import is_free

_FIRST_FREE = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
"""Where Linux says which is the lowest port every user may listen on (its ip-sysctl document)."""

_LOWEST = 1024
"""That port where nothing else is said."""


def first_free_port() -> int:
    """The lowest port a program without privileges may listen on here."""
    try:
        return int(_FIRST_FREE.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return _LOWEST


def taken(request: RunRequest) -> tuple[int, ...]:
    """The request's ports that somebody on this machine listens on already."""
    lowest = first_free_port()
    return tuple(port for port, protocol in request.ports if port >= lowest and not is_free(port, protocol))


def differences(
    request: RunRequest, way: Way, box: Sandbox, check: Check | None, used: Sequence[int]
) -> Iterator[str]:
    """Sentences for a person."""
    if way.name == PLAIN:
        yield _plain(way)
    lowest = first_free_port()
    low = [str(port) for port, _ in request.ports if port < lowest]
    if low and not (way.name == PLAIN and box.uid == 0):
        yield (
            f"Port {', '.join(low)} will be refused: without an engine a program may listen on {lowest} and "
            "above only. Let it listen on a higher one, or run it with an engine."
        )
    if used:
        named = ", ".join(map(str, used))
        yield f"Port {named} is in use on this machine already: the program cannot listen on it."
    if request.ports:
        yield (
            "The network is this machine's own: a server that listens on all addresses can be reached "
            "from the local network, and every port keeps its number."
        )
    if way.name != PLAIN:
        yield _sandbox(way, box)
    if way.name == ALONE:
        yield "What it writes it may also execute, which an engine refuses."
    if check and way.name != PLAIN:
        yield (
            "Its health check runs in a sandbox of its own, with the same files and network: it sees neither "
            "the program's processes nor what that writes."
        )


def _sandbox(way: Way, box: Sandbox) -> str:
    reason = f" ({way.why})" if way.why else ""
    return (
        f"It runs in namespaces of its own, made by {way.name}{reason}. All files of the image belong to the "
        f"user it runs as, {box.uid}:{box.gid}, root's too."
    )


def _plain(way: Way) -> str:
    return (
        f"It does not run in a container but as a process of yours, with your rights, and your files in its "
        f"reach; of the image's files it has the program alone. No sandbox can be made here: {way.why}."
    )


def hardening(way: Way, box: Sandbox) -> tuple[str, ...]:
    """What is switched on, as short words."""
    if way.name == PLAIN:
        return (NO_CONTAINER,)
    tmpfs = f"tmpfs on {', '.join(path for path, _ in box.tmpfs)}"
    listed = (tmpfs, "no capabilities", "no new privileges")
    return listed if box.writable else ("read-only root", *listed)
