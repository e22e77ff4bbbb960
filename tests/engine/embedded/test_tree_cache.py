"""A base's tree is read once."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tui.engine.embedded import tree_cache
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import LAYER, Descriptor
from tui.engine.embedded.tree import Tree, read_tree
from tui.engine.embedded.tree_cache import known_tree


def layer(blobs: Blobs) -> Descriptor:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, kind in (
            ("etc", tarfile.DIRTYPE),
            ("etc/passwd", tarfile.REGTYPE),
            ("bin", tarfile.SYMTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "usr/bin" if kind == tarfile.SYMTYPE else ""
            tar.addfile(member)
    return blobs.add(held.getvalue(), LAYER)


def test_it_is_the_same_the_second_time_and_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(tmp_path)
    layers = (layer(blobs),)
    first = known_tree(blobs, layers, lambda: None)
    monkeypatch.setattr(tree_cache, "read_tree", lambda *_: Tree())
    again = known_tree(blobs, layers, lambda: None)
    assert again == first == read_tree(blobs, layers, lambda: None) and "/etc/passwd" in again.entries


@pytest.mark.parametrize("text", ["", "[]", '{"/": 1}', '{"/": [1]}', '{"/": {"kind": "file"}}'])
def test_what_is_kept_in_a_wrong_form_is_read_anew(tmp_path: Path, text: str) -> None:
    blobs = Blobs(tmp_path)
    layers = (layer(blobs),)
    first = known_tree(blobs, layers, lambda: None)
    (kept,) = (tmp_path / "trees").iterdir()
    kept.write_text(text)
    assert known_tree(blobs, layers, lambda: None) == first
