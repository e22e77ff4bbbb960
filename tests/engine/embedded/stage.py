"""A stage for runs without an engine, each played by a process of its own, with privileges or without."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from tests.engine import actors
from tests.engine.conftest import missing
from tui.core.events import Event, Log, Notice, from_json
from tui.engine.embedded.running import bubblewrap, unshare

NOBODY = 65534
WAIT = 60.0
SANDBOXES = ("bubblewrap", "unshare")
USER = "65532:65532"

_TOOLS = {
    "bubblewrap": bubblewrap.TOOLS,
    "unshare": (*unshare.TOOLS, "hostname"),
    "bubblewrap alone": bubblewrap.ALONE,
    "plain": ("setpriv",),
}
_AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")

E = TypeVar("E", bound=Event)


class Stage:
    """Runs actors one ``way``. ``home`` is a folder the player may read, ``root`` the image's files in it,
    which ``clear`` makes new; ``events`` are the last run's."""

    def __init__(self, home: Path, way: str, *, unprivileged: bool) -> None:
        self.home, self.way, self.unprivileged = home, way, unprivileged
        self.root = home / "image"
        self.events: list[Event] = []
        self._code, self._bin = home / "code", home / "bin"
        shutil.copytree(Path(sys.modules["tui"].__path__[0]), self._code / "tui")
        shutil.copy(Path(__file__).with_name("player.py"), self._code)
        self._bin.mkdir()
        for tool in _TOOLS[way]:
            (self._bin / tool).symlink_to(shutil.which(tool) or missing(f"{tool} is not installed"))
        (home / "temporary").mkdir()
        self.clear()

    def clear(self) -> None:
        """An image with nothing but the actor."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()
        (self.root / "actor").write_bytes(actors.program())
        (self.root / "actor").chmod(0o755)

    def play(self, *args: str, config: dict[str, Any] | None = None, **told: Any) -> list[Event]:
        """All events of an actor with these arguments; ``told`` are the player's words and RunRequest's."""
        with self.playing(*args, config=config, **told) as player:
            said, errors = player.communicate(timeout=WAIT)
        assert not errors, errors
        self.events = [from_json(json.loads(line)) for line in said.splitlines()]
        return self.events

    @contextmanager
    def playing(
        self, *args: str, config: dict[str, Any] | None = None, **told: Any
    ) -> Iterator[subprocess.Popen[str]]:
        """The player while it plays."""
        own = {name: told.pop(name) for name in ("until", "stop", "grace", "native") if name in told}
        image = {"Entrypoint": ["/actor"], "User": USER} | (config or {})
        with self._player() as player:
            assert player.stdin is not None
            json.dump(
                {"root": str(self.root), "config": image, "request": {"args": args, **told}, **own},
                player.stdin,
            )
            player.stdin.close()
            player.stdin = None
            yield player

    def way_found(self) -> dict[str, str]:
        """What the player finds to be the way."""
        with self._player() as player:
            said, errors = player.communicate("{}", timeout=WAIT)
        assert not errors, errors
        return dict(json.loads(said))

    @contextmanager
    def _player(self) -> Iterator[subprocess.Popen[str]]:
        if self.unprivileged:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", self.home], check=True)
        words = [
            *(_AS_NOBODY if self.unprivileged else ()),
            python(),
            "-s",
            "-E",
            "-B",
            self._code / "player.py",
        ]
        words[0] = shutil.which(words[0]) or words[0]
        env = {
            "PATH": str(self._bin),
            "TMPDIR": str(self.home / "temporary"),
            "HOST_SECRET": "of this machine",
        }
        pipe = subprocess.PIPE
        player = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env, cwd="/")
        limit = threading.Timer(WAIT, player.kill)
        limit.start()
        with player:
            try:
                yield player
            finally:
                limit.cancel()
                player.kill()

    def only(self, kind: type[E]) -> E:
        """The one event of that kind."""
        found = [event for event in self.events if isinstance(event, kind)]
        assert len(found) == 1, self.events
        return found[0]

    def output(self, stream: int | None = None) -> str:
        """What was printed, on one stream or on both."""
        return "".join(e.text for e in self.events if isinstance(e, Log) and stream in (None, e.stream))

    def notices(self) -> str:
        """What was said before it started."""
        kinds = [type(event) for event in self.events]
        assert Notice not in kinds[len([kind for kind in kinds if kind is Notice]) :], self.events
        return " ".join(event.text for event in self.events if isinstance(event, Notice))

    def left(self) -> list[str]:
        """Folders of runs that are still there."""
        return [place.name for place in (self.home / "temporary").iterdir()]


@contextmanager
def stage(way: str, *, unprivileged: bool) -> Iterator[Stage]:
    """A stage on which that way works."""
    if unprivileged and os.getuid():
        missing("only root can become a user without privileges")
    home = Path(tempfile.mkdtemp(prefix="dockwright-test-"))
    home.chmod(0o755)
    try:
        found = Stage(home, way, unprivileged=unprivileged)
        if (way_found := found.way_found())["name"] != way:
            missing(f"{way} does not work here: {way_found['why']}")
        yield found
    finally:
        shutil.rmtree(home)


@functools.cache
def python() -> str:
    """A Python that a user without privileges may execute too; the player needs no package."""
    for found in (getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3"):
        places: Sequence[Path] = (Path(found), *Path(found).resolve().parents)
        if all(place.stat().st_mode & 0o001 for place in places if place.exists()):
            return str(found)
    return missing("there is no Python that every user may execute")


def descendants(pid: int) -> list[int]:
    """The processes it has started, and those that they have."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                fields = (
                    (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
                )
                parents[int(entry.name)] = int(fields[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def processes(word: str) -> list[int]:
    """The processes of this machine that have the word in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if word.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found
