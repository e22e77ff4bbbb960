"""Go releases by their version texts: ``1.27``, ``1.27.3``, ``1.27rc1``."""

from __future__ import annotations

import re


def minor(version: str) -> str:
    """``1.27`` of ``1.27.3`` or ``1.27rc1``."""
    match = re.match(r"\d+\.\d+", version)
    return match[0] if match else version


def release_order(version: str) -> tuple[int, int, int]:
    """A sort key: ``1.27`` orders as the newest fix of its minor, since that is what its tag is."""
    parts = minor(version).split(".")
    patch = version.split(".")[2] if version.count(".") > 1 else ""
    return (
        int(parts[0]),
        int(parts[1]),
        int(patch) if patch.isdigit() else (-1 if re.search("[a-z]", version) else 10**6),
    )


def required(go_line: str) -> tuple[int, int, int]:
    """The least release that a go line asks for, to compare with ``release_order``."""
    major, second, patch = release_order(go_line)
    return major, second, 0 if patch == 10**6 else patch
