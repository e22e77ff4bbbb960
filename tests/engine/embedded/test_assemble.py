"""What is put together out of a base, a plan and programs, and what is refused."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.embedded.stored import of_members
from tests.engine.images import file, folder, link
from tests.sample import PING
from tui.core.final_image import Accounts, FinalImage, final_image
from tui.core.plan import answer_text, defaults
from tui.engine import EngineError
from tui.engine.embedded.assemble import Parts, assemble
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.config import source_date
from tui.engine.embedded.oci import Image
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK, Tree, read_file, read_tree

PROGRAM = b"\x7fELF"


def final(**changed: Any) -> FinalImage:
    plan = answer_text(PING, defaults(PING), "runtime", "scratch")
    return replace(final_image(PING, plan), **{"accounts": None, "certificates": False, **changed})


def made(
    blobs: Blobs,
    wanted: FinalImage,
    sources: Path,
    base: Image | None = None,
    platform: str = "linux/amd64",
    program: bytes = PROGRAM,
    epoch: int = 0,
) -> Image:
    sources.mkdir(exist_ok=True)
    programs = {name: blobs.root.parent / f"built-{name}" for name in wanted.programs}
    for path in programs.values():
        path.write_bytes(program)
    parts = Parts(programs=programs, probe=None, certificates=b"", zones=sources, sources=sources)
    return assemble(blobs, wanted, base, platform, parts, epoch, lambda: None)


def tree(blobs: Blobs, image: Image) -> Tree:
    return read_tree(blobs, image.layers, lambda: None)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return tmp_path / "sources"


def test_modes_of_files_are_made_regular(blobs: Blobs, sources: Path) -> None:
    (sources / "a" / "b").mkdir(parents=True, mode=0o700)
    for name, mode in (("plain", 0o600), ("run", 0o610), ("set", 0o6755)):
        (sources / "a" / "b" / name).write_text(name)
        (sources / "a" / "b" / name).chmod(mode)
    (sources / "a" / "link").symlink_to("/etc//x")
    image = made(blobs, final(files=("a", "a/b/plain"), workdir="/srv"), sources)
    found = {
        path: (entry.kind, entry.mode, entry.uid, entry.link)
        for path, entry in tree(blobs, image).entries.items()
        if path.startswith("/srv")
    }
    assert found == {
        "/srv": (DIRECTORY, 0o755, 0, ""),
        "/srv/a": (DIRECTORY, 0o755, 0, ""),
        "/srv/a/b": (DIRECTORY, 0o755, 0, ""),
        "/srv/a/b/plain": (FILE, 0o644, 0, ""),
        "/srv/a/b/run": (FILE, 0o755, 0, ""),
        "/srv/a/b/set": (FILE, 0o755, 0, ""),
        "/srv/a/link": (LINK, 0o777, 0, "/etc//x"),
    }


def test_a_new_program_changes_the_last_layer_alone(blobs: Blobs, sources: Path) -> None:
    sources.mkdir()
    (sources / "page").write_text("text")
    wanted = final(files=("page",), writable_dirs=("/data",))
    first = made(blobs, wanted, sources)
    second = made(blobs, wanted, sources, program=b"\x7fELF2")
    assert len(first.layers) == 3
    assert first.layers[:2] == second.layers[:2] and first.layers[2] != second.layers[2]
    told = [entry["created_by"] for entry in first.config["history"]]
    assert told == ["dockwright: system files", "dockwright: files of the project", "dockwright: programs"]


def test_the_date_is_the_one_given(blobs: Blobs, sources: Path) -> None:
    first, second = (made(blobs, final(), sources, epoch=epoch) for epoch in (0, 1_700_000_000))
    assert first.config["created"] == "1970-01-01T00:00:00Z"
    assert second.config["created"] == "2023-11-14T22:13:20Z"
    assert first.layers != second.layers


def test_the_date_that_is_set_must_be_one() -> None:
    assert [source_date(text) for text in ("", "0", "1700000000")] == [0, 0, 1_700_000_000]
    for text in ("-1", "now", "1.5", "9" * 12, "9" * 5000, "0" * 20 + "9" * 20, "²"):
        with pytest.raises(EngineError, match="SOURCE_DATE_EPOCH is"):
            source_date(text)


@pytest.mark.parametrize(
    ("platform", "fields"),
    [
        ("linux/arm64", {"os": "linux", "architecture": "arm64"}),
        ("linux/arm/v7", {"os": "linux", "architecture": "arm", "variant": "v7"}),
    ],
)
def test_scratch_has_the_platform_asked_for(
    blobs: Blobs, sources: Path, platform: str, fields: dict[str, str]
) -> None:
    image = made(blobs, final(), sources, platform=platform)
    assert image.platform == platform and fields.items() <= image.config.items()
    assert ("variant" in image.config) == ("variant" in fields)


def test_the_bases_accounts_stay(blobs: Blobs, sources: Path) -> None:
    base = of_members(
        blobs,
        [
            [
                folder("etc"),
                file("real", b"root:x:0:0::/:/bin/sh\n\nlast:x:1:1::/:/x", 0o600),
                link("etc/passwd", "/real"),
            ]
        ],
    )
    image = made(blobs, final(base="base:1", accounts=Accounts(("app:x:7:8::/:/x",), ())), sources, base)
    found = tree(blobs, image)
    text = read_file(blobs, image.layers, found, "/etc/passwd", 999)
    assert text == b"root:x:0:0::/:/bin/sh\nlast:x:1:1::/:/x\napp:x:7:8::/:/x\n"
    assert found.entries["/etc/passwd"].kind == FILE and found.entries["/etc/group"].size == 0


def test_layers_of_docker_get_the_specifications_types(blobs: Blobs, sources: Path) -> None:
    base = of_members(blobs, [[file("a")]])
    docker = "application/vnd.docker.image.rootfs.diff.tar.gzip"
    renamed = replace(base, layers=tuple(replace(layer, media_type=docker) for layer in base.layers))
    assert made(blobs, final(), sources, renamed).layers[0] == base.layers[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda config: config["config"].update(OnBuild=["RUN rm -rf /"]), "ONBUILD"),
        (lambda config: config["config"].update(Labels=["no"]), "cannot be used"),
        (lambda config: config["config"].update(ExposedPorts="80"), "cannot be used"),
        (lambda config: config.update(config=["no"]), "cannot be used"),
        (lambda config: config.update(rootfs={"diff_ids": []}), "lists other layers"),
        (lambda config: config.pop("rootfs"), "cannot be used"),
        (lambda config: config.update(history=7), "cannot be used"),
        (lambda config: config["config"].update(Env=["A=b", 7]), "cannot be used"),
        (lambda config: config.pop("architecture"), "cannot be used"),
    ],
)
def test_a_base_that_is_none_is_refused(
    blobs: Blobs, sources: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    base = of_members(blobs, [[file("a")]])
    change(base.config)
    with pytest.raises(EngineError, match=said):
        made(blobs, final(base="base:1", labels=(("a", "b"),)), sources, base)


@pytest.mark.parametrize(
    ("members", "changed", "said"),
    [
        ([folder("usr/local/bin/ping")], {}, "/usr/local/bin/ping cannot be put into the image"),
        ([file("usr/local")], {}, "/usr/local cannot be put"),
        ([link("a", "b"), link("b", "a")], {"writable_dirs": ("/a/x",)}, "circle"),
        ([link("srv/a", "/etc")], {"files": ("a",), "workdir": "/srv"}, "/srv/a cannot be put"),
        ([folder("page")], {"files": ("page",)}, "/page cannot be put"),
    ],
)
def test_what_is_in_the_way_is_named(
    blobs: Blobs, sources: Path, members: list[Any], changed: dict[str, Any], said: str
) -> None:
    (sources / "a").mkdir(parents=True)
    (sources / "page").write_text("text")
    with pytest.raises(EngineError, match=said):
        made(blobs, final(base="base:1", **changed), sources, of_members(blobs, [members]))


@pytest.mark.parametrize("name", ["gone", "out/secret", "pipe", "socket"])
def test_files_that_cannot_be_copied_are_named(
    blobs: Blobs, sources: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.mkdir()
    monkeypatch.chdir(sources)  # a socket's path may have 107 bytes
    (tmp_path / "secret").write_text("secret")
    (sources / "out").symlink_to(tmp_path)
    os.mkfifo(sources / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(EngineError, match=f"{name} cannot be put into the image"):
            made(blobs, final(files=(name,)), sources)


def test_a_link_that_is_named_itself_is_followed(blobs: Blobs, sources: Path) -> None:
    (sources / "deploy").mkdir(parents=True)
    (sources / "deploy" / "app.yaml").write_text("text")
    (sources / "settings.yaml").symlink_to("deploy/app.yaml")
    image = made(blobs, final(files=("settings.yaml",), workdir="/srv"), sources)
    assert tree(blobs, image).entries["/srv/settings.yaml"].kind == FILE


def test_the_program_starts_where_its_files_are(blobs: Blobs, sources: Path) -> None:
    sources.mkdir()
    (sources / "page").write_text("text")
    base = of_members(blobs, [[folder("srv")]], WorkingDir="/srv")
    image = made(blobs, final(files=("page",)), sources, base)
    assert image.config["config"]["WorkingDir"] == "/"
