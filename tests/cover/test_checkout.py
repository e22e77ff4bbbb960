"""The same sources give the same image, whatever modes and dates a checkout gave their files."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cover import trial
from tests.cover.applications import APPLICATIONS
from tests.cover.asserted import behaves
from tests.cover.model import plan_of
from tests.cover.rows import Row
from tests.engine.conftest import combinations, find, missing
from tui.core.dockerfile import without_frontend
from tui.core.events import Failed
from tui.core.inspect import inspect
from tui.core.plan import Plan
from tui.engine import BuildRequest
from tui.engine.requests import build_request

ENGINE = "docker-28"
"""Engine 20.10 dates the folder that a COPY makes."""

ROWS = (
    Row("files", (("builder", "golang-trixie"), ("runtime", "debian-slim-trixie"))),
    Row("files", (("builder", "golang-alpine3.24"), ("runtime", "scratch"))),
)
"""With the tools of coreutils and of busybox."""

BUILD = ("docker", "buildx", "build", "--quiet", "--no-cache-filter", "final", "--file", "-", "--tag")
STAGED = {"app/motto.txt", "etc/passwd"}

Layers = dict[str, list[tuple[Any, ...]]]
"""By its diff id what a layer holds: name, mode, owner, target and content, without dates."""


def _checked_out(source: Path, folder: Path, umask: int) -> Path:
    """The sources as Git leaves them under that umask, just now."""
    copy = Path(shutil.copytree(source, folder / f"{umask:03o}" / source.name))
    for path in (copy, *copy.rglob("*")):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
        os.utime(path, (umask + 10**9, umask + 10**9))
    return copy


def _request(root: Path, row: Row) -> tuple[Plan, BuildRequest]:
    found = inspect(root)
    tag = trial.tag(f"checkout-{row.answer('runtime')}-{root.parent.name}")
    made = replace(plan_of(found, row), tag=tag, transport="buildx")
    return made, build_request(found, made)


def _layers(client: Any, url: str, request: BuildRequest) -> Layers:
    """What that image is made of when no step is taken from an earlier build: a COPY's cache ignores dates.

    What was compiled stays in its cache mount.
    """
    before, last, after = without_frontend(request.dockerfile).rpartition("\nFROM ")
    again = before.replace("\nWORKDIR", f"\nENV AGAIN={os.urandom(4).hex()}\nWORKDIR")
    subprocess.run(
        [*BUILD, request.tag, "."],
        cwd=request.context,
        env={**os.environ, "DOCKER_HOST": url},
        input=again + last + after.replace("\n", " AS final\n", 1),
        capture_output=True,
        text=True,
        check=True,
    )
    try:
        return _unpacked(client, request.tag)
    finally:
        client.remove_image(request.tag, force=True)


def _unpacked(client: Any, tag: str) -> Layers:
    with tarfile.open(fileobj=io.BytesIO(b"".join(client.get_image(tag)))) as archive:
        names = json.load(_file(archive, "manifest.json"))[0]["Layers"]
        diffs = client.inspect_image(tag)["RootFS"]["Layers"]
        return {diff: list(_members(_file(archive, name))) for diff, name in zip(diffs, names, strict=True)}


def _members(layer: Any) -> Iterable[tuple[Any, ...]]:
    with tarfile.open(fileobj=layer) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            digest = hashlib.sha256(content.read()).hexdigest() if content else ""
            yield member.name, member.mode & 0o7777, member.uid, member.gid, member.linkname, digest


def _file(archive: tarfile.TarFile, name: str) -> Any:
    content = archive.extractfile(name)
    assert content is not None, name
    return content


@pytest.mark.engine
@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.answer("runtime")))
async def test_a_checkouts_umask_and_dates_change_nothing(row: Row, tmp_path: Path) -> None:
    if (ENGINE, "buildx") not in combinations():
        missing(f"DOCKWRIGHT_TEST_ENGINES does not name {ENGINE}")
    endpoint, source = find(ENGINE), APPLICATIONS[row.app].root
    usual, strict = (_request(_checked_out(source, tmp_path, umask), row) for umask in (0o022, 0o077))
    async with trial.image_of(endpoint, strict[1]) as (engine, client, end):
        assert not isinstance(end, Failed), end
        behaves(row, strict[0], await trial.run(engine, client, row, strict[0], end.image))
        one, other = (_layers(client, endpoint.url, request) for _, request in (usual, strict))
    assert list(one.values()) == list(other.values())
    staged = {diff for diff, members in one.items() if {name for name, *_ in members} & STAGED}
    assert staged and staged <= other.keys()
