"""How far a pull has come, as events."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tui.core.events import Event, Pull
from tui.engine.embedded.oci import Descriptor

EVERY_SECONDS = 0.1
"""Least time between two reports of one download."""


class Tally:
    """What has come of an image's blobs, told every now and then."""

    def __init__(self, reference: str, emit: Callable[[Event], None]) -> None:
        self._reference, self._emit = reference, emit
        self._came: dict[str, int] = {}
        self._total: int | None = None
        self._began = self._told = time.monotonic()
        self._lock = threading.Lock()
        self.began = False

    def expect(self, blobs: list[Descriptor]) -> None:
        """These are to come."""
        self._came = {blob.digest: 0 for blob in blobs}
        self._total = sum(blob.size for blob in blobs)
        self.began = bool(blobs)
        if blobs:
            self.tell("pulling")

    def add(self, blob: Descriptor, size: int) -> None:
        """So much of that blob is there."""
        with self._lock:
            self._came[blob.digest] = size
            if time.monotonic() - self._told < EVERY_SECONDS:
                return
            self._told = time.monotonic()
        self.tell("pulling")

    def tell(self, state: str, message: str = "") -> None:
        """Emit the state of it all."""
        seconds, current = time.monotonic() - self._began, sum(self._came.values())
        self._emit(Pull(self._reference, state, current, self._total, seconds, message))
