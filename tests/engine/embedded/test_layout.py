"""Images handed over: as the specification says, the same bytes again, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import tarfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import missing
from tests.engine.embedded.spec import check_layout
from tests.engine.embedded.stored import image
from tests.sample import PING
from tui.core.final_image import final_image
from tui.core.plan import answer_text, defaults
from tui.engine import EngineError
from tui.engine.embedded.assemble import Parts, assemble
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.layout import write_archive, write_folder
from tui.engine.embedded.oci import Image

PROGRAM = """package main

import ("fmt"; "os"; "os/user")

func main() {
	me, _ := user.Current()
	text, err := os.ReadFile("/etc/group")
	fmt.Println(me.Username, os.Getuid(), len(text), err)
}
"""


def nothing() -> None:
    pass


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A static program that says who it is."""
    if shutil.which("go") is None:
        missing("there is no go on PATH")
    folder = tmp_path_factory.mktemp("program")
    (folder / "main.go").write_text(PROGRAM)
    subprocess.run(
        ["go", "build", "-o", "said", "main.go"],
        cwd=folder,
        check=True,
        env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off"},
    )
    return folder / "said"


def made(blobs: Blobs, program: Path, platform: str = "linux/amd64") -> Image:
    plan = defaults(PING)
    for key, text in (("runtime", "scratch"), ("user-name", "app"), ("binary", "said"), ("health", "none")):
        plan = answer_text(PING, plan, key, text)
    parts = Parts(
        programs={"said": program},
        probe=None,
        certificates=b"none\n",
        zones=program.parent,
        sources=program.parent,
    )
    return assemble(blobs, final_image(PING, plan), None, platform, parts, 0, nothing)


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_layout_is_as_the_specification_says(tmp_path: Path) -> None:
    program = tmp_path / "p"
    program.write_bytes(b"\x7fELF")
    blobs = Blobs(tmp_path / "blobs")
    images = [made(blobs, program, platform) for platform in ("linux/amd64", "linux/arm/v7")]
    for wanted in (images[:1], images):
        write_folder(blobs, wanted, "ping:dev", tmp_path / "layout", nothing)
        assert check_layout(tmp_path / "layout") == [image.platform for image in wanted]
        write_archive(blobs, wanted, "ping:dev", tmp_path / "ping.tar", nothing)
        with tarfile.open(tmp_path / "ping.tar") as tar:
            tar.extractall(tmp_path / "unpacked", filter="data")
        (tmp_path / "unpacked" / "manifest.json").unlink()
        assert files(tmp_path / "unpacked") == files(tmp_path / "layout")
        shutil.rmtree(tmp_path / "unpacked")
    assert {path.name for path in tmp_path.iterdir()} == {"p", "blobs", "layout", "ping.tar"}


def test_the_archive_has_the_same_bytes_everywhere(tmp_path: Path) -> None:
    sums = set()
    for number in range(2):
        blobs = Blobs(tmp_path / f"blobs{number}")
        write_archive(blobs, [image(blobs, b"text")], "a:b", tmp_path / f"{number}.tar", nothing)
        sums.add(hashlib.sha256((tmp_path / f"{number}.tar").read_bytes()).hexdigest())
    assert len(sums) == 1


def test_another_folder_is_not_replaced(tmp_path: Path) -> None:
    blobs, target = Blobs(tmp_path / "blobs"), tmp_path / "mine"
    target.mkdir()
    write_folder(blobs, [image(blobs, b"one")], "a:b", target, nothing)
    (target / "oci-layout").rename(target / "precious")
    before = files(target)
    with pytest.raises(EngineError, match="holds something else"):
        write_folder(blobs, [image(blobs, b"two")], "a:b", target, nothing)
    assert files(target) == before


@pytest.fixture
def full_disk() -> Iterator[Callable[[int], None]]:
    """Files can no longer grow beyond so many bytes: what a full disk looks like from inside."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("write", [write_folder, write_archive])
@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, full_disk: Callable[[int], None], write: Callable[..., None], there: bool
) -> None:
    blobs, target = Blobs(tmp_path / "blobs"), tmp_path / "target"
    if there:
        write(blobs, [image(blobs, b"small")], "a:b", target, nothing)
    before = files(tmp_path)
    large = image(blobs, os.urandom(50_000))
    stored = files(tmp_path)
    full_disk(20_000)
    with pytest.raises(EngineError, match=r"target cannot be written\. The machine says: .*\. Make room"):
        write(blobs, [large], "a:b", target, nothing)
    assert files(tmp_path) == stored and before.items() <= stored.items()
    assert {path.name for path in tmp_path.iterdir()} <= {"blobs", "target"}


def test_a_full_disk_leaves_no_part_of_a_layer(tmp_path: Path, full_disk: Callable[[int], None]) -> None:
    program, blobs = tmp_path / "program", Blobs(tmp_path / "blobs")
    program.write_bytes(os.urandom(50_000))
    full_disk(20_000)
    with pytest.raises(EngineError, match=r"blobs cannot be written\. "):
        made(blobs, program)
    assert not [path for path in blobs.root.rglob("*") if path.is_file() and path.stat().st_size > 2000]
    assert list((blobs.root / "drafts").iterdir()) == []


@pytest.mark.parametrize("name", ["localhost/dockwright-test/loaded", "dockwright-test/loaded"])
def test_every_engine_loads_and_runs_it(
    client: Any, endpoint: Any, tmp_path: Path, program: Path, name: str
) -> None:
    blobs = Blobs(tmp_path / "blobs")
    mine = made(blobs, program)
    tag = f"{name}:{uuid.uuid4().hex[:12]}"
    write_archive(blobs, [mine], tag, tmp_path / "image.tar", nothing)
    with (tmp_path / "image.tar").open("rb") as archive:
        answers = list(client.load_image(archive))
    try:
        found = client.inspect_image(tag)
        assert found["Config"]["User"] == "65532:65532", answers
        assert found["Config"]["Entrypoint"] == ["/usr/local/bin/said"]
        assert [f"{layer}" for layer in found["RootFS"]["Layers"]] == mine.config["rootfs"]["diff_ids"]
        assert len(client.history(tag)) == 2
        if endpoint.name != "docker-28-containerd":
            assert found["Id"].removeprefix("sha256:") == mine.config_blob.digest.removeprefix("sha256:")
        else:
            assert found["Id"] == mine.manifest.digest
        container = client.create_container(tag)["Id"]
        client.start(container)
        try:
            assert client.wait(container)["StatusCode"] == 0
            assert client.logs(container).decode() == "app 65532 23 <nil>\n"
        finally:
            client.remove_container(container, force=True)
    finally:
        client.remove_image(tag, force=True)


def test_an_archive_of_several_platforms_gives_each_engine_one_it_runs(
    client: Any, tmp_path: Path, program: Path
) -> None:
    blobs, tag = Blobs(tmp_path / "blobs"), f"localhost/dockwright-test/several:{uuid.uuid4().hex[:12]}"
    own = f"linux/{client.info()['Architecture'].replace('x86_64', 'amd64').replace('aarch64', 'arm64')}"
    images = [made(blobs, program, platform) for platform in (own, "linux/riscv64")]
    write_archive(blobs, images, tag, tmp_path / "image.tar", nothing)
    with (tmp_path / "image.tar").open("rb") as archive:
        answers = list(client.load_image(archive))
    try:
        assert client.inspect_image(tag)["Architecture"] == own.partition("/")[2], answers
    finally:
        client.remove_image(tag, force=True)
