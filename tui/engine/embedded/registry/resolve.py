"""From a reference to the manifest of one platform's image."""

from __future__ import annotations

import hashlib
from typing import Any

from tui.core.events import Notice
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor
from tui.engine.embedded.registry import manifests
from tui.engine.embedded.registry.client import Client
from tui.engine.embedded.registry.download import wrong
from tui.engine.embedded.registry.noted import noted
from tui.engine.embedded.registry.words import Unreachable

Document = tuple[Descriptor, dict[str, Any]]
"""A manifest or index that is in the store, and its members."""


def named(client: Client, blobs: Blobs) -> Document:
    """What the client's reference names. A digest that is in the store asks nobody.

    Where the registry gives no answer it is what the tag named last time, with a Notice. Raises
    EngineError.
    """
    name = client.name
    if name.digest:
        return fetched(client, name.digest, blobs)
    try:
        digest = client.persist(lambda: _asked(client))
        return fetched(client, digest, blobs) if digest else client.persist(lambda: _got(client, "", blobs))
    except Unreachable as error:
        if not (digest := noted(blobs, name)):
            raise
        client.emit(Notice(f"{error.what} {error.why} {name} is taken as it was last pulled, {digest}."))
        return fetched(client, digest, blobs)


def of_platform(client: Client, document: Document, platform: str, blobs: Blobs) -> Document:
    """The manifest for that platform, of an index; any other document is itself. Raises EngineError."""
    top, members = document
    if top.media_type not in manifests.INDEXES:
        return document
    entry = manifests.choose(members, platform, str(client.name))
    return fetched(client, entry.digest, blobs)


def fetched(client: Client, digest: str, blobs: Blobs) -> Document:
    """The document of that digest, from the store or the registry. Raises EngineError."""
    path = blobs.path(digest)
    if path.is_file() and _digest(data := path.read_bytes()) == digest:
        return _read(data, digest)
    return client.persist(lambda: _got(client, digest, blobs))


def _asked(client: Client) -> str:
    """The tag's digest; empty when the registry does not say."""
    url, subject = f"{client.name.url}/manifests/{client.name.tag}", _subject(client, "")
    with client.ask("HEAD", url, subject, headers={"Accept": manifests.ACCEPT}) as response:
        return manifests.digest_of(response.headers.get("Docker-Content-Digest", ""))


def _got(client: Client, digest: str, blobs: Blobs) -> Document:
    url = f"{client.name.url}/manifests/{digest or client.name.tag}"
    with client.ask("GET", url, _subject(client, digest), headers={"Accept": manifests.ACCEPT}) as response:
        data = client.transport.read(response, manifests.DOCUMENT_BYTES)
    found = _digest(data)
    if digest and found != digest:
        raise wrong(client, digest)
    document = _read(data, found)
    blobs.add(data, document[0].media_type)
    return document


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _subject(client: Client, digest: str) -> str:
    which = f"the digest {digest}" if digest else f"the tag {client.name.tag}"
    return f"image {client.name.repository} with {which}"


def _read(data: bytes, digest: str) -> Document:
    if len(data) > manifests.DOCUMENT_BYTES:
        raise EngineError(f"{digest} is no manifest.", "It is too large for one.", "Check the digest.")
    members = manifests.read(data)
    return Descriptor(manifests.media_type(members), digest, len(data)), members
