"""What is assembled without a daemon is what BuildKit makes of the same plan's Dockerfile."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cover.applications import project
from tests.cover.model import HERE, plan_of
from tests.cover.rows import Row
from tests.engine.builds import engine_at
from tests.engine.conftest import Endpoint, combinations, find
from tests.engine.embedded.same import differences, exported
from tests.engine.images import file, folder, layer, link, load
from tui.core.catalog import CERTIFICATES, ZONES
from tui.core.events import Event, Finished
from tui.core.final_image import PROBE, FinalImage, final_image
from tui.core.plan import Plan, answer_text
from tui.core.project import Project
from tui.core.rules import ERROR, problems
from tui.engine.embedded.assemble import Parts, assemble
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Image
from tui.engine.embedded.tree import read_tree
from tui.engine.embedded.unpack import unpack
from tui.engine.requests import build_request

pytestmark = pytest.mark.engine

CASES = {
    "scratch": Row("http", (("runtime", "scratch"), ("user-name", "app"), ("health", "http /"))),
    "scratch-root": Row("lowport", (("runtime", "scratch"), ("user", "0:0"), ("port", "none"))),
    "scratch-zones": Row(
        "zones", (("runtime", "scratch"), ("zones", "copy"), ("writable-dir", "/data, /srv/a/b, /tmp"))
    ),
    "scratch-files": Row("files", (("runtime", "scratch"), ("workdir", "/srv/app"), ("user", "1000:1001"))),
    "distroless": Row("tlsclient", (("runtime", "distroless-static-debian13"),)),
    "distroless-named": Row(
        "netuser",
        (("runtime", "distroless-static-debian13"), ("user", "1000:1000"), ("user-name", "app")),
    ),
    "alpine": Row(
        "http",
        (
            ("runtime", "alpine-3.24"),
            ("user", "nobody"),
            ("health", "http /"),
            ("port", "8080-8082, 53/udp"),
            ("writable-dir", "/var/run/app, /var/lock/deep/er"),
        ),
    ),
    "alpine-named": Row("cli", (("runtime", "alpine-3.24"), ("user-name", "app"), ("workdir", "/home/app"))),
    "debian": Row(
        "files",
        (
            ("runtime", "debian-slim-trixie"),
            ("workdir", "/bin/app/files"),
            ("writable-dir", "/lib/app, /var/run/app, /data"),
            ("label", "org.opencontainers.image.title=one two"),
        ),
    ),
    "several": Row("mains", (("runtime", "distroless-static-debian13"), ("also", "./cmd/migrate"))),
    "files-at-root": Row("files", (("runtime", "scratch"), ("workdir", ""))),
}


@dataclass(frozen=True)
class Bench:
    """An engine with BuildKit, and a store of the embedded engine's own."""

    endpoint: Endpoint
    client: Any
    blobs: Blobs
    folder: Path

    def plan(self, found: Project, row: Row) -> Plan:
        """The row's plan, for this machine, with a tag of its own."""
        made = answer_text(found, plan_of(found, row), "platform", HERE)
        made = replace(
            made, tag=f"dockwright-test/same-{uuid4().hex[:8]}:dev", transport="auto", engine="docker"
        )
        assert not [problem for problem in problems(found, made) if problem.severity == ERROR]
        return made

    def built(self, found: Project, made: Plan) -> Image:
        """What BuildKit makes of it."""
        end = asyncio.run(self._build(found, made))
        assert isinstance(end, Finished), end
        try:
            return self.image(end.image)
        finally:
            self.client.remove_image(made.tag, force=True)

    def image(self, tag: str) -> Image:
        """That image of the engine, in the store."""
        return exported(self.client, tag, self.blobs, self.folder / "draft.tar")

    def base(self, final: FinalImage) -> Image | None:
        """The base image it stands on."""
        return None if final.is_scratch else self.image(final.base)

    def assembled(self, final: FinalImage, base: Image | None, built: Image, sources: Path) -> Image:
        """The same image put together here, of the programs BuildKit has compiled."""
        tree, root = (
            read_tree(self.blobs, built.layers, lambda: None),
            unpack(self.blobs, built, lambda: None),
        )

        def taken(path: str) -> Path:
            return root / tree.resolve(path).lstrip("/")

        parts = Parts(
            programs={name: taken(f"{final.program_dir}/{name}") for name in final.programs},
            probe=taken(f"{final.program_dir}/{PROBE}") if final.health and final.health.probe else None,
            certificates=taken(CERTIFICATES).read_bytes() if final.certificates else b"",
            zones=taken(ZONES),
            sources=sources,
        )
        return assemble(self.blobs, final, base, built.platform, parts, 0, lambda: None)

    async def _build(self, found: Project, made: Plan) -> Event:
        async with (
            engine_at(self.endpoint.url) as engine,
            aclosing(engine.build(build_request(found, made))) as events,
        ):
            return [event async for event in events][-1]


@pytest.fixture
def bench(first_client: Any, tmp_path: Path) -> Bench:
    return Bench(find(combinations()[0][0]), first_client, Blobs(tmp_path / "blobs"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_same_image_as_buildkits(bench: Bench, name: str) -> None:
    row = CASES[name]
    found = project(row.app)
    made = bench.plan(found, row)
    final = final_image(found, made)
    built = bench.built(found, made)
    mine = bench.assembled(final, bench.base(final), built, found.root)
    assert differences(bench.blobs, built, mine) == []


HOSTILE = (
    *(folder("etc"), folder("real", 0o700), folder("real/certs"), file("real/passwd", b"x:x:1:1::/:/x")),
    *(
        link("etc/ssl", "/real"),
        link("etc/passwd", "../real/passwd"),
        file("etc/group", b"\n\ng:x:1:\n\n", 0o600),
    ),
    *(folder("opt", 0o711), folder("opt/deep", 0o1777), folder("opt/deep/templates", 0o700)),
    *(link("usr", "opt"), link("opt/local", "../../../real/local"), folder("real/local", 0o750)),
    *(folder("real/local/bin"), link("real/local/bin/files", "../../target"), link("srv", "opt/deep")),
)


@pytest.mark.slow
def test_the_same_on_a_base_of_links_that_has_settings(bench: Bench) -> None:
    """Links at every place something is copied to, and everything a configuration can inherit."""
    settings = {
        "Cmd": ["old"],
        "Entrypoint": ["older"],
        "Env": ["A=b", "PATH=/only"],
        "ExposedPorts": {"99/tcp": {}},
        "Volumes": {"/data": {}},
        "Labels": {"kept": "yes", "org.opencontainers.image.title": "replaced"},
        "StopSignal": "SIGUSR1",
        "Healthcheck": {"Test": ["CMD", "/x"], "Interval": 5},
        "User": "7:8",
        "WorkingDir": "/was",
        "Shell": ["/bin/x", "-c"],
    }
    tag = load(bench.client, layer(*HOSTILE), HERE, **settings)
    try:
        found = project("files")
        row = Row("files", (("workdir", "/srv"), ("writable-dir", "/usr/a/b, /srv/templates/c")))
        made = bench.plan(found, row)
        made = replace(
            made,
            runtime=tag,
            image=(*made.image, f"{tag} os=linux healthcheck=yes stopsignal=yes"),
            user="65532:65532",
            user_name="app",
            label=("org.opencontainers.image.title=new",),
        )
        final = final_image(found, made)
        assert final.certificates or final.accounts
        built = bench.built(found, made)
        assert (
            differences(bench.blobs, built, bench.assembled(final, bench.image(tag), built, found.root)) == []
        )
    finally:
        bench.client.remove_image(tag, force=True)


def test_differences_are_seen(bench: Bench) -> None:
    one = layer(folder("a"), file("a/b", b"1"), link("l", "a"))
    others = {
        "/a/b: other content": layer(folder("a"), file("a/b", b"2"), link("l", "a")),
        "/a: ('directory', '0o755'": layer(folder("a", 0o700), file("a/b", b"1"), link("l", "a")),
        "/l: ('link'": layer(folder("a"), file("a/b", b"1"), link("l", "b")),
        "/a/b: ('file'": layer(folder("a"), link("l", "a")),
    }
    tags = [load(bench.client, one, User="1:1")]
    try:
        first = bench.image(tags[0])
        assert differences(bench.blobs, first, first) == []
        for said, other in others.items():
            tags.append(load(bench.client, other, User="1:1"))
            found = differences(bench.blobs, first, bench.image(tags[-1]))
            assert len(found) == 1 and found[0].startswith(said), found
        tags.append(load(bench.client, one, User="2:2"))
        assert differences(bench.blobs, first, bench.image(tags[-1])) == ["config User: '1:1', '2:2'"]
    finally:
        for tag in tags:
            bench.client.remove_image(tag, force=True)
