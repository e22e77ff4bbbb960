"""An image in the form others read: an OCI image layout (image-spec v1.1, image-layout.md).

As a folder, or as a tar that ``docker load`` takes too: engines before 25.0 read ``manifest.json``.
"""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import drafted
from tui.engine.embedded.manifest import add_top, canonical, described
from tui.engine.embedded.oci import Descriptor, Image

_MARK = "oci-layout"
_CHUNK = 1 << 20


def refuse_other(target: Path) -> None:
    """Raises EngineError for a place that holds something else than an OCI image layout."""
    if target.exists() and not (target / _MARK).is_file() and not _is_empty(target):
        raise EngineError(
            f"{printable(str(target))} is there already and holds something else.",
            fix="Name a new folder, or one that holds an OCI image layout.",
        )


def write_folder(
    blobs: Blobs, images: Sequence[Image], name: str, target: Path, check: Callable[[], None]
) -> None:
    """Write the images, one or one a platform, to the folder ``target`` under that name.

    An earlier layout there is replaced. Raises EngineError for any other folder and for a full disk.
    """
    refuse_other(target)
    with drafted(target) as part:
        for path, content in _layout(blobs, images, name):
            place = part / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with _opened(content) as source, place.open("xb") as file:
                shutil.copyfileobj(_Checked(source, check), file, _CHUNK)
        if target.exists():
            target.replace(part.with_name("before"))


def write_archive(
    blobs: Blobs, images: Sequence[Image], name: str, target: Path, check: Callable[[], None]
) -> None:
    """Write the same as one tar, whose bytes follow from the images and the name.

    ``docker load`` of an engine that knows nothing of several platforms takes the first.
    Raises EngineError for a full disk.
    """
    with drafted(target) as part, tarfile.open(part, "x", format=tarfile.PAX_FORMAT) as tar:
        for path, content in (*_layout(blobs, images, name), _manifest_json(images[0], name)):
            info = tarfile.TarInfo(path)
            info.size = len(content) if isinstance(content, bytes) else content.stat().st_size
            with _opened(content) as source:
                tar.addfile(info, _Checked(source, check))


def _layout(blobs: Blobs, images: Sequence[Image], name: str) -> Iterator[tuple[str, bytes | Path]]:
    top = add_top(blobs, images)
    parts = {top} | {part for image in images for part in (image.manifest, image.config_blob, *image.layers)}
    yield _MARK, canonical({"imageLayoutVersion": "1.0.0"})
    yield "index.json", canonical(_index(top, name))
    for part in sorted(parts, key=lambda part: part.digest):
        yield _place(part), blobs.path(part.digest)


def _index(top: Descriptor, name: str) -> dict[str, Any]:
    """containerd and Docker take the whole name, Podman and others the tag."""
    annotations = {
        "io.containerd.image.name": _full(name),
        "org.opencontainers.image.ref.name": name.rpartition(":")[2],
    }
    return {"schemaVersion": 2, "manifests": [described(top) | {"annotations": annotations}]}


def _manifest_json(image: Image, name: str) -> tuple[str, bytes]:
    entry = {
        "Config": _place(image.config_blob),
        "RepoTags": [name],
        "Layers": [_place(layer) for layer in image.layers],
    }
    return "manifest.json", canonical([entry])


def _place(blob: Descriptor) -> str:
    return f"blobs/{blob.digest.replace(':', '/')}"


def _full(name: str) -> str:
    """The name with its registry, as Docker completes it."""
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return name
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _opened(content: bytes | Path) -> IO[bytes]:
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


class _Checked(io.RawIOBase):
    """A stream that asks ``check`` before it gives."""

    def __init__(self, source: IO[bytes], check: Callable[[], None]) -> None:
        self._source, self._check = source, check

    def read(self, size: int = -1) -> bytes:
        self._check()
        return self._source.read(size)
