"""What an existing Dockerfile says of the ports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.dockerfile import instructions
from tui.core.project import DOCUMENT, Evidence, ListenPort

_EXPOSED = re.compile(r"([0-9]{1,5})(?:/(tcp|udp))?", re.IGNORECASE)


def ports(data: bytes, name: str = "Dockerfile") -> Iterator[ListenPort]:
    """The ports its last stage exposes, in its order. What holds a variable is passed over."""
    found: list[ListenPort] = []
    for instruction in instructions(data.decode("utf-8", "replace")):
        if instruction.keyword == "FROM":
            found.clear()
        elif instruction.keyword == "EXPOSE":
            for word in instruction.rest.split():
                match = _EXPOSED.fullmatch(word)
                if match and 0 < int(match[1]) < 65536:
                    protocol = (match[2] or "tcp").lower()
                    evidence = Evidence(name, instruction.line, f"EXPOSE {word}", DOCUMENT)
                    found.append(ListenPort(int(match[1]), protocol, evidence))
    yield from found
