"""The base images of the rows in a registry on loopback, which all workers fill and read together."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.alone import alone
from tests.engine import registry
from tests.engine.embedded.same import exported
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.registry.push import push


class Bases:
    """``host`` is the registry's address, ``shared`` a folder of all workers."""

    def __init__(self, host: str, shared: Path) -> None:
        self._host, self._shared = host, shared

    def reference(self, client: Any, name: str) -> str:
        """What that image of that engine is called in the registry, which gets it the first time."""
        number = client.inspect_image(name)["Id"].removeprefix("sha256:")[:24]
        reference = f"{self._host}/base:{number}"
        done = self._shared / f"pushed-{number}"
        with alone(self._shared / "lock"):
            if not done.exists():
                self._push(client, name, reference)
                done.touch()
        return reference

    def _push(self, client: Any, name: str, reference: str) -> None:
        with tempfile.TemporaryDirectory(dir=self._shared) as folder:
            blobs = Blobs(Path(folder))
            image = exported(client, name, blobs, Path(folder) / "image.tar")
            push([image], reference, blobs, lambda event: None, lambda: None)


@contextmanager
def bases(shared: Path, own: Path) -> Iterator[Bases]:
    """A registry of this worker's, with its things in ``own``, on the store of all."""
    (shared / "registry").mkdir(parents=True, exist_ok=True)
    own.mkdir()
    (own / "store").symlink_to(shared / "registry")
    with registry.running(own, demands="nothing") as started:
        yield Bases(started.host, shared)


@contextmanager
def shared_folder(place: Path) -> Iterator[Path]:
    """That folder, until the last process that has it leaves it: bases are large."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        place.mkdir(exist_ok=True)
        yield place
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(place)
