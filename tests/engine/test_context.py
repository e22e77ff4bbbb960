"""The build context as a tar stream."""

from __future__ import annotations

import io
import os
import random
import socket
import tarfile
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from tests.engine.test_connect import as_nobody
from tui.core.ignore import Ignore
from tui.engine.context import CHUNK, Context, ContextError


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def unpacked(context: Context) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(b"".join(context.stream()))) as archive:
        members = archive.getmembers()
        assert len({member.name for member in members}) == len(members)
        return {member.name: member for member in members}


def names(root: Path, ignore: str = "", **extra: str) -> list[str]:
    return list(unpacked(Context(root, Ignore(ignore), extra)))


def test_everything_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.go", "a/x.go", "a/b/y.go", ".git/HEAD")
    (tmp_path / "empty").mkdir()
    assert names(tmp_path, ".git") == ["a", "a/b", "a/b/y.go", "a/x.go", "b.go", "empty"]


def test_what_comes_back_brings_its_folders(tmp_path: Path) -> None:
    make(tmp_path, "web/node_modules/x.js", "web/dist/index.html", "web/src/a.ts", "go.mod")
    assert names(tmp_path, "*\n!go.mod\n!web/dist") == ["go.mod", "web", "web/dist", "web/dist/index.html"]
    assert names(tmp_path, "web\n!web/**/index.html") == ["go.mod", "web", "web/dist", "web/dist/index.html"]


def test_given_texts_replace_the_files_of_the_project(tmp_path: Path) -> None:
    make(tmp_path, "Dockerfile", "main.go")
    context = Context(tmp_path, Ignore("Dockerfile"), {"Dockerfile": "FROM scratch\n"})
    with tarfile.open(fileobj=io.BytesIO(b"".join(context.stream()))) as archive:
        assert archive.getnames() == ["Dockerfile", "main.go"]
        member = archive.extractfile("Dockerfile")
        assert member is not None and member.read() == b"FROM scratch\n"
    assert (tmp_path / "Dockerfile").read_text() == "Dockerfile"


def test_links_are_sent_as_links(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "project"
    make(root, "real")
    (root / "out").symlink_to("../secret")
    (root / "dir").symlink_to(tmp_path, target_is_directory=True)
    (root / "dangling").symlink_to("nowhere")
    members = unpacked(Context(root, Ignore("")))
    assert {name: member.linkname for name, member in members.items() if member.issym()} == {
        "out": "../secret",
        "dir": str(tmp_path),
        "dangling": "nowhere",
    }
    assert list(members) == ["dangling", "dir", "out", "real"]


def test_modes_are_kept_and_owners_are_not(tmp_path: Path) -> None:
    make(tmp_path, "run.sh")
    (tmp_path / "run.sh").chmod(0o755)
    member = unpacked(Context(tmp_path, Ignore("")))["run.sh"]
    assert (member.mode, member.uid, member.gid, member.uname) == (0o755, 0, 0, "")


def test_strange_names_survive(tmp_path: Path) -> None:
    long = "/".join(["d" * 60] * 4) + "/" + "f" * 120
    make(tmp_path, "sp ace", "ümlaut", long)
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))).write_text("")
    found = names(tmp_path)
    assert {"sp ace", "ümlaut", long, os.fsdecode(b"\xff\xfe")} <= set(found)


def test_sockets_and_pipes_are_left_out_and_named(tmp_path: Path) -> None:
    make(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "sock"))
    left_out: list[str] = []
    assert list(unpacked(Context(tmp_path, Ignore(""), left_out=left_out.append))) == ["a"]
    assert left_out == ["pipe", "sock"]


@pytest.mark.parametrize("bad", ["locked/", "locked"])
def test_what_cannot_be_read_is_said(bad: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        root = Path(folder)
        root.chmod(0o755)
        if bad.endswith("/"):
            (root / bad).mkdir()
        else:
            make(root, bad)
        (root / bad).chmod(0)
        said = as_nobody(lambda: b"".join(Context(root, Ignore("")).stream()))
        assert bad in said and "permission denied" in said and ".dockerignore" in said
        assert as_nobody(lambda: b"".join(Context(root, Ignore("locked")).stream())) == ""


def test_a_file_that_shrinks_is_said(tmp_path: Path) -> None:
    big = tmp_path / "big"
    big.write_bytes(b"x" * CHUNK * 3)
    pieces = Context(tmp_path, Ignore("")).stream()
    next(pieces), next(pieces)
    os.truncate(big, CHUNK)
    with pytest.raises(ContextError, match="big became shorter"):
        b"".join(pieces)


def test_a_file_that_grows_keeps_the_size_in_its_header(tmp_path: Path) -> None:
    make(tmp_path, "log", "z")
    pieces = Context(tmp_path, Ignore("")).stream()
    first = next(pieces)
    with (tmp_path / "log").open("a") as log:
        log.write("more" * 1000)
    with tarfile.open(fileobj=io.BytesIO(first + b"".join(pieces))) as archive:
        assert [(member.name, member.size) for member in archive] == [("log", 3), ("z", 1)]


def test_a_large_file_is_never_whole_in_memory(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(random.Random(1).randbytes(16 * CHUNK + 7))
    tracemalloc.start()
    sizes = [len(piece) for piece in Context(tmp_path, Ignore("")).stream()]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert max(sizes) <= CHUNK and peak < 4 * CHUNK
    assert sum(sizes) % tarfile.BLOCKSIZE == 0
