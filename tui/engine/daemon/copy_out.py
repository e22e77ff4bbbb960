"""Copies one file out of an image."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from requests.exceptions import RequestException

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.daemon import rootfs
from tui.engine.daemon.wire import Client
from tui.engine.image_facts import Unreadable

LIMIT = 4 << 30
"""Bytes of the largest file that is copied."""


def copy_out(client: Client, image: str, path: str, target: Path) -> None:
    """See Engine.copy_out. Raises what the SDK raises too, whose own failures may be OSErrors."""
    try:
        _copy(client, image, path, target)
    except RequestException:
        raise
    except OSError as error:
        raise EngineError(
            f"{printable(str(target))} cannot be written.",
            f"The machine says: {printable(error.strerror or str(error))}. Nothing was changed there.",
            "Make room or give write permission, or name another place with --output.",
        ) from error


def _copy(client: Client, image: str, path: str, target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".dockwright-", dir=target.parent) as folder:
        part = Path(folder) / "part"
        try:
            with rootfs.opened(client, image) as files, files.opened(path, LIMIT) as (entry, content):
                with part.open("xb") as file:
                    shutil.copyfileobj(content, file)
                    if file.tell() != entry.size:
                        raise Unreadable("the engine did not give out all of it")
                part.chmod(0o755 if entry.mode & 0o111 else 0o644)
        except Unreadable as error:
            raise EngineError(
                f"{printable(path)} cannot be taken out of the image.", f"What was found: {error}."
            ) from error
        part.replace(target)
