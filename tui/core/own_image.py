"""An image of the user's own as builder or runtime: what matters about it, in one line of text.

``REFERENCE key=value …`` stands in the answers file and comes from flags, and what it holds was once
read from an image that anybody may have made: every value passes an allow-list or is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import date
from typing import Any

from tui.core.catalog import CERTIFICATES, ZONES, Builder, Runtime, any_windows
from tui.core.image_files import ROOTS, ZONE_FOLDERS
from tui.core.validate import Invalid, image, shown

ID = "own"
"""The id of the catalog entries made here."""

_SOURCE = "read from the image itself"
_UNDATED = date(1970, 1, 1)
_MAX_ID = 2**31 - 1
_PATH = r"/(?:(?!\.\.?(?:/|$))[A-Za-z0-9_.][A-Za-z0-9._-]*(?:/(?!$)|$))*"
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
_USER = r"[A-Za-z_][A-Za-z0-9_.-]{0,31}"
_IDS = r"(?:0|[1-9][0-9]{0,9})"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a value is written. ``parse`` raises ValueError, ``write`` is its inverse."""

    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _matching(pattern: str) -> _Form:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return _Form(parse)


def _one_of(*words: str) -> _Form:
    return _matching("|".join(map(re.escape, words)))


def _ids(text: str) -> str:
    """``uid:gid``."""
    if not re.fullmatch(f"{_IDS}:{_IDS}", text) or any(int(part) > _MAX_ID for part in text.split(":")):
        raise ValueError
    return text


def _users(text: str) -> dict[str, str]:
    users: dict[str, str] = {}
    for item in text.split(","):
        name, _, ids = item.partition(":")
        if not re.fullmatch(_USER, name) or name in users:
            raise ValueError
        users[name] = _ids(ids)
    return users


def _platforms(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    if not all(re.fullmatch(r"(?:linux|windows)/[a-z0-9]{1,16}(?:/v[0-9]{1,2})?", item) for item in found):
        raise ValueError
    return found


def _path_of(usual: str, known: tuple[str, ...]) -> _Form:
    """One of the known places; ``yes`` is the usual one, and ``no`` none."""
    written = {"": "no"} | {path: path for path in known} | {usual: "yes"}
    parsed = {path: path for path in known} | {text: path for path, text in written.items()}
    return _Form(parsed.__getitem__, lambda path: written.get(path, path))


_SWITCHES = ("shell", "wget", "tmp", "cxx", "healthcheck", "stopsignal", "onbuild", "gcc", "git", "ssh")
_SWITCH = _Form({"yes": True, "no": False}.__getitem__, lambda on: "yes" if on else "no")
_VERSION = _matching(r"[0-9]{1,4}(?:\.[0-9]{1,6}){0,3}")
_FORMS: dict[str, _Form] = {
    "os": _one_of("linux", "windows"),
    "platforms": _Form(_platforms, ",".join),
    "libc": _one_of("none", "glibc", "musl"),
    "libc_version": _VERSION,
    "distribution": _matching(_NAME),
    "release": _matching(_NAME),
    **dict.fromkeys(_SWITCHES, _SWITCH),
    "ca": _path_of(CERTIFICATES, ROOTS),
    "tz": _path_of(ZONES, ZONE_FOLDERS),
    "packages": _one_of("apt", "apk"),
    "users": _Form(_users, lambda users: ",".join(f"{name}:{ids}" for name, ids in users.items())),
    "user": _Form(_ids),
    "go": _matching(r"1\.[0-9]{1,3}(?:\.[0-9]{1,3}|rc[0-9]{1,2})?"),
    "module_cache": _matching(_PATH),
    "build_cache": _matching(_PATH),
    "size": _Form(lambda text: int(_matching(r"[1-9][0-9]{0,15}").parse(text))),
    "date": _Form(date.fromisoformat),
}


_SHARED = (
    *("reference", "os", "libc", "libc_version", "distribution", "release", "shell", "packages", "wget"),
    *("healthcheck", "stopsignal", "onbuild", "platforms", "users", "size", "date"),
)
"""Facts that builders and runtimes have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnImage:
    """The facts of an image, named as in ``catalog``. Unknown ones are empty, no or None.

    ``platforms`` are those it was seen for, ``ca`` and ``tz`` where its certificates and time zones lie,
    ``user`` is who it runs as (``uid:gid``, empty also when it names somebody who is not in it), ``go``
    the version of the toolchain in it. ``size`` is bytes, unpacked; ``date`` the day it was read. Raises
    Invalid for a value that could not stand in the line of text.
    """

    reference: str
    os: str = "linux"
    platforms: tuple[str, ...] = ()
    libc: str = ""
    libc_version: str = ""
    distribution: str = ""
    release: str = ""
    shell: bool = False
    packages: str = ""
    ca: str = ""
    tz: str = ""
    wget: bool = False
    tmp: bool = False
    users: dict[str, str] = field(default_factory=dict)
    user: str = ""
    cxx: bool = False
    healthcheck: bool = False
    stopsignal: bool = False
    onbuild: bool = False
    gcc: bool = False
    git: bool = False
    ssh: bool = False
    go: str = ""
    module_cache: str = ""
    build_cache: str = ""
    size: int | None = None
    date: date = _UNDATED

    def __post_init__(self) -> None:
        if image(self.reference) != self.reference:
            raise Invalid(f"Image has blanks around it: {shown(self.reference)}.")
        for key, text in self._facts():
            _parsed(key, text)

    def text(self) -> str:
        """One line that ``parse`` reads back: the reference, then what is not as in any image."""
        return " ".join([self.reference, *(f"{key}={text}" for key, text in self._facts())])

    def as_runtime(self) -> Runtime:
        """The catalog entry of this image as the one the program runs in."""
        return Runtime(
            **self._common(),
            tmp=self.tmp,
            user=any_windows().user if self.os == "windows" else self.user,
            cxx=self.cxx,
            why="You know it, and what is in it was read from it.",
            why_not="Nobody here has tried it.",
        )

    def as_builder(self) -> Builder:
        """The catalog entry of this image as the one that compiles."""
        return Builder(
            **self._common(),
            versioned=False,
            gcc=self.gcc,
            git=self.git,
            ssh=self.ssh,
            module_cache=self.module_cache,
            build_cache=self.build_cache,
            go=self.go,
            user=self.user or "0:0",
            zoneinfo=self.tz,
            env={"GOTOOLCHAIN": "local"} | ({"GOAMD64": "v1"} if self.distribution == "wolfi" else {}),
        )

    def _common(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in _SHARED}
        own |= {"ca": bool(self.ca), "tz": bool(self.tz), "roots": self.ca}
        if self.os == "windows":
            own["users"] = any_windows().users
        described = {"label": self.reference, "pitch": "your own image", "source": _SOURCE}
        return own | described | {"id": ID, "proven": "no"}

    def _facts(self) -> list[tuple[str, str]]:
        """What differs from the defaults, as texts."""
        given = ((f.name, getattr(self, f.name), _default(f)) for f in fields(self) if f.name in _FORMS)
        return [(name, _FORMS[name].write(value)) for name, value, usual in given if value != usual]


def parse(text: str) -> OwnImage:
    """Read the line ``OwnImage.text`` writes. Raises Invalid."""
    reference, *words = text.strip(" ").split(" ")
    facts: dict[str, str] = {}
    for word in filter(None, words):
        key, equals, value = word.partition("=")
        if not equals or key not in _FORMS or key in facts:
            raise Invalid(
                f"Own image must be REFERENCE key=value …, each key once, of {', '.join(_FORMS)}; "
                f"{shown(word)} is not."
            )
        facts[key] = value
    return OwnImage(reference=image(reference), **{key: _parsed(key, text) for key, text in facts.items()})


def as_json(own: OwnImage) -> dict[str, Any]:
    """The facts as JSON-ready values, with the line of text under ``text``."""
    return asdict(own) | {"date": own.date.isoformat(), "text": own.text()}


def as_report(own: OwnImage) -> str:
    """The facts one a line, and the line of text."""
    rows = [("reference", own.reference)]
    rows += [(name, _FORMS[name].write(getattr(own, name))) for name in _FORMS if getattr(own, name) != ""]
    return "\n".join([*(f"{name:<14}{text}" for name, text in rows), "", own.text()])


def of_facts(reference: str, facts: Mapping[str, str]) -> OwnImage:
    """The image with those of the facts that can be believed: others count as unknown."""
    kept: dict[str, Any] = {}
    for key, text in facts.items():
        try:
            kept[key] = _parsed(key, text)
        except Invalid:
            continue
    return OwnImage(reference=reference, **kept)


def _parsed(key: str, text: str) -> Any:
    try:
        return _FORMS[key].parse(text)
    except (ValueError, KeyError):
        raise Invalid(f"Own image: {key} cannot be {shown(text)}.") from None


def _default(f: Any) -> Any:
    return f.default if f.default is not MISSING else f.default_factory()
