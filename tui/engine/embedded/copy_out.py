"""One file out of an image of the store."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import writing
from tui.engine.embedded.members import members
from tui.engine.embedded.oci import Image
from tui.engine.embedded.tree import FILE, read_tree

_EXECUTABLE = 0o111


def copy_out(blobs: Blobs, image: Image, path: str, target: Path, check: Callable[[], None]) -> None:
    """Copy the file at ``path``, links followed inside the image; ``target`` is there whole or not at all.

    Whether it may be executed is kept. Raises EngineError.
    """
    entry = read_tree(blobs, image.layers, check).follow(path)
    if entry is None or entry.kind != FILE:
        raise EngineError(f"{printable(path)} cannot be copied to {target}.", "The image has no such file.")
    with writing(target), tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
        try:
            with members(blobs.path(image.layers[entry.layer].digest), check) as found:
                content = next(content for number, (_, content) in enumerate(found) if number == entry.member)
                shutil.copyfileobj(content, draft)
            draft.flush()
            Path(draft.name).chmod(0o755 if entry.mode & _EXECUTABLE else 0o644)
            Path(draft.name).replace(target)
        finally:
            Path(draft.name).unlink(missing_ok=True)
