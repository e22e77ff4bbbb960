"""Rebuild time of the embedded engine beside a bare ``go build``, and ko's where it is installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.image import PING, build_once, edit, go_build, go_command
from tests.bench.report import row, spread
from tests.engine import registry
from tests.engine.embedded import handmade
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.engine.embedded.blobs import Blobs
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
    bare: list[float] = []
    took: defaultdict[str, list[float]] = defaultdict(list)
    with _ko(folder, environ) as others:
        for number in range(_REBUILDS + 1):
            for name, wanted in ways.items():
                edit(folder, f"{number} {name}")
                began = time.perf_counter()
                await build_once(engine, wanted)
                took[name].append(time.perf_counter() - began)
            for name, build in others.items():
                edit(folder, f"{number} {name}")
                began = time.perf_counter()
                build()
                took[name].append(time.perf_counter() - began)
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


@contextmanager
def _ko(folder: Path, environ: dict[str, str]) -> Iterator[dict[str, Callable[[], object]]]:
    """What ko does for the same; nothing where it or a registry for its base, which cannot be scratch, is
    missing."""
    ko = shutil.which("ko")
    if not ko or not shutil.which("docker-registry"):
        yield {}
        return
    with registry.running(folder.parent / "registry", demands="nothing") as known:
        made = Blobs(folder.parent / "base")
        base = handmade.put(known.host, "base", "1", made, handmade.image(made, b""))
        told = {**environ, "KO_DEFAULTBASEIMAGE": base, "KO_DOCKER_REPO": f"{known.host}/app"}

        def build(*words: str) -> object:
            return subprocess.run(
                [ko, "build", "--bare", *words, "."], cwd=folder, env=told, check=True, capture_output=True
            )

        layout, archive = folder.parent / "ko", folder.parent / "ko.tar"
        yield {
            f"{_version(ko)}, OCI layout": partial(build, "--push=false", f"--oci-layout-path={layout}"),
            f"{_version(ko)}, docker load tar": partial(build, "--push=false", f"--tarball={archive}"),
            f"{_version(ko)}, to a registry on loopback": build,
        }


def _version(ko: str) -> str:
    told = subprocess.run([ko, "version"], capture_output=True, text=True, check=True).stdout
    return f"ko {told.strip()}"
