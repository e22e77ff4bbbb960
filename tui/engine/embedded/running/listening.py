"""Where a program listens that has this machine's own network, as Linux lists it (proc(5))."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from tui.core.events import Listening

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTEN = "0A"
"""TCP_LISTEN of the kernel's tcp_states.h."""

_WORD = 8
"""Hexadecimal digits of a word; addresses are written as words in the machine's byte order."""


def listening(port: int) -> Listening | None:
    """Where this user's programs listen on that tcp port; None where none does, or Linux does not tell."""
    found = sorted(set(_addresses(port)), key=str)
    if not found:
        return None
    return Listening(port, tuple(map(str, found)), not all(_is_loopback(each) for each in found))


def _addresses(port: int) -> Iterator[IPv4Address | IPv6Address]:
    own = str(os.getuid())
    for table in _TABLES:
        for line in table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else ():
            _, local, _, state, _, _, _, uid, *_ = line.split()
            host, _, number = local.partition(":")
            if state == _LISTEN and uid == own and int(number, 16) == port:
                yield _address(host)


def _address(digits: str) -> IPv4Address | IPv6Address:
    words = (digits[at : at + _WORD] for at in range(0, len(digits), _WORD))
    return ip_address(b"".join(int(word, 16).to_bytes(_WORD // 2, sys.byteorder) for word in words))


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
