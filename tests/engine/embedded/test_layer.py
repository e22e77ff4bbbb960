"""The bytes of a layer follow from its entries alone."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.engine import EngineError
from tui.engine.embedded import layer
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.layer import CHUNK, Layer, NewEntry, forget_packed, write_layer
from tui.engine.embedded.oci import LAYER
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK, read_tree

PINNED = "sha256:0237707e543ca859bdaf6cb71c62083684a1073dfd928c59e3503d6d2cb77e12"
"""Another digest here means that every image changes: with a new compressor or form of the tar."""


def written(blobs: Blobs, *entries: NewEntry, epoch: int = 0) -> Layer:
    return write_layer(blobs, entries, epoch, lambda: None)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def entries(program: Path) -> tuple[NewEntry, ...]:
    return (
        NewEntry("/usr/bin/program", FILE, 0o755, content=program),
        NewEntry("/usr", DIRECTORY, 0o755),
        NewEntry("/usr/bin", DIRECTORY, 0o1777, 7, 8),
        NewEntry("/l", LINK, 0o777, link="usr//./bin"),
        NewEntry("/ä" + "long" * 60, FILE, 0o644, content=b"text"),
    )


def test_other_places_times_and_umasks_give_the_same_bytes(tmp_path: Path) -> None:
    found = set()
    for number, mask in enumerate((0o022, 0o077, 0o000)):
        with umask(mask):
            program = tmp_path / f"{number}" / "program"
            program.parent.mkdir()
            program.write_bytes(b"\x7fELF" + bytes(range(256)) * 10_000)
            os.utime(program, (number * 1e8, number * 1e8))
            ordered = entries(program)
            found.add(written(Blobs(tmp_path / f"blobs{number}"), *(ordered[number:] + ordered[:number])))
    (made,) = found
    assert made.blob.digest == PINNED
    assert made.blob.media_type == LAYER


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    blobs, program = Blobs(tmp_path / "blobs"), tmp_path / "p"
    program.write_bytes(bytes(3 * CHUNK + 1))
    made = written(blobs, *entries(program), epoch=1_700_000_000)
    found = read_tree(blobs, (made.blob,), lambda: None).entries
    assert (found["/usr/bin"].mode, found["/usr/bin"].uid, found["/usr/bin"].gid) == (0o1777, 7, 8)
    assert found["/l"].link == "usr//./bin"
    assert found["/usr/bin/program"].size == 3 * CHUNK + 1
    plain = gzip.decompress(blobs.read(made.blob))
    assert f"sha256:{hashlib.sha256(plain).hexdigest()}" == made.diff_id
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert {(member.mtime, member.uname, member.gname) for member in tar} == {(1_700_000_000, "", "")}


def test_no_header_tells_when_or_where_it_was_compressed(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    packed = blobs.read(written(blobs, NewEntry("/f", FILE, 0o644, content=b"text")).blob)
    assert packed[:4] == b"\x1f\x8b\x08\x00" and packed[4:8] == bytes(4)


@given(st.lists(st.binary(max_size=400), max_size=8), st.integers(1, 2000))
def test_pieces_of_any_size_unpack_to_the_tar(contents: list[bytes], chunk: int) -> None:
    with tempfile.TemporaryDirectory() as made, pytest.MonkeyPatch.context() as patched:
        patched.setattr(layer, "CHUNK", chunk)
        blobs = Blobs(Path(made))
        one = written(
            blobs, *(NewEntry(f"/{n}", FILE, 0o644, content=text) for n, text in enumerate(contents))
        )
        plain = gzip.decompress(blobs.read(one.blob))
        assert f"sha256:{hashlib.sha256(plain).hexdigest()}" == one.diff_id


def test_an_unchanged_layer_is_not_compressed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs, entry = Blobs(tmp_path), NewEntry("/f", FILE, 0o644, content=b"text")
    made = written(blobs, entry)
    with monkeypatch.context() as patched:
        patched.setattr(layer, "_compress", None)
        assert written(blobs, entry) == made
    blobs.path(made.blob.digest).unlink()
    assert written(blobs, entry) == made and blobs.has(made.blob)
    forget_packed(blobs)
    assert len(list((tmp_path / "packed").iterdir())) == 1
    blobs.path(made.blob.digest).unlink()
    forget_packed(blobs)
    assert list((tmp_path / "packed").iterdir()) == []


def test_a_file_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"gone cannot be put into the image\. .*No such file"):
        written(Blobs(tmp_path / "b"), NewEntry("/f", FILE, 0o755, content=tmp_path / "gone"))
    assert not list((tmp_path / "b").rglob("*.*")) and not (tmp_path / "b" / "sha256").exists()


def test_a_file_that_changes_meanwhile_is_no_layer(tmp_path: Path) -> None:
    program, blobs = tmp_path / "p", Blobs(tmp_path / "b")
    program.write_bytes(b"before")
    calls = 0

    def change() -> None:
        nonlocal calls
        calls += 1
        program.write_bytes(b"after" + bytes(calls))

    with pytest.raises(EngineError, match="changed while"):
        write_layer(blobs, [NewEntry("/f", FILE, 0o755, content=program)], 0, change)
    assert not (blobs.root / "sha256").exists() and not list((blobs.root / "drafts").iterdir())


def test_a_large_program_is_never_whole_in_memory(tmp_path: Path) -> None:
    program = tmp_path / "p"
    with program.open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()
    try:
        written(Blobs(tmp_path / "b"), NewEntry("/f", FILE, 0o755, content=program))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < (2 * layer._THREADS + 8) * 2 * CHUNK
