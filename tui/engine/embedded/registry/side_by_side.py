"""Several blobs at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from tui.engine.embedded.oci import Descriptor

AT_ONCE = 2
"""Blobs on their way at the same time."""


def side_by_side(work: Callable[[Descriptor], None], blobs: Iterable[Descriptor]) -> None:
    """Do it for each, some at once. What one raises is raised here, when the others have ended too."""
    waiting, errors = iter(list(blobs)), list[BaseException]()
    lock = threading.Lock()

    def run() -> None:
        while True:
            with lock:
                blob = None if errors else next(waiting, None)
            if blob is None:
                return
            try:
                work(blob)
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=run, name="dockwright-registry", daemon=True) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
