"""What files of an image say. They are anybody's: what has another form is not believed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ID = 2**31 - 1
MOST_USERS = 100
"""Entries of a passwd file that are looked at."""

_GLIBC = re.compile(rb"GNU C Library [^\n\0]{0,200}release version (\d{1,2}\.\d{1,3})\b")
_MUSL = re.compile(rb"\0(1\.\d{1,2}\.\d{1,3})\0")
_GO = re.compile(rb"go(1\.\d{1,3}(?:\.\d{1,3}|rc\d{1,2})?)(?=\s|$)")
_ENTRY = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_.-]{0,31}):[^:]*:(?P<uid>\d{1,10}):(?P<gid>\d{1,10})"
    r"(?::[^:]*:(?P<home>[^:]*))?(?::.*)?",
    re.ASCII,
)
ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Go's crypto/x509 looks for root certificates on Linux."""

ZONE_FOLDERS = ("/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo")
"""Where Go's time package looks for time zones."""

_FAMILIES = {"chainguard": "wolfi"}


@dataclass(frozen=True, slots=True)
class User:
    """An entry of /etc/passwd."""

    name: str
    uid: int
    gid: int
    home: str

    @property
    def ids(self) -> str:
        """``uid:gid``."""
        return f"{self.uid}:{self.gid}"


def glibc_version(library: bytes) -> str:
    """The version in a ``libc.so.6``, such as ``2.41``; empty when it is not GNU's."""
    match = _GLIBC.search(library)
    return match[1].decode() if match else ""


def musl_version(loader: bytes) -> str:
    """The version in musl's ``ld-musl-….so.1``, such as ``1.2.5``."""
    match = _MUSL.search(loader)
    return match[1].decode() if match else ""


def go_version(text: bytes) -> str:
    """The release a Go tree's VERSION file names, such as ``1.27.3``."""
    match = _GO.match(text)
    return match[1].decode() if match else ""


def distribution(os_release: str) -> tuple[str, str]:
    """Family and release as ``catalog`` names them: ``debian``, ``trixie``; empty where not told."""
    told = dict(_assigned(line) for line in os_release.splitlines() if "=" in line)
    named = told.get("ID", "")
    family = _FAMILIES.get(named, named)
    version = told.get("VERSION_ID", "")
    if family == "alpine":
        return family, "alpine" + ".".join(version.split(".")[:2]) if version else ""
    if family == "debian":
        return family, told.get("VERSION_CODENAME", "")
    return family, "" if family == "wolfi" else version


def users(passwd: str) -> list[User]:
    """The entries of an /etc/passwd, each name once."""
    found: dict[str, User] = {}
    for line in passwd.splitlines()[:MOST_USERS]:
        if match := _ENTRY.fullmatch(line):
            user = User(match["name"], int(match["uid"]), int(match["gid"]), match["home"] or "")
            if max(user.uid, user.gid) <= MAX_ID:
                found.setdefault(user.name, user)
    return list(found.values())


def default_user(config: str, passwd: list[User], group: list[User]) -> str:
    """``uid:gid`` of who an image's ``User`` setting names; empty where that cannot be told.

    ``group`` are the entries of /etc/group.
    """
    wanted, _, wanted_group = config.partition(":")
    entry = _named(wanted or "0", passwd)
    uid = str(entry.uid) if entry else wanted or "0"
    gid = str(entry.gid) if entry else "0"
    if wanted_group:
        known = _named(wanted_group, group)
        gid = str(known.uid) if known else wanted_group
    return f"{uid}:{gid}" if uid.isdecimal() and gid.isdecimal() else ""


def home_of_root(passwd: list[User]) -> str:
    """Where root is at home; the engine takes ``/`` for a user without an entry."""
    root = _named("0", passwd)
    return root.home if root and root.home else "/"


def groups(text: str) -> list[User]:
    """The entries of an /etc/group; the group's number is ``uid``."""
    return users(re.sub(r"(?m)^([^:]*:[^:]*:)(\d+):.*$", r"\1\2:0", text))


def _named(wanted: str, entries: list[User]) -> User | None:
    return next((entry for entry in entries if wanted in (entry.name, str(entry.uid))), None)


def _assigned(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip().strip("\"'")
