"""Rebuild time of the embedded engine beside a bare ``go build``, and ko's where it is installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.bench.image import PING, build_once, edit, go_build, go_command
from tests.bench.report import row, spread
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.engine.embedded.engine import EmbeddedEngine
from tui.engine.requests import build_request

_REBUILDS = 9


def measure() -> Iterator[str]:
    """Rows for an OCI layout and a tar for ``docker load``; one line with the reason where there is no Go."""
    go = go_command()
    if not go.exists():
        yield f"embedded rebuild: not measured, there is no Go toolchain at {go} (set DOCKWRIGHT_TEST_GO)"
        return
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(PING, Path(folder) / "ping"))
        yield from asyncio.run(_measure(project, go))


async def _measure(folder: Path, go: Path) -> list[str]:
    project = inspect(folder)
    plan = answer_text(project, defaults(project), "runtime", "scratch")
    environ = {**os.environ, "PATH": f"{go.parent}:{os.environ['PATH']}"}
    engine = EmbeddedEngine(environ, folder.parent / "store")
    request = replace(build_request(project, plan), engine="embedded")
    ways = {
        "embedded, OCI layout": replace(request, deliver=(f"oci:{folder.parent / 'layout'}",)),
        "embedded, docker load tar": replace(request, deliver=(f"archive:{folder.parent / 'image.tar'}",)),
    }
    ko = shutil.which("ko")
    bare: list[float] = []
    took: dict[str, list[float]] = {name: [] for name in (*ways, *(["ko, a tar"] if ko else []))}
    for number in range(_REBUILDS + 1):
        for name, wanted in ways.items():
            edit(folder, f"{number} {name}")
            began = time.perf_counter()
            await build_once(engine, wanted)
            took[name].append(time.perf_counter() - began)
        if ko:
            edit(folder, f"{number} ko")
            took["ko, a tar"].append(_ko(ko, folder, environ))
        edit(folder, f"{number} bare")
        bare.append(go_build(go, folder))
    return [
        row(
            f"{name}, rebuilt / warm bare go build",
            median(seconds[1:]) / median(bare[1:]),
            "×",
            1.4 if name in ways else None,
            f"{spread(seconds[1:])} / {spread(bare[1:])}",
        )
        for name, seconds in took.items()
    ]


def _ko(ko: str, folder: Path, environ: dict[str, str]) -> float:
    base = {"KO_DEFAULTBASEIMAGE": "scratch", "KO_DOCKER_REPO": "ko.local"}
    argv = [ko, "build", "--push=false", "--tarball", str(folder.parent / "ko.tar"), "."]
    began = time.perf_counter()
    subprocess.run(argv, cwd=folder, env={**environ, **base}, check=True, capture_output=True)
    return time.perf_counter() - began
