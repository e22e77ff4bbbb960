"""Which digest a tag had when it was last pulled: what holds while its registry is out of reach."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.registry.manifests import digest_of
from tui.engine.embedded.registry.names import Name


def note(blobs: Blobs, name: Name, digest: str) -> None:
    """Remember it. Raises OSError."""
    path = _path(blobs, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with blobs.draft() as draft:
        draft.write(json.dumps({"name": str(name), "digest": digest}).encode())
        draft.flush()
        Path(draft.name).replace(path)


def noted(blobs: Blobs, name: Name) -> str:
    """The digest; empty for a tag never pulled."""
    try:
        return digest_of(json.loads(_path(blobs, name).read_bytes())["digest"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _path(blobs: Blobs, name: Name) -> Path:
    return blobs.root / "pulled" / f"{hashlib.sha256(str(name).encode()).hexdigest()}.json"
