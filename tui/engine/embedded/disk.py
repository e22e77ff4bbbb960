"""Writing to disk: what fails there is said in words."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tui.core.text import printable
from tui.engine import EngineError


@contextmanager
def writing(place: Path) -> Generator[None]:
    """Raises EngineError for an OSError inside: ``place`` is what was to be written."""
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"{printable(str(place))} cannot be written.",
            f"The machine says: {printable(error.strerror or str(error))}.",
            "Make room or give write permission, then try again.",
        ) from error
