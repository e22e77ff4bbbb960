"""What an existing Dockerfile says of the ports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.project import Evidence, ListenPort

_EXPOSED = re.compile(r"([0-9]{1,5})(?:/(tcp|udp))?", re.IGNORECASE)


def ports(data: bytes, name: str = "Dockerfile") -> Iterator[ListenPort]:
    """The ports its last stage exposes, in its order. What holds a variable is passed over."""
    found: list[ListenPort] = []
    for number, words in _instructions(data):
        if words[0].upper() == "FROM":
            found.clear()
        elif words[0].upper() == "EXPOSE":
            for word in words[1:]:
                match = _EXPOSED.fullmatch(word)
                if match and 0 < int(match[1]) < 65536:
                    protocol = (match[2] or "tcp").lower()
                    found.append(
                        ListenPort(int(match[1]), protocol, Evidence(name, number, f"EXPOSE {word}"))
                    )
    yield from found


def _instructions(data: bytes) -> Iterator[tuple[int, list[str]]]:
    lines = data.decode("utf-8", "replace").split("\n")
    words: list[str] = []
    start = 0
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        start = start if words else number
        words += line.rstrip("\\").split()
        if not line.endswith("\\") and words:
            yield start, words
            words = []
