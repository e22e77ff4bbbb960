"""A test that never ends must fail: a hang in a parser, a regular expression or a lock."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 600.0
"""Seconds; the slowest test takes some 40 on a busy machine."""


@contextmanager
def limited(seconds: float = LONGEST) -> Iterator[None]:
    """Ends the process, with the place where it hangs on stderr, when the block takes longer."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
