"""Which way of running works on this machine: found by doing it, once per process."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tui.core.text import printable
from tui.engine.embedded.running import bubblewrap, plain, unshare
from tui.engine.embedded.running.folder import own_folder
from tui.engine.embedded.running.launch import Launch
from tui.engine.embedded.running.process import Process, lists_children
from tui.engine.embedded.running.sandbox import Sandbox

NOT_EXECUTED = re.compile(
    r"(?:bwrap: execvp|enter: failed to execute|setpriv: failed to execute) (\S+): (.+)"
)
"""What the tools print when all is set up and the program alone cannot be executed."""

PLAIN = "plain"
ALONE = "bubblewrap alone"


@dataclass(frozen=True, slots=True)
class Way:
    """``name`` is ``bubblewrap``, ``unshare``, ``bubblewrap alone`` or ``plain``; ``why`` says why none
    before it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One way. ``tools`` are the programs of this machine it needs."""

    tools: tuple[str, ...]
    launch: Callable[[Sandbox, Path], Launch]


SANDBOXES = {
    "bubblewrap": Kind(bubblewrap.TOOLS, bubblewrap.launch),
    "unshare": Kind(unshare.TOOLS, unshare.launch),
    ALONE: Kind(bubblewrap.ALONE, bubblewrap.launch_alone),
}
LAUNCHERS = {name: kind.launch for name, kind in SANDBOXES.items()} | {PLAIN: plain.launch}


@cache
def how_it_runs() -> Way:
    """The first way that works here. Blocks for some tens of milliseconds the first time."""
    reasons: dict[str, str] = {}
    for name, kind in SANDBOXES.items():
        reason = _obstacle(kind)
        if not reason:
            break
        reasons.setdefault(reason, name)
    else:
        name = PLAIN
    return Way(name, "; ".join(f"{tried}: {reason}" for reason, tried in reasons.items()))


def _obstacle(kind: Kind) -> str:
    """Why that way does not work; empty when it does. What it is to execute is not there: all before is."""
    if sys.platform != "linux":
        return "only Linux has the namespaces it needs"
    if missing := [tool for tool in kind.tools if shutil.which(tool) is None]:
        return f"{missing[0]} is not installed"
    if not lists_children():
        return "this Linux does not tell which processes it has started"
    with own_folder() as folder:
        root = folder / "root"
        for name in ("proc", "dev", "tmp"):
            (root / name).mkdir(parents=True)
        box = Sandbox(root, ("/none",), {}, 65532, 65532, "/", "trial", (("/tmp", "1777"),))
        process = Process(kind.launch(box, folder))
        process.read_output(lambda log: None)
        process.wait()
    said = process.printed.tail.strip()
    return "" if NOT_EXECUTED.fullmatch(said) else printable(said) or "it ended without a word"
