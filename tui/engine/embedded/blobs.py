"""Content by its digest, on disk: what was pulled and what was made here."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tui.engine.embedded.oci import Descriptor

_HEX = frozenset("0123456789abcdef")


class Blobs:
    """Blobs below ``root``, each under its digest. A blob is there whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Where that blob lies or would lie. Raises ValueError for what is no sha256 digest."""
        algorithm, _, name = digest.partition(":")
        if algorithm != "sha256" or len(name) != 64 or not _HEX.issuperset(name):
            raise ValueError(f"{digest!r} is no sha256 digest.")
        return self.root / algorithm / name

    def has(self, blob: Descriptor) -> bool:
        """Whether it is there, with its size."""
        try:
            return self.path(blob.digest).stat().st_size == blob.size
        except OSError:
            return False

    def read(self, blob: Descriptor) -> bytes:
        """Its content, for documents: layers are opened by ``path``."""
        return self.path(blob.digest).read_bytes()

    def add(self, data: bytes, media_type: str) -> Descriptor:
        """Keep these bytes."""
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        with self.draft() as file:
            file.write(data)
            return self.keep(file, Descriptor(media_type, digest, len(data)))

    @contextmanager
    def draft(self) -> Iterator[IO[bytes]]:
        """A file to write a blob to before its digest is known; gone afterwards unless it is kept."""
        folder = self.root / "drafts"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            try:
                yield file
            finally:
                Path(file.name).unlink(missing_ok=True)

    def keep(self, draft: IO[bytes], blob: Descriptor) -> Descriptor:
        """Give the draft its name; who calls has checked that it has this digest and size."""
        draft.flush()
        os.fsync(draft.fileno())
        place = self.path(blob.digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        Path(draft.name).replace(place)
        return blob
