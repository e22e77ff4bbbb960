"""One file out of an image of the store."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import drafted
from tui.engine.embedded.oci import Image
from tui.engine.embedded.tree import FILE, opened, read_tree

_EXECUTABLE = 0o111


def copy_out(blobs: Blobs, image: Image, path: str, target: Path, check: Callable[[], None]) -> None:
    """Copy the file at ``path``, links followed inside the image; ``target`` is there whole or not at all.

    Whether it may be executed is kept. Raises EngineError.
    """
    entry = read_tree(blobs, image.layers, check).follow(path)
    if entry is None or entry.kind != FILE:
        raise EngineError(f"{printable(path)} cannot be copied to {target}.", "The image has no such file.")
    with drafted(target) as part:
        with opened(blobs, image.layers, entry, check) as content, part.open("xb") as file:
            shutil.copyfileobj(content, file)
        part.chmod(0o755 if entry.mode & _EXECUTABLE else 0o644)
