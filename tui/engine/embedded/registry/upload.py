"""Blobs from the store into a registry: what is there is not sent, what broke off is continued.

Distribution 2.8 keeps in an upload's address how much has come, and gives the next address in its answer
alone: of a request that broke off there is none, and the old address is answered with 404. There it begins
anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor
from tui.engine.embedded.registry import words
from tui.engine.embedded.registry.client import Client
from tui.engine.embedded.registry.transport import PIECE

_RANGE = re.compile(r"(?:bytes=)?0-(\d{1,15})")


def upload(client: Client, blob: Descriptor, blobs: Blobs, other: str, tell: Callable[[int], None]) -> None:
    """Have that blob in the client's repository. ``other`` is one of the same registry that may have it,
    empty for none; ``tell`` is given the bytes that are there. Raises EngineError and OSError.
    """
    work = _Upload(client, blob, blobs.path(blob.digest), other, tell)
    client.persist(work.go_on, lambda: work.sent)
    tell(blob.size)


class _Upload:
    """``sent`` is what the registry has of it, as far as is known."""

    def __init__(
        self, client: Client, blob: Descriptor, path: Path, other: str, tell: Callable[[int], None]
    ) -> None:
        self._client, self._blob, self._path, self._other, self._tell = client, blob, path, other, tell
        self._place = ""
        self.sent = 0

    def go_on(self) -> None:
        """Do what is left to do. Raises Broken where another try may do."""
        try:
            if self._place:
                self._look()
            if not self._place and (self._is_there() or self._begin()):
                return
            if self.sent < self._blob.size:
                self._send_rest()
            self._finish()
        except words.Missing as error:
            if not self._place:
                raise
            self._place = ""  # the registry has forgotten the upload: from the beginning
            raise words.Broken(error.what, error.why, error.fix) from None

    def _is_there(self) -> bool:
        url = f"{self._client.name.url}/blobs/{self._blob.digest}"
        with self._client.ask("HEAD", url, "", also=(404,)) as response:
            return response.status_code == 200

    def _begin(self) -> bool:
        """Whether the other repository's blob is taken, so that nothing is left to send."""
        mount = {"mount": self._blob.digest, "from": self._other} if self._other else {}
        url = f"{self._client.name.url}/blobs/uploads/?{urlencode(mount)}".rstrip("?")
        with self._client.ask("POST", url, f"place for {self._client.name.repository}") as response:
            if response.status_code == 201:
                return True
            self._place, self.sent = self._client.location(response), 0
        return False

    def _look(self) -> None:
        """Ask how much has arrived of what broke off."""
        with self._client.ask("GET", self._place, "upload that goes on") as response:
            told = _RANGE.fullmatch(response.headers.get("Range", ""))
            last = int(told[1]) if told else 0
            # "0-0" is said of one byte and of none.
            self._place = self._client.location(response) if 0 < last < self._blob.size else ""
            self.sent = last + 1 if self._place else 0

    def _send_rest(self) -> None:
        """In one request, as engines do: not all registries take several, or small ones."""
        headers = {"Content-Type": "application/octet-stream"}
        if begin := self.sent:
            headers["Content-Range"] = f"{begin}-{self._blob.size - 1}"
        with self._client.ask(
            "PATCH",
            self._place,
            "upload that goes on",
            headers=headers,
            body=lambda: _Rest(self._pieces(begin), self._blob.size - begin),
        ) as response:
            self._place, self.sent = self._client.location(response), self._blob.size

    def _pieces(self, begin: int) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(begin)
            while piece := file.read(PIECE):
                self._client.transport.check()
                yield piece
                self._tell(file.tell())

    def _finish(self) -> None:
        joint = "&" if "?" in self._place else "?"
        url = f"{self._place}{joint}{urlencode({'digest': self._blob.digest})}"
        with self._client.ask("PUT", url, "upload that goes on"):
            pass


class _Rest:
    """A request's body of known length."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        self._pieces, self._size = pieces, size

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def __len__(self) -> int:
        return self._size
