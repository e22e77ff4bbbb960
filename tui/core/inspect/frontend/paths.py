"""Paths that configs and scripts write down, as folders of the project."""

from __future__ import annotations

import posixpath


def inside(base: str, path: str) -> str | None:
    """``path`` seen from the folder ``base``, relative to the project (``""`` is its root).

    None when it leaves the project or is absolute.
    """
    if path.startswith("/") or "\0" in path:
        return None
    joined = posixpath.normpath(posixpath.join(base, path.replace("\\", "/")))
    if joined == ".." or joined.startswith(("../", "/")):
        return None
    return "" if joined == "." else joined
