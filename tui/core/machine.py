"""The machine dockwright runs on."""

from __future__ import annotations

import os

# What uname calls the architectures Linux images are made for; other names are those of Go.
_ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv6l": "arm",
    "armv7l": "arm",
    "i386": "386",
    "i686": "386",
}


def architecture() -> str:
    """This machine's, as Go names it; one nobody knows as uname does."""
    name = os.uname().machine
    return _ARCHITECTURES.get(name, name)
