"""A registry of a few lines that serves a store, so that a test can spoil what it sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.engine.embedded.between import Between, Handler, standing
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor

_PATH = re.compile(r"/v2/base/(manifests|blobs)/(.+)")
_RANGE = re.compile(r"bytes=(\d+)-")

Spoil = Callable[[Handler, bytes], bool]
"""Sees the request and what would be sent; answers itself, and says whether it did."""


@contextmanager
def serving(
    made: Blobs, top: Descriptor, spoil: Spoil = lambda handler, data: False
) -> Iterator[tuple[str, Between]]:
    """The reference under which that document is served, and the server."""

    def answer(handler: Handler) -> bool:
        found = _PATH.fullmatch(handler.path)
        name = found[2] if found else ""
        digest = top.digest if name == "1" else name
        path = made.path(digest) if digest.startswith("sha256:") else made.root / "none"
        data = path.read_bytes() if path.is_file() else b""
        if spoil(handler, data):
            return True
        if not data:
            handler.answer(404)
            return True
        headers = {"Docker-Content-Digest": digest}
        if begin := _RANGE.fullmatch(handler.headers.get("Range", "")):
            first = int(begin[1])
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
            handler.answer(206, headers, data[first:])
        else:
            handler.answer(200, headers | {"Content-Length": str(len(data))}, data)
        return True

    with standing(fault=answer) as between:
        yield f"{between.host}/base:1", between


def is_blob(handler: Handler, blob: Descriptor) -> bool:
    """Whether that blob is asked for."""
    return handler.command == "GET" and handler.path.endswith(f"/blobs/{blob.digest}")
