"""One started program, from its first byte to its end. Every method blocks, but the start is quick."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from tui.core.events import Exited, Log
from tui.core.exitcodes import PANIC, meaning
from tui.engine import relay
from tui.engine.embedded.running.launch import FILE, Launch
from tui.engine.output import Printed

_PIECE = 1 << 14
_LOOK_AGAIN = 0.005


class Process:
    """To be made by a thread that lives as long as dockwright: Linux ends the program with the thread that
    started it. ``began`` is the monotonic time it was started at, ``ran`` whether the program itself was seen
    to run."""

    def __init__(self, launch: Launch, *, quiet: bool = False) -> None:
        self.printed = Printed()
        self.requested = False
        self.ran = False
        self._idle = threading.Event()
        self._idle.set()
        self._tools = [Path(found).stat() for tool in launch.tools if (found := shutil.which(tool))]
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        with ExitStack() as stack:
            files = [stack.enter_context(launch.file.open("rb")).fileno()] if launch.file else []
            self.began = time.monotonic()
            self._process = subprocess.Popen(
                [str(files[0]) if word == FILE else word for word in launch.argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                bufsize=0,
                env=launch.env,
                cwd=launch.cwd,
                pass_fds=files,
                start_new_session=True,
            )
        pipes = {1: self._process.stdout, 2: self._process.stderr}
        self._pipes = {stream: pipe for stream, pipe in pipes.items() if pipe is not None}

    def await_program(self) -> None:
        """Return once the image's program itself runs, or all is over: a signal before it would be lost."""
        while self._process.poll() is None and not self.ran:
            self.ran = self._runs()
            time.sleep(0 if self.ran else _LOOK_AGAIN)

    def read_output(self, emit: Callable[[Log], None]) -> None:
        """Emit what it prints until it has closed both streams."""
        self._idle.clear()
        try:
            with selectors.DefaultSelector() as selector:
                for stream, pipe in self._pipes.items():
                    selector.register(pipe, selectors.EVENT_READ, stream)
                while selector.get_map():
                    self._read_ready(selector, emit)
        finally:
            self._idle.set()

    def _read_ready(self, selector: selectors.BaseSelector, emit: Callable[[Log], None]) -> None:
        for key, _ in selector.select():
            data = os.read(key.fd, _PIECE)
            if not data:
                selector.unregister(key.fileobj)
            if log := self.printed.add(key.data, data, final=not data):
                emit(log)

    def wait(self) -> int:
        """Its exit code once it has ended, 128 and the signal's number where one ended it."""
        code = self._process.wait()
        if not self._tools:  # there is no namespace whose end would end what it has started
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        return 128 - code if code < 0 else code

    def stop(self) -> None:
        """SIGTERM, after GRACE seconds SIGKILL. Nothing happens when it has ended already."""
        self.requested = True
        killed_at = time.monotonic() + relay.GRACE
        while not self._hears() and self._process.poll() is None and time.monotonic() < killed_at:
            time.sleep(_LOOK_AGAIN)
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(max(0.0, killed_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)

    def kill(self) -> None:
        """End it and all it has started; whoever waits for it sees that."""
        self._process.kill()

    def discard(self) -> None:
        """Stop it, at once where the program itself does not run yet, and give back what it held."""
        (self.stop if self._runs() else self.kill)()
        self.wait()
        self._idle.wait()
        for pipe in self._pipes.values():
            pipe.close()

    def ended(self, code: int) -> Exited:
        """How it ended. Whether it was for want of memory is not known."""
        words = meaning(code, requested=self.requested, panicked=PANIC in self.printed.tail)
        return Exited(code, words, self.requested, time.monotonic() - self.began)

    def _signal(self, number: int) -> None:
        """What waits for the program hears SIGTERM too, and keeps it for itself: so the child is told."""
        child = _child(self._process.pid) if self._tools else None
        if child is None:
            self._process.send_signal(number)
        elif self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(child, number)

    def _hears(self) -> bool:
        """Whether SIGTERM reaches it: for the first process of a namespace only once it has a handler, which
        a Go program has some milliseconds after its start (pid_namespaces(7), proc(5))."""
        if not self._tools:
            return True
        try:
            status = Path(f"/proc/{_child(self._process.pid)}/status").read_text(encoding="ascii")
        except OSError:
            return False
        handled = next((line for line in status.splitlines() if line.startswith("SigCgt:")), "SigCgt: 0")
        return bool(int(handled.split()[1], 16) >> (signal.SIGTERM - 1) & 1)

    def _runs(self) -> bool:
        if not self._tools:
            return True
        child = _child(self._process.pid)
        try:
            executed = Path(f"/proc/{child}/exe").stat()
        except PermissionError:  # where bubblewrap is root's, it hides what it executes
            return True
        except OSError:
            return False
        return not any(os.path.samestat(executed, tool) for tool in self._tools)


def lists_children() -> bool:
    """Whether this Linux was built to tell a process's children (CONFIG_PROC_CHILDREN)."""
    return _children(os.getpid()).exists()


def _children(pid: int) -> Path:
    return Path(f"/proc/{pid}/task/{pid}/children")


def _child(pid: int) -> int | None:
    """The first child of a process (proc(5))."""
    try:
        children = _children(pid).read_text(encoding="ascii").split()
    except OSError:
        return None
    return int(children[0]) if children else None
