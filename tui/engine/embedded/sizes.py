"""How large an image of the store is. Its layers are compressed already: what a registry gets is known."""

from __future__ import annotations

from functools import partial

from tui.core.events import ImageSize, LayerSize
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor, Image
from tui.engine.layercache import LayerCache, Sizes, default_path
from tui.engine.layers import CHUNK, measure


def image_size(blobs: Blobs, image: Image, base_layers: int) -> ImageSize:
    """Sizes of the image, whose first ``base_layers`` layers come from its base. Raises OSError."""
    cache = LayerCache(default_path())
    measured = [_sizes(blobs, layer, cache) for layer in image.layers]
    cache.save()
    texts = _texts(image, len(measured))
    layers = tuple(
        LayerSize(text, plain, index < base_layers)
        for index, (text, (plain, _)) in enumerate(zip(texts, measured, strict=True))
    )
    unpacked = sum(plain for plain, _ in measured)
    return ImageSize(unpacked, sum(packed for _, packed in measured), unpacked, layers=layers)


def _texts(image: Image, count: int) -> list[str]:
    """What each layer holds, by the image's history; empty texts where that does not tell."""
    entries = [entry for entry in image.config.get("history") or () if not entry.get("empty_layer")]
    texts = [str(entry.get("created_by", "")).removeprefix("dockwright: ") for entry in entries]
    return texts if len(texts) == count else [""] * count


def _sizes(blobs: Blobs, layer: Descriptor, cache: LayerCache) -> Sizes:
    if known := cache.get(layer.digest):
        return known
    with blobs.path(layer.digest).open("rb") as file:
        found = measure(iter(partial(file.read, CHUNK), b""), layer.size)
    cache.put(layer.digest, (found.uncompressed, layer.size))
    return found.uncompressed, layer.size
