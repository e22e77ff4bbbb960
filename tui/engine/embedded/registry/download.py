"""Blobs from a registry into the store: verified, and continued where an earlier try ended."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor
from tui.engine.embedded.registry import words
from tui.engine.embedded.registry.client import Client

_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(?:\d{1,15}|\*)")


def download(client: Client, blob: Descriptor, blobs: Blobs, tell: Callable[[int], None]) -> None:
    """Have that blob in the store. ``tell`` is given the bytes that are there.

    Raises EngineError; what came of it is kept for the next time, unless it is wrong.
    """
    with _Draft.of(blobs, blob) as draft:
        while True:
            begun_before = draft.size > 0
            client.persist(lambda: _append(client, blob, draft, tell), lambda: draft.size)
            if draft.digest == blob.digest:
                blobs.keep(draft.file, blob)
                return
            draft.restart()
            if not begun_before:
                raise wrong(client, blob.digest)


def _append(client: Client, blob: Descriptor, draft: _Draft, tell: Callable[[int], None]) -> None:
    """Have the rest of it. Raises EngineError, Broken where another try may do."""
    if draft.size >= blob.size:
        return
    headers = {"Range": f"bytes={draft.size}-"} if draft.size else {}
    url = f"{client.name.url}/blobs/{blob.digest}"
    with client.ask("GET", url, f"part {blob.digest} of the image", headers=headers, also=(416,)) as response:
        told = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        continued = response.status_code == 206 and told and int(told[1]) == draft.size
        if not continued:
            draft.restart()
        if response.status_code not in (200, 206) or (response.status_code == 206 and not continued):
            raise words.broke_off(client.name.registry)
        tell(draft.size)
        for piece in client.transport.pieces(response):
            if draft.size + len(piece) > blob.size:
                draft.restart()
                raise wrong(client, blob.digest)
            draft.write(piece)
            tell(draft.size)
    if draft.size < blob.size:
        raise words.broke_off(client.name.registry)


def wrong(client: Client, digest: str) -> EngineError:
    """What came is not what was asked for."""
    return EngineError(
        f"{client.name.registry} sends something else than it announced.",
        f"What came as {digest} does not have that digest, or not its size.",
        "Nothing of it was kept. Try again, and if it stays so, tell the registry's operator.",
    )


class _Draft:
    """A blob on its way. Its name tells the digest, so that the next process finds what came."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        whole: Any = file
        self._hash = hashlib.file_digest(whole, "sha256")
        self.size = file.tell()

    @classmethod
    @contextmanager
    def of(cls, blobs: Blobs, blob: Descriptor) -> Iterator[_Draft]:
        """The blob's draft, or a passing one while somebody else writes that. Nothing stays of nothing."""
        path = blobs.root / "drafts" / blobs.path(blob.digest).name
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            file: IO[bytes] = stack.enter_context(path.open("a+b"))
            file.seek(0)
            if not _locked(file, path):
                file = stack.enter_context(blobs.draft())
            draft = cls(file)
            try:
                yield draft
            finally:
                if not draft.size:
                    Path(file.name).unlink(missing_ok=True)

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"

    def write(self, piece: bytes) -> None:
        """Add that to it, past the file's buffer: what is counted is in the file."""
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self.file.fileno(), rest) :]
        self._hash.update(piece)
        self.size += len(piece)

    def restart(self) -> None:
        """Forget what came."""
        self.file.seek(0)
        self.file.truncate()
        self._hash, self.size = hashlib.sha256(), 0


def _locked(file: IO[bytes], path: Path) -> bool:
    """Whether this draft is ours alone, and still the one of that name."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False
