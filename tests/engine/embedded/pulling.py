"""Pulling as the tests do it: impatient, and with an eye on what is told."""

from __future__ import annotations

from tui.core.events import Event, Notice, Pull
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry.pull import pull
from tui.engine.embedded.registry.transport import Access, Patience

HASTY = Access(patience=Patience(connect=5, stall=5, pause=0))
HERE = "linux/amd64"


class Told(list[Event]):
    """What a pull told of itself."""

    @property
    def states(self) -> list[str]:
        found = [event.state for event in self if isinstance(event, Pull)]
        return [state for number, state in enumerate(found) if not number or state != found[number - 1]]

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self if isinstance(event, Notice)]


def pulled(reference: str, blobs: Blobs, platform: str = HERE, access: Access = HASTY) -> tuple[Image, Told]:
    """The image and what was told."""
    told = Told()
    return pull(reference, platform, blobs, told.append, lambda: None, access), told
