"""Remembers how far layers compress: base layers come back in every build."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

LIMIT = 300
"""Layers remembered; the oldest are forgotten first."""

Sizes = tuple[int, int]
"""Bytes of the layer's tar, and of it through gzip."""


class LayerCache:
    """Sizes by the layer's name, which follows from its content. A broken file is an empty one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sizes: dict[str, Sizes] = {}
        self._changed = False
        with suppress(OSError, ValueError, TypeError, AttributeError):
            self._sizes = {
                str(name): (int(plain), int(packed))
                for name, (plain, packed) in json.loads(path.read_text()).items()
            }

    def get(self, name: str) -> Sizes | None:
        """The sizes, None when they are not known."""
        return self._sizes.get(name)

    def put(self, name: str, sizes: Sizes) -> None:
        """Remember them, for ``save``."""
        self._sizes[name] = sizes
        self._changed = True

    def save(self) -> None:
        """Write what is new. That it cannot be written costs only time later."""
        if not self._changed:
            return
        kept = dict(list(self._sizes.items())[-LIMIT:])
        draft = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(kept))
            draft.replace(self._path)


def default_path() -> Path:
    """Where it lies for this user."""
    return platformdirs.user_cache_path("dockwright") / "layers.json"
