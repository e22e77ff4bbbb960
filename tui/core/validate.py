"""Turns text a person gave into a checked value, or says in one sentence why it cannot.

Only values that passed here reach a template or a command: every pattern is an allow-list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tui.core.text import printable


class Invalid(ValueError):
    """The value cannot be used; the message names the field and says what would do."""


_MAIN = re.compile(r"\.|\./[A-Za-z0-9_][A-Za-z0-9._~+-]*(/[A-Za-z0-9_][A-Za-z0-9._~+-]*)*")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~+-]*(/[A-Za-z0-9_][A-Za-z0-9._~+-]*)*")
_BINARY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?/)?"
_REPOSITORY = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
_TAG = re.compile(_HOST + _REPOSITORY + r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?")
_GO = re.compile(r"1\.[0-9]{1,3}(?:\.[0-9]{1,3}|rc[0-9]{1,2})?")
_USER = re.compile(r"([0-9]{1,10})(?::([0-9]{1,10}))?")
_PORT = re.compile(r"([0-9]{1,5})(?:/(tcp|udp))?")
_PLATFORM = re.compile(r"linux/(amd64|arm64|arm/v7|386|ppc64le|riscv64|s390x)")
_REGISTRY = re.compile(
    r"[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
)
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCRIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]*")
_PATH = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
_MAX_ID = 2**31 - 1


def _matching(pattern: re.Pattern[str], field: str, must: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        value = text.strip(" ")
        if not pattern.fullmatch(value):
            raise Invalid(f"{field} must be {must}; {shown(text)} is not.")
        return value

    return parse


def shown(text: str, limit: int = 60) -> str:
    """The text in quotes, safe to print on one line."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return f"“{printable(cut)}”"


main = _matching(
    _MAIN,
    "Main package",
    "a package below the project such as . or ./cmd/server, in letters, digits and - _ . ~ +",
)
binary = _matching(_BINARY, "Binary name", "letters, digits and . _ + -")
go = _matching(_GO, "Go version", "a release such as 1.27 or 1.27.3")
folder = _matching(_FOLDER, "Folder", "a path in letters, digits and - _ . ~ +")
script = _matching(_SCRIPT, "Script", "a name in letters, digits and : . _ -")
platform = _matching(_PLATFORM, "Platform", "one such as linux/amd64 or linux/arm64")


def tag(text: str) -> str:
    """An image reference; without a tag it means ``latest``, as everywhere."""
    value = text.strip(" ")
    if not _TAG.fullmatch(value) or len(value) > 255:
        raise Invalid(
            f"Image tag must be a name such as ping:dev or registry.example.com/team/ping:1.2, "
            f"in lower case; {shown(text)} is not."
        )
    return value if ":" in value.rsplit("/", 1)[-1] else value + ":latest"


def user(text: str) -> str:
    """``uid`` or ``uid:gid`` in numbers; the group is the uid's number when it is left out."""
    match = _USER.fullmatch(text.strip(" "))
    if not match or any(int(part) > _MAX_ID for part in match.groups() if part):
        raise Invalid(
            f"User must be numbers such as 65532:65532 (user id and group id, which every image "
            f"and Kubernetes understands); {shown(text)} is not."
        )
    uid, gid = match.groups()
    return f"{int(uid)}:{int(gid or uid)}"


def port(text: str) -> str:
    """One port with its protocol, such as ``8080/tcp``."""
    match = _PORT.fullmatch(text.strip(" ").lower())
    if not match or not 1 <= int(match[1]) <= 65535:
        raise Invalid(f"Port must be 1 to 65535, as 8080 or 53/udp; {shown(text)} is not.")
    return f"{int(match[1])}/{match[2] or 'tcp'}"


def ports(text: str) -> tuple[str, ...]:
    """Ports separated by commas or spaces; none is an answer too."""
    if text.strip(" ") == "none":
        return ()
    return tuple(dict.fromkeys(port(part) for part in text.replace(",", " ").split(" ") if part))


def registry(text: str) -> str:
    """A mirror's host and path without scheme; empty for none."""
    value = text.strip(" ").rstrip("/")
    if value and not _REGISTRY.fullmatch(value):
        raise Invalid(
            f"Registry must be a host with an optional path such as mirror.example.com/hub, "
            f"without https://; {shown(text)} is not."
        )
    return value


def env(text: str) -> str:
    """``NAME=value`` for the running application."""
    name, equals, value = text.partition("=")
    if not equals or not _ENV_NAME.fullmatch(name) or "\0" in value:
        raise Invalid(f"Environment must be NAME=value; {shown(text)} is not.")
    return text


def writable_dir(text: str) -> str:
    """An absolute directory the application may write to."""
    value = text.strip(" ").rstrip("/")
    if not _PATH.fullmatch(value) or ".." in value.split("/"):
        raise Invalid(
            f"Writable directory must be an absolute path such as /data, in letters, digits and "
            f"- _ .; {shown(text)} is not."
        )
    return value


def argument(text: str) -> str:
    """One argument for the application."""
    if "\0" in text:
        raise Invalid(f"Argument must not hold a NUL character; {shown(text)} does.")
    return text


def switch(field: str) -> Callable[[str], bool]:
    """``on`` or ``off``."""

    def parse(text: str) -> bool:
        values = {"on": True, "off": False, "true": True, "false": False, "1": True, "0": False}
        try:
            return values[text.strip(" ").lower()]
        except KeyError:
            raise Invalid(f"{field} must be on or off; {shown(text)} is not.") from None

    return parse


def one_of(field: str, names: Callable[[], dict[str, str]]) -> Callable[[str], str]:
    """One of the known names; aliases become the id they stand for."""

    def parse(text: str) -> str:
        known = names()
        try:
            return known[text.strip(" ")]
        except KeyError:
            offered = ", ".join(dict.fromkeys(known))
            raise Invalid(f"{field} must be one of {offered}; {shown(text)} is not.") from None

    return parse


def lines(parse: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """The parser for items typed one a line."""

    def parse_all(text: str) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(parse(line) for line in text.split("\n") if line))

    return parse_all
