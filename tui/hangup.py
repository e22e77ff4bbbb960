"""A terminal that is closed while the screen is on it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


def on_hangup(then: Callable[[], object]) -> None:
    """Call ``then`` once the terminal is closed, from a signal handler of the main thread.

    What is painted after that goes nowhere. Textual takes the SIGCONT that follows a hangup for a return
    from the background and paints; a terminal that is gone would end its writer, and leave the process
    waiting for it for ever.
    """

    def let_go(*_: object) -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 2):
            os.dup2(nowhere, descriptor)
        os.close(nowhere)
        then()

    signal.signal(signal.SIGHUP, let_go)
