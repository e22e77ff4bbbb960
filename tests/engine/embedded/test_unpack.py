"""Layers as a folder: nothing leads out of it, whatever they hold, and it is whole or not there."""

from __future__ import annotations

import os
import signal
import stat
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

from tests.engine.embedded.stored import image, of_members
from tests.engine.embedded.test_tree import Member, hard, hostile_layers
from tests.engine.images import file, folder, link
from tui.engine import EngineError
from tui.engine.embedded import unpack as module
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK, OTHER, read_tree
from tui.engine.embedded.tree_cache import known_tree
from tui.engine.embedded.unpack import unpack


def nothing() -> None:
    pass


def device(name: str) -> Member:
    member = tarfile.TarInfo(name)
    member.type, member.devmajor, member.devminor = tarfile.CHRTYPE, 1, 3
    return member, b""


def test_files_folders_links_and_modes(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    made = of_members(
        blobs,
        [
            [folder("tmp", 0o1777), folder("bin", 0o555), file("bin/su", b"su", 0o4755), device("dev/null")],
            [
                link("l", "/etc/shadow"),
                file("secret", b"s", 0o000),
                hard("bin/same", "secret"),
                file("bin/.wh.gone"),
            ],
        ],
    )
    root = unpack(blobs, made, nothing)
    modes = {
        path.name: stat.S_IMODE(path.lstat().st_mode) for path in root.rglob("*") if not path.is_symlink()
    }
    assert modes == {"tmp": 0o1777, "bin": 0o755, "su": 0o755, "dev": 0o755, "secret": 0o400, "same": 0o400}
    assert (root / "l").readlink() == Path("/etc/shadow")
    assert (root / "bin/same").samefile(root / "secret") and (root / "secret").read_bytes() == b"s"


def test_it_is_made_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    made = image(blobs, b"text")
    root = unpack(blobs, made, nothing)
    blobs.path(made.layers[0].digest).unlink()
    assert unpack(blobs, made, nothing) == root


def test_a_base_is_unpacked_once_for_all_images_on_it(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    base = [file("etc/a", b"a", 0o640), file("etc/b", b"b")]
    first = of_members(blobs, [base, [file("app", b"1")]])
    second = of_members(blobs, [base, [file("app", b"2"), file("etc/.wh.c")]])
    known_tree(blobs, first.layers[:1], nothing)
    one = unpack(blobs, first, nothing)
    blobs.path(first.layers[0].digest).unlink()
    two = unpack(blobs, second, nothing)
    assert (one / "etc/a").samefile(two / "etc/a") and (two / "etc/a").stat().st_mode & 0o777 == 0o640
    assert ((one / "app").read_bytes(), (two / "app").read_bytes()) == (b"1", b"2")


def test_what_an_image_does_not_show_is_not_written(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    made = of_members(blobs, [[file("a", b"hidden"), file("b", b"shown")], [file("a", b"over it")]])
    unpack(blobs, made, nothing)
    contents = {path.read_bytes() for path in (tmp_path / "content").rglob("*") if path.is_file()}
    assert contents == {b"shown", b"over it"}


@pytest.mark.parametrize(
    "members",
    [
        [link("out", "/"), file("out/tmp/evil", b"x")],
        [link("a", "../../../../.."), link("a/b", "x"), file("a/b/c", b"x")],
        [file("../../../evil", b"x"), file("/../abs", b"x")],
        [link("f", "/tmp/target"), file("f", b"x")],
        [link("f", "/tmp/target"), hard("g", "f"), file("g", b"x")],
    ],
)
def test_nothing_is_written_through_a_link(tmp_path: Path, members: list[Member]) -> None:
    blobs = Blobs(tmp_path / "a" / "b")
    root = unpack(blobs, of_members(blobs, [members]), nothing)
    for path in root.rglob("*"):
        assert path.parent.resolve().is_relative_to(root)
    assert [path.name for path in tmp_path.iterdir()] == ["a"] and not Path("/tmp/evil").exists()


@given(hostile_layers)
def test_any_layers_give_their_tree_inside_or_are_refused(layers: list[list[Member]]) -> None:
    with tempfile.TemporaryDirectory() as made:
        blobs = Blobs(Path(made) / "x" / "blobs")
        packed = of_members(blobs, layers)
        try:
            tree = read_tree(blobs, packed.layers, nothing)
        except EngineError:
            return
        root = unpack(blobs, packed, nothing)
        found = {}
        for path in (root, *root.rglob("*")):
            kind = LINK if path.is_symlink() else DIRECTORY if path.is_dir() else FILE
            found["/" + "/".join(path.relative_to(root).parts)] = (
                kind,
                path.lstat().st_size if kind == FILE else 0,
            )
        wanted = {
            path: (entry.kind, entry.size) for path, entry in tree.entries.items() if entry.kind != OTHER
        }
        assert found == wanted
        assert {path.name for path in Path(made).iterdir()} == {"x"}


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs(tmp_path)
    made = of_members(blobs, [[file("a", bytes(9000))], [file("b", bytes(9000))]])
    monkeypatch.setattr(module, "CONTENT_LIMIT", 17_999)
    with pytest.raises(EngineError, match="more than 17,999 bytes"):
        unpack(blobs, made, nothing)
    assert list((tmp_path / "unpacked").iterdir()) == []


def give_up_after(calls: int, how: Callable[[], object]) -> Callable[[], None]:
    left = iter(range(calls))

    def check() -> None:
        if next(left, None) is None:
            how()

    return check


class GivenUp(Exception):
    pass


def give_up() -> None:
    raise GivenUp


def test_what_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    made = of_members(blobs, [[folder(f"d{number}") for number in range(9)], [file("f", b"x")]])
    for calls in range(12):
        with pytest.raises(GivenUp):
            unpack(blobs, made, give_up_after(calls, give_up))
        assert list((tmp_path / "unpacked").glob("*")) == []
        assert list((tmp_path / "unpacked").iterdir()) == []


def test_after_a_killed_process_it_is_made_anew(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    made = of_members(blobs, [[folder("d"), file("d/f", b"x")]])
    child = os.fork()
    if child == 0:
        unpack(blobs, made, give_up_after(3, lambda: os.kill(os.getpid(), signal.SIGKILL)))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert len(list((tmp_path / "unpacked").iterdir())) == 1
    root = unpack(blobs, made, nothing)
    assert list((tmp_path / "unpacked").iterdir()) == [root] and (root / "d/f").read_bytes() == b"x"
