"""Reads an image out of its registry: nothing of it is unpacked, let alone run."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.own_image import OwnImage
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry.pull import platforms, pull
from tui.engine.embedded.sizes import image_size
from tui.engine.embedded.tree import DIRECTORY, FILE, read_file
from tui.engine.embedded.tree_cache import known_tree
from tui.engine.image_facts import Entry, Unreadable, not_linux, own_image

_PERMISSIONS = 0o777


class _Files:
    """Carries out ``ImageFiles`` on an image of the store."""

    def __init__(self, blobs: Blobs, image: Image, check: Callable[[], None]) -> None:
        self._blobs, self._image = blobs, image
        self._tree = known_tree(blobs, image.layers, check)

    def health(self) -> list[str]:
        """See ImageFiles.health."""
        asked = ((self._image.config.get("config") or {}).get("Healthcheck") or {}).get("Test") or []
        return [] if asked == ["NONE"] else [str(word) for word in asked]

    def entry(self, path: str) -> Entry | None:
        """See ImageFiles.entry."""
        found = self._tree.follow(path)
        if found is None:
            return None
        mode = found.mode & _PERMISSIONS
        return Entry(self._tree.resolve(path), mode, found.size, found.kind == DIRECTORY, found.kind == FILE)

    def read(self, path: str, limit: int) -> bytes:
        """See ImageFiles.read."""
        entry = self.entry(path)
        if entry is None or not entry.is_file or entry.size > limit:
            raise Unreadable("it is not there, no regular file, or too large")
        return read_file(self._blobs, self._image.layers, self._tree, path, limit) or b""


def read(reference: str, platform: str, blobs: Blobs, check: Callable[[], None]) -> OwnImage:
    """See Engine.read_image. Raises EngineError, and Invalid for what is no reference."""
    image = pull(reference, platform, blobs, lambda event: None, check)
    if not image.platform.startswith("linux/"):
        raise not_linux(reference, image.platform)
    architecture = str(image.config.get("architecture", ""))
    config = image.config.get("config") or {}
    made_for = platforms(reference, blobs, check) or (image.platform,)
    size = str(image_size(blobs, image, len(image.layers)).uncompressed)
    return own_image(reference, _Files(blobs, image, check), architecture, config, made_for, size)
