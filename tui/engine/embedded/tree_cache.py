"""Remembers the tree of a base image: reading it unpacks every layer, and bases come back in every build."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor
from tui.engine.embedded.tree import Entry, Tree, read_tree

_FORM = "1"
"""Of what is kept: another one is not read."""


def known_tree(blobs: Blobs, layers: tuple[Descriptor, ...], check: Callable[[], None]) -> Tree:
    """See ``read_tree``. What is kept in a wrong form is read anew."""
    tree = _kept(blobs, layers)
    if tree is None:
        tree = read_tree(blobs, layers, check)
        _keep(tree_place(blobs, layers), tree)
    return tree


def tree_above(blobs: Blobs, layers: tuple[Descriptor, ...], check: Callable[[], None]) -> Tree:
    """See ``read_tree``: only what lies above a base that is known is read, and nothing is kept."""
    for known in range(len(layers), 0, -1):
        if below := _kept(blobs, layers[:known]):
            return read_tree(blobs, layers, check, known, below)
    return read_tree(blobs, layers, check)


def tree_place(blobs: Blobs, layers: tuple[Descriptor, ...]) -> Path:
    """Where the tree of these layers is kept."""
    names = " ".join((_FORM, *(layer.digest for layer in layers)))
    return blobs.root / "trees" / f"{hashlib.sha256(names.encode()).hexdigest()}.json"


def _kept(blobs: Blobs, layers: tuple[Descriptor, ...]) -> Tree | None:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return _tree(json.loads(tree_place(blobs, layers).read_text()))
    return None


def _tree(entries: dict[str, list[object]]) -> Tree:
    tree = Tree({path: Entry(*values) for path, values in entries.items()})  # type: ignore[arg-type]
    for path in entries:
        if path != "/":
            folder, name = posixpath.split(path)
            tree.children.setdefault(folder, set()).add(name)
    return tree


def _keep(place: Path, tree: Tree) -> None:
    """That it cannot be written costs only time later."""
    draft = place.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({path: astuple(entry) for path, entry in tree.entries.items()}))
        draft.replace(place)
