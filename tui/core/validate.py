"""Turns text a person gave into a checked value, or says in one sentence why it cannot.

Only values that passed here reach a template or a command: every pattern is an allow-list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches

from tui.core.text import printable


class Invalid(ValueError):
    """The value cannot be used; the message names the field and says what would do."""


_MAIN = re.compile(r"\.|\./[A-Za-z0-9_][A-Za-z0-9._~+-]*(/[A-Za-z0-9_][A-Za-z0-9._~+-]*)*")
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~+-]*(/[A-Za-z0-9_][A-Za-z0-9._~+-]*)*")
_PART = r"(?!\.\.?(?:/|$))[A-Za-z0-9_.][A-Za-z0-9._~+-]*"
_CONTEXT_PATH = re.compile(f"{_PART}(?:/{_PART})*")
_BINARY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?/)?"
_REPOSITORY = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
_TAG = re.compile(_HOST + _REPOSITORY + r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_GO = re.compile(r"1\.[0-9]{1,3}(?:\.[0-9]{1,3}|rc[0-9]{1,2})?")
_IDS = re.compile(r"([0-9]{1,10})(?::([0-9]{1,10}))?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,30}")
_PORT = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp))?")
_PLATFORM = re.compile(
    r"linux/(?:amd64(?:/v[234])?|arm64|arm/v[67]|386|ppc64le|riscv64|s390x)|windows/(?:amd64|arm64|386)|darwin/(?:amd64|arm64)"
)
_PIN = re.compile(_HOST + _REPOSITORY + r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?@sha256:[0-9a-f]{64}")
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+._-]*(?:=[A-Za-z0-9.+:~_-]+)?")
_BUILD_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*")
_VARIABLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~/+-]*\.[A-Za-z_][A-Za-z0-9_]*")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,127}")
_MODULE_HOST = re.compile(r"[a-zA-Z0-9*](?:[a-zA-Z0-9.*-]*[a-zA-Z0-9*])?(?:/[A-Za-z0-9_*][A-Za-z0-9._~*-]*)*")
_IMPORT_PATH = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/[A-Za-z0-9_][A-Za-z0-9._~-]*)*")
_LABEL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_LABEL_VALUE = re.compile(r"[^\"\\$`]*")
_PROXY = re.compile(r"https?://[A-Za-z0-9.\[\]:@_~%-]+/?")
_NODE = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}")
_HEALTH_HTTP = re.compile(r"http (?:([0-9]{1,5}))?(/[A-Za-z0-9._~/-]*)")
_HEALTH_COMMAND = re.compile(r"command((?: [A-Za-z0-9_=:./-]+)+)")
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
folder = _matching(
    _FOLDER,
    "Path",
    "inside the project, in letters, digits and - _ . ~ +, with no part that begins with a dot or dash",
)
context_path = _matching(_CONTEXT_PATH, "Path", "one of the project in letters, digits and - _ . ~ +")
script = _matching(_SCRIPT, "Script", "a name in letters, digits and : . _ -")
platform = _matching(_PLATFORM, "Platform", "one such as linux/amd64 or linux/arm64")
pin = _matching(_PIN, "Pin", "a reference with its digest such as alpine:3.24@sha256:…")
package = _matching(_PACKAGE, "Package", "a package's name such as libvips42t64")
build_tag = _matching(_BUILD_TAG, "Build tag", "letters, digits, _ and .")
variable = _matching(_VARIABLE, "Variable", "a package path and a name such as main.version")
version = _matching(_VERSION, "Version", "letters, digits and . _ + -")
module_host = _matching(_MODULE_HOST, "Private modules", "a host or path such as git.example.com/team")
import_path = _matching(_IMPORT_PATH, "Import path", "a path such as github.com/team/app")
node = _matching(_NODE, "Node version", "a release such as 24")
user_name = _matching(_NAME, "User name", "letters, digits, _ and -")


def tag(text: str) -> str:
    """An image reference; without a tag it means ``latest``, as everywhere."""
    value = text.strip(" ")
    if not _TAG.fullmatch(value) or len(value) > 255:
        raise Invalid(
            f"Image tag must be a name such as ping:dev or registry.example.com/team/ping:1.2, "
            f"in lower case; {shown(text)} is not."
        )
    return value if ":" in value.rsplit("/", 1)[-1] else value + ":latest"


def image(text: str) -> str:
    """An image reference as ``FROM`` takes it: a name, and a tag or a digest or both."""
    value = text.strip(" ")
    name, at, digest = value.partition("@")
    if not _TAG.fullmatch(name) or len(name) > 255 or (at and not _DIGEST.fullmatch(digest)):
        raise Invalid(
            "Image must be a reference such as registry.example.com/team/base:1.2 or "
            f"base@sha256:…, in lower case; {shown(text)} is not."
        )
    return value


def user(text: str) -> str:
    """``uid``, ``uid:gid`` or a name the image has; a lone uid's group has the same number."""
    value = text.strip(" ")
    match = _IDS.fullmatch(value)
    if match and all(int(part) <= _MAX_ID for part in match.groups() if part):
        return f"{int(match[1])}:{int(match[2] or match[1])}"
    if not _NAME.fullmatch(value):
        raise Invalid(
            f"User must be numbers such as 65532:65532 (user id and group id), or the name of a user "
            f"the image has; {shown(text)} is not."
        )
    return value


def port(text: str) -> str:
    """One port or range with its protocol, such as ``8080/tcp`` or ``9000-9010/udp``."""
    match = _PORT.fullmatch(text.strip(" ").lower())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not match or not 1 <= first <= last <= 65535:
        raise Invalid(f"Port must be 1 to 65535, as 8080, 53/udp or 9000-9010; {shown(text)} is not.")
    return f"{first}{f'-{last}' if last > first else ''}/{match[3] or 'tcp'}"


def health(text: str) -> str:
    """``none``, ``command ARGUMENTS`` of the program itself, or ``http [PORT]/PATH``."""
    value = " ".join(text.split())
    if value == "none" or _HEALTH_COMMAND.fullmatch(value):
        return value
    match = _HEALTH_HTTP.fullmatch(value)
    if not match or (match[1] and not 1 <= int(match[1]) <= 65535):
        raise Invalid(
            f"Health check must be none, http /healthz, http 9090/healthz or command healthcheck "
            f"(arguments of the program itself); {shown(text)} is not."
        )
    return value


def label(text: str) -> str:
    """``name=value`` for the image; the value holds no quotes, backslashes or dollar signs."""
    name, equals, value = text.partition("=")
    if not (
        equals
        and value.isprintable()
        and _LABEL_NAME.fullmatch(name.strip(" "))
        and _LABEL_VALUE.fullmatch(value)
    ):
        raise Invalid(f"Label must be name=value without quotes or $; {shown(text)} is not.")
    return f"{name.strip(' ')}={value}"


def proxy(text: str) -> str:
    """A proxy's address; empty for none."""
    value = text.strip(" ")
    if value and not _PROXY.fullmatch(value):
        raise Invalid(
            f"Proxy must be an address such as http://proxy.example.com:3128; {shown(text)} is not."
        )
    return value


def file_path(text: str) -> str:
    """A file of this machine; empty for none."""
    if "\0" in text:
        raise Invalid(f"A file's path must not hold a NUL character; {shown(text)} does.")
    return text


def delivery(text: str) -> str:
    """Where an image is handed over: ``oci:FOLDER``, ``archive:FILE``, ``engine`` or ``registry``."""
    value = text.strip(" ")
    kind, colon, path = value.partition(":")
    if value not in ("engine", "registry") and (kind not in ("oci", "archive") or not path):
        raise Invalid(f"Delivery must be oci:FOLDER, archive:FILE, engine or registry; {shown(text)} is not.")
    return kind + colon + file_path(path)


def optional(parse: Callable[[str], str]) -> Callable[[str], str]:
    """That parser, with empty text as an answer too."""
    return lambda text: parse(text) if text.strip(" ") else ""


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


def directory(text: str) -> str:
    """An absolute directory in the image."""
    value = text.strip(" ").rstrip("/")
    if not _PATH.fullmatch(value) or ".." in value.split("/"):
        raise Invalid(
            f"Directory must be an absolute path such as /data, in letters, digits and "
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


def known_or_image(field: str, names: Callable[[], dict[str, str]]) -> Callable[[str], str]:
    """One of the known names, whose aliases become the id, or any image reference with a registry or tag."""

    def parse(text: str) -> str:
        value = text.strip(" ")
        known = names()
        if value in known:
            return known[value]
        if any(sign in value for sign in ":/@"):
            return image(value)
        near = get_close_matches(value, known, 3) or _newest(known)
        raise Invalid(
            f"{field} must be one of the known images ({', '.join(near)} …), or one of your own with its tag "
            f"such as registry.example.com/base:1; {shown(text)} is not."
        )

    return parse


def _newest(known: dict[str, str]) -> list[str]:
    """One name of each family: its short one, else its id."""
    names: dict[str, str] = {}
    for name, id in known.items():
        if ":" not in name:
            names.setdefault(id, name)
    families = tuple(f"{name}-" for id, name in names.items() if name != id)
    return [name for id, name in names.items() if name != id or not id.startswith(families)]


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
