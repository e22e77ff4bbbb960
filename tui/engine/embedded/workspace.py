"""What the embedded engine keeps for a user: blobs, a folder for each build context, time zones."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import platformdirs

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import drafted, locked
from tui.engine.embedded.manifest import read_images
from tui.engine.embedded.names import Names
from tui.engine.embedded.oci import Descriptor, Image
from tui.engine.embedded.toolchain import Toolchain

_PAUSE = 0.05
_ZONES = "lib/time/zoneinfo.zip"
"""Of every Go tree; what ``timetzdata`` embeds is made from it too."""


class Workspace:
    """Everything lies below ``root``, by default in the user's cache folder: removing it loses only time."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or platformdirs.user_cache_path("dockwright") / "embedded"
        self.blobs = Blobs(self.root / "blobs")
        self.names = Names(self.blobs)

    def has(self, image: str) -> bool:
        """Whether an image of that tag or digest is kept."""
        return self._top(image) is not None

    def images(self, image: str) -> tuple[Image, ...]:
        """What the tag or digest stands for: an image for each platform. Raises EngineError."""
        top = self._top(image)
        if top is None:
            raise EngineError(f"There is no image {printable(image)} here.", fix="Build it first.")
        return read_images(self.blobs, top)

    def _top(self, image: str) -> Descriptor | None:
        if not image.startswith("sha256:"):
            return self.names.get(image)
        return next((top for top in self.names.all().values() if top.digest == image), None)

    @contextmanager
    def folder(self, context: Path, check: Callable[[], None]) -> Iterator[Path]:
        """The folder that belongs to this build context, for one build at a time.

        ``check`` is called while another build has it, and raises when the work was given up.
        """
        name = hashlib.sha256(os.fsencode(context.resolve())).hexdigest()[:16]
        folder = self.root / "contexts" / name
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            while True:
                try:
                    held.enter_context(locked(folder))
                    break
                except BlockingIOError:
                    check()
                    time.sleep(_PAUSE)
            yield folder

    def zones(self, toolchain: Toolchain) -> Path:
        """A folder with the time zones of that Go's archive, as below /usr/share/zoneinfo.

        Raises EngineError.
        """
        place = self.root / "zones" / toolchain.version
        place.parent.mkdir(parents=True, exist_ok=True)
        with locked(place.parent, wait=True):
            if not place.is_dir():
                with drafted(place) as part:
                    _extract(toolchain.root / _ZONES, part)
        return place


def _extract(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as zones:
            zones.extractall(folder)
    except (FileNotFoundError, zipfile.BadZipFile) as error:
        raise EngineError(
            "This Go has no time zones to copy.",
            f"{archive} is not there or broken.",
            "Embed them in the program: --zones embed.",
        ) from error
    folder.chmod(0o755)
