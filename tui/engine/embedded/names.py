"""Names of images in the store, and what is thrown away because nothing has a name for it.

A name is a tag (``ping:dev``), or a pulled base's reference with its digest (``alpine@sha256:…``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import locked, writing
from tui.engine.embedded.layer import forget_packed
from tui.engine.embedded.manifest import canonical, described, descriptor
from tui.engine.embedded.oci import Descriptor
from tui.engine.embedded.tree_cache import tree_place

CACHE_LIMIT = 4 << 30
"""Bytes of blobs that are kept; beyond it the bases that were used longest ago are forgotten."""

_DOCUMENT_BYTES = 4 << 20
"""Of a manifest or index; larger ones are not read (registries take none)."""

_DIGITS = 64
_DRAFT_SECONDS = 7 * 24 * 3600
"""How long the part of a blob that came is kept for the next try."""


class Names:
    """The names in ``blobs``'s store. Each is a small file, replaced in one step."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._root = blobs.root / "names"

    def put(self, name: str, top: Descriptor) -> None:
        """Let ``name`` stand for that manifest or index. Raises EngineError when the disk is full."""
        with writing(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            with self._blobs.draft() as draft:
                draft.write(canonical({"name": name, "image": described(top)}))
                draft.flush()
                Path(draft.name).replace(self._place(name))

    def get(self, name: str) -> Descriptor | None:
        """What the name stands for, None when there is no such name."""
        place = self._place(name)
        found = _read(place)
        if found is not None:
            with suppress(OSError):
                os.utime(place)
        return found[1] if found else None

    def remove(self, name: str) -> bool:
        """Forget the name; whether there was one. Its blobs go with ``collect``."""
        try:
            self._place(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def all(self) -> dict[str, Descriptor]:
        """Every name, those used longest ago first."""
        places = self._root.iterdir() if self._root.is_dir() else ()
        return dict(found for place in sorted(places, key=_used) if (found := _read(place)))

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Nothing is thrown away meanwhile, by whichever process: what is being made has no name yet."""
        with locked(self._made(), shared=True, wait=True):
            yield

    def collect(self, limit: int = CACHE_LIMIT) -> None:
        """Throw away what no name needs, then the oldest bases beyond ``limit`` bytes.

        Nothing happens while another process uses the store.
        """
        with suppress(BlockingIOError), locked(self._made()):
            self._collect(limit)

    def _collect(self, limit: int) -> None:
        root = self._blobs.root
        needed = {name: list(_below(self._blobs, top)) for name, top in self.all().items()}
        for name in [name for name in needed if "@" in name]:
            if (
                sum({each.digest: each.size for below in needed.values() for each, _ in below}.values())
                > limit
            ):
                self.remove(name)
                del needed[name]
        below = [pair for pairs in needed.values() for pair in pairs]
        kept = {each.digest.partition(":")[2] for each, _ in below}
        trees = {tree_place(self._blobs, layers).name for _, layers in below if layers}
        _prune(root / "sha256", lambda place: place.name in kept)
        _prune(root / "unpacked", lambda place: place.name in kept)
        _prune(root / "content", lambda place: place.name.partition("-")[0] in kept)
        _prune(root / "trees", lambda place: place.name in trees)
        _prune(root / "drafts", _may_go_on)
        forget_packed(self._blobs)

    def _place(self, name: str) -> Path:
        return self._root / hashlib.sha256(name.encode()).hexdigest()

    def _made(self) -> Path:
        """The store's folder. Raises EngineError when the disk is full."""
        with writing(self._blobs.root):
            self._blobs.root.mkdir(parents=True, exist_ok=True)
        return self._blobs.root


def _used(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return 0


def _read(place: Path) -> tuple[str, Descriptor] | None:
    """A broken file is no name."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        document = json.loads(place.read_bytes())
        return str(document["name"]), descriptor(document["image"])
    return None


def _below(blobs: Blobs, top: Descriptor) -> Iterator[tuple[Descriptor, tuple[Descriptor, ...]]]:
    """Everything an index or manifest needs, itself too; with a manifest its layers.

    A base's index lists platforms that were never pulled: what is not in the store needs nothing.
    """
    manifests: list[Descriptor] = []
    parts: list[Descriptor] = []
    layers: tuple[Descriptor, ...] = ()
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        document = json.loads(blobs.read(top)) if _is_document(blobs, top) else {}
        manifests = [descriptor(each) for each in document.get("manifests", ())]
        layers = tuple(descriptor(each) for each in document.get("layers", ()))
        parts = [*layers, *([descriptor(document["config"])] if layers else ())]
    yield top, layers
    yield from ((part, ()) for part in parts)
    for each in manifests:
        yield from _below(blobs, each)


def _is_document(blobs: Blobs, blob: Descriptor) -> bool:
    return blob.size <= _DOCUMENT_BYTES and blobs.has(blob)


def _may_go_on(draft: Path) -> bool:
    """Whether it is the part of a blob that the next pull continues: those are named by its digest."""
    return len(draft.name) == _DIGITS and time.time() - _used(draft) < _DRAFT_SECONDS


def _prune(folder: Path, is_kept: Callable[[Path], bool]) -> None:
    for place in folder.iterdir() if folder.is_dir() else ():
        if not is_kept(place):
            with suppress(OSError):
                shutil.rmtree(place) if place.is_dir() else place.unlink()
