"""The same plan carried out by the embedded engine: its image compared with the row's, and run like that."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.cover import trial
from tests.cover.bases import Bases, bases, shared_folder
from tests.cover.rows import Row
from tests.engine.embedded.golang import with_go
from tests.engine.embedded.same import differences, exported
from tui.core.catalog import CERTIFICATES, ZONES
from tui.core.events import Event, Finished, Notice
from tui.core.plan import Plan
from tui.engine import BuildRequest
from tui.engine.embedded.engine import EmbeddedEngine
from tui.engine.embedded.manifest import add_image
from tui.engine.embedded.oci import Image
from tui.engine.embedded.workspace import Workspace

CONTENT = (f"{CERTIFICATES}/",)
"""Holds Mozilla's certificates as certifi has them, instead of the builder image's."""

CHOICE = (f"{ZONES}/",)
"""Time zones of Go's own archive instead of the builder image's: a distribution leaves old names out, makes
links of others and adds tables that Go does not read. The applications ask for what they need of them."""

_ELSEWHERE = "in a container: permission denied"
"""All files belong to the one user a namespace knows, so that where the root can be written, he may: the run
says so before it starts."""

_NEW_NETWORK = 0x40000000
"""CLONE_NEWNET of linux/sched.h."""

_LOWEST_PORT = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
"""Engines let programs listen on every port (Docker does since 20.10)."""


class Beside:
    """One for all rows of a worker; the store is that of all workers."""

    def __init__(self, store: Path, bases: Bases) -> None:
        self._engine = EmbeddedEngine(with_go(), store)
        self._workspace, self._bases = Workspace(store), bases
        self._runs = (
            None
            if os.geteuid()
            else ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _enter_own_network)
        )

    async def build(self, client: Any, request: BuildRequest) -> Image:
        """The image of that request, standing on the engine's own base."""
        assert request.stages is not None
        final = request.stages.final
        if not final.is_scratch:
            base = trial.published(final.base)
            final = replace(final, base=await asyncio.to_thread(self._bases.reference, client, base))
        stages = replace(request.stages, final=final)
        end: Event | None = None
        async with aclosing(self._engine.build(replace(request, stages=stages))) as events:
            async for event in events:
                assert not isinstance(event, Notice), event
                end = event
        assert isinstance(end, Finished), end
        return self._workspace.images(request.tag)[0]

    async def compare(self, client: Any, request: BuildRequest) -> list[str]:
        """What is not the same in the image of that tag and the one that is built here, a line each."""
        with self._workspace.names.in_use():
            made = await self.build(client, request)
            return await asyncio.to_thread(self._differences, client, request.tag, made)

    def _differences(self, client: Any, tag: str, made: Image) -> list[str]:
        blobs = self._workspace.blobs
        hurried = add_image(blobs, made.platform, trial.hurried(made.config), made.layers)
        self._workspace.names.put(tag, hurried.manifest)
        known = dict(zip(made.config["rootfs"]["diff_ids"], made.layers, strict=True))
        with tempfile.TemporaryDirectory(dir=blobs.root) as folder:
            theirs = exported(client, tag, blobs, Path(folder) / "image.tar", known)
        return differences(blobs, hurried, theirs, CONTENT, CHOICE)

    async def run(self, row: Row, made: Plan) -> trial.Observed | None:
        """What comes of running it; None where nobody may have a network of one's own."""
        if self._runs is None:
            return None
        seen = await asyncio.wrap_future(self._runs.submit(_run, self._workspace.root, row, made))
        if made.writable and seen.answer.get("uid") and seen.answer.get("outside") == "":
            seen.answer["outside"] = _ELSEWHERE
        return seen

    def remove(self, tag: str) -> None:
        """Forget that image."""
        self._workspace.names.remove(tag)
        self._workspace.names.collect()

    def close(self) -> None:
        """End the process that runs images."""
        if self._runs is not None:
            self._runs.shutdown()


def _enter_own_network() -> None:
    """Rows listen on the same ports, low ones too, as every container may: it has the machine's network."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "no network of its own")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    _LOWEST_PORT.write_text("0")


def _run(store: Path, row: Row, made: Plan) -> trial.Observed:
    return asyncio.run(trial.run(EmbeddedEngine(with_go(), store), None, row, made, made.tag))


@contextmanager
def beside(place: Path, own: Path) -> Iterator[Beside]:
    """The embedded engine, with a store in ``place`` of all workers; ``own`` is this one's."""
    with shared_folder(place) as shared, bases(shared, own) as known:
        made = Beside(shared / "store", known)
        try:
            yield made
        finally:
            made.close()
