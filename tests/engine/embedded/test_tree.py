"""The merged file system of layers: replacing, whiteouts, links, and hostile tars."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.images import file, folder, layer, link
from tui.engine import EngineError
from tui.engine.embedded import members, tree
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import LAYER, Descriptor
from tui.engine.embedded.tree import Tree, read_file, read_tree

Member = tuple[tarfile.TarInfo, bytes]


def hard(name: str, target: str) -> Member:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.LNKTYPE, target
    return member, b""


def added(blobs: Blobs, *tars: bytes) -> tuple[Descriptor, ...]:
    return tuple(blobs.add(tar, LAYER) for tar in tars)


def read(folder: Path, *tars: bytes) -> Tree:
    blobs = Blobs(folder)
    return read_tree(blobs, added(blobs, *tars), lambda: None)


def kinds(found: Tree) -> dict[str, str]:
    return {path: entry.kind for path, entry in found.entries.items() if path != "/"}


def test_later_layers_replace_and_remove(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        layer(folder("a"), file("a/old", b"1"), file("a/gone"), file("b"), folder("c"), file("c/d")),
        layer(file("a/old", b"22", 0o600), file("a/.wh.gone"), folder("b", 0o700), file("c")),
    )
    assert kinds(found) == {"/a": "directory", "/a/old": "file", "/b": "directory", "/c": "file"}
    assert (found.entries["/a/old"].size, found.entries["/a/old"].mode) == (2, 0o600)


@pytest.mark.parametrize("first", [True, False])
def test_a_whiteout_spares_what_its_own_layer_brings(tmp_path: Path, first: bool) -> None:
    mark, own = file("a/.wh..wh..opq"), file("a/own")
    second = [folder("a"), *((mark, own) if first else (own, mark))]
    found = read(tmp_path, layer(folder("a"), file("a/b"), folder("a/c"), file("a/c/d")), layer(*second))
    assert kinds(found) == {"/a": "directory", "/a/own": "file"}


@pytest.mark.parametrize("first", [True, False])
def test_a_folder_may_be_removed_and_made_anew(tmp_path: Path, first: bool) -> None:
    mark, own = [file(".wh.a")], [folder("a", 0o711), file("a/own")]
    found = read(tmp_path, layer(folder("a"), file("a/b")), layer(*(mark + own if first else own + mark)))
    assert kinds(found) == {"/a": "directory", "/a/own": "file"}
    assert found.entries["/a"].mode == 0o711


def test_a_whiteout_names_neither_its_folder_nor_the_one_above(tmp_path: Path) -> None:
    found = read(tmp_path, layer(file("a/b")), layer(file("a/.wh.."), file("a/.wh..."), file("a/.wh.")))
    assert kinds(found) == {"/a": "directory", "/a/b": "file"}


def test_links_are_resolved_inside_the_root(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        layer(
            link("bin", "usr/bin"), link("up", "../../../etc"), file("etc/passwd"), link("x", "/bin/y/../z")
        ),
    )
    assert found.resolve("/bin/sh") == "/usr/bin/sh"
    assert found.resolve("/up/passwd") == "/etc/passwd"
    assert found.resolve("/x") == "/usr/bin/z"
    assert found.follow("/up/nothing") is None


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    found = read(tmp_path, layer(link("a", "b"), link("b", "a/a")))
    with pytest.raises(EngineError, match="circle"):
        found.resolve("/a/x")


def test_hard_links_share_their_content(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    layers = added(blobs, layer(file("a", b"text"), hard("d/b", "./a")))
    found = read_tree(blobs, layers, lambda: None)
    assert found.entries["/d/b"] == found.entries["/a"]
    assert read_file(blobs, layers, found, "/d/b", 4) == b"text"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_every_packing_is_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    blobs = Blobs(tmp_path)
    layers = added(blobs, pack(layer(file("etc/a", b"text"), link("l", "etc"))))
    found = read_tree(blobs, layers, lambda: None)
    assert read_file(blobs, layers, found, "/l/a", 10) == b"text"
    with pytest.raises(EngineError, match="more than the 3 allowed"):
        read_file(blobs, layers, found, "/l/a", 3)


@pytest.mark.parametrize(
    "tar",
    [
        b"no tar" * 200,
        gzip.compress(layer(file("a", b"x" * 9000)))[:60],
        layer(hard("a", "nothing")),
        layer(link("a", "")),
        layer(folder("a"), hard("b", "a")),
        layer(file("a/" + "b" * 5000)),
    ],
    ids=["noise", "cut", "hard link to nothing", "empty link", "link to a folder", "long path"],
)
def test_what_is_no_sound_layer_is_refused(tmp_path: Path, tar: bytes) -> None:
    with pytest.raises(EngineError):
        read(tmp_path, tar)


def test_limits_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tar = layer(*(file(f"f{number}", b"x" * 1000) for number in range(9)))
    for module, name, limit in (
        (members, "ENTRY_LIMIT", 8),
        (members, "CONTENT_LIMIT", 9000),
        (tree, "TREE_LIMIT", 9),
        (tree, "NAMES_LIMIT", 26),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, limit)
            with pytest.raises(EngineError, match="refused"):
                read(tmp_path, tar)
    read(tmp_path, tar)


def test_a_header_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    with pytest.raises(EngineError, match="header"):
        read(tmp_path, header.tobuf() + bytes(1 << 20))


def extents() -> bytes:
    """A sparse file in the old GNU form, whose list of extents goes on for ever."""
    header = tarfile.TarInfo("sparse")
    header.type = tarfile.GNUTYPE_SPARSE
    buffer = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    buffer[482] = 1
    return summed(buffer) + (b"1" * 504 + b"\1" + bytes(7)) * 4000


def listed() -> bytes:
    """The same in the newest form: the list stands before the content."""
    member = tarfile.TarInfo("GNUSparseFile.0/sparse")
    member.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9"}
    member.size = 1 << 20
    return member.tobuf(tarfile.PAX_FORMAT) + b"900000000\n" + b"1\n" * (1 << 19)


def holes() -> bytes:
    """A file of an exabyte with nothing in it."""
    member = tarfile.TarInfo("sparse")
    member.pax_headers = {"GNU.sparse.size": str(1 << 60), "GNU.sparse.map": "0,1"}
    member.size = 1
    return member.tobuf(tarfile.PAX_FORMAT) + bytes(2048)


def summed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def negative() -> bytes:
    member = tarfile.TarInfo("a")
    member.size = -512
    return layer(file("b"))[:512] + member.tobuf(tarfile.GNU_FORMAT) + bytes(2048)


@pytest.mark.parametrize(
    "tar", [extents(), listed(), holes(), negative()], ids=["old", "new", "holes", "negative"]
)
def test_sizes_that_lie_are_refused(tmp_path: Path, tar: bytes) -> None:
    with pytest.raises(EngineError, match=r"sparse|not taken|no sound tar"):
        read(tmp_path, tar)


def test_work_that_was_given_up_stops(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    layers = added(blobs, layer(file("a")))

    def given_up() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read_tree(blobs, layers, given_up)


names = st.lists(
    st.sampled_from(["a", "b", "c", "..", ".", "", ".wh.a", ".wh..wh..opq", ".wh..", "etc"]), max_size=5
).map("/".join)
items = st.one_of(
    st.builds(file, names, st.binary(max_size=20)),
    st.builds(folder, names),
    st.builds(link, names, names),
    st.builds(hard, names, names),
)
hostile_layers = st.lists(st.lists(items, max_size=12), max_size=4)


@given(hostile_layers)
def test_any_layers_give_a_sound_tree_or_are_refused(layers: list[list[Member]]) -> None:
    with tempfile.TemporaryDirectory() as made:
        try:
            found = read(Path(made), *(layer(*members) for members in layers))
        except EngineError:
            return
    for path, entry in found.entries.items():
        assert path.startswith("/") and ".." not in path.split("/")
        parent, _, name = path.rpartition("/")
        assert path == "/" or found.entries[parent or "/"].kind == tree.DIRECTORY
        assert path == "/" or name in found.children[parent or "/"]
        assert entry.kind == tree.DIRECTORY or not found.children.get(path)
    for parent, below in found.children.items():
        assert all(f"{parent.rstrip('/')}/{name}" in found.entries for name in below)


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_tree_or_refused(noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        try:
            read(Path(made), io.BytesIO(noise).getvalue())
        except EngineError:
            return
