"""Go's txtar format: a comment, then files, each after a line ``-- NAME --``."""

from __future__ import annotations

import re
from pathlib import Path

_MARKER = re.compile(r"^-- (.+) --\n", re.MULTILINE)


def unpack(archive: Path, folder: Path) -> str:
    """Writes the files of ``archive`` below ``folder``; the comment."""
    comment, *rest = _MARKER.split(archive.read_text(encoding="utf-8"))
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return comment
