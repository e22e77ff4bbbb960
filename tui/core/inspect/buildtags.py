"""Build constraints: which files Go compiles for a target platform (go/build and go/build/constraint)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tui.core.inspect.constraints import Tags

KNOWN_OS = frozenset(
    [
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "js",
        "linux",
        "nacl",
        "netbsd",
        "openbsd",
        "plan9",
        "solaris",
        "wasip1",
        "windows",
        "zos",
    ]
)
KNOWN_ARCH = frozenset(
    [
        "386",
        "amd64",
        "amd64p32",
        "arm",
        "armbe",
        "arm64",
        "arm64be",
        "loong64",
        "mips",
        "mipsle",
        "mips64",
        "mips64le",
        "mips64p32",
        "mips64p32le",
        "ppc",
        "ppc64",
        "ppc64le",
        "riscv",
        "riscv64",
        "s390",
        "s390x",
        "sparc",
        "sparc64",
        "wasm",
    ]
)
UNIX_OS = frozenset(
    [
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "linux",
        "netbsd",
        "openbsd",
        "solaris",
    ]
)
_IMPLIED = {"android": "linux", "illumos": "solaris", "ios": "darwin"}
_NEWEST_MINOR = 27
_RELEASE = re.compile(r"go1\.([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Target:
    """A platform code is built for; ``cgo`` is whether CGO_ENABLED is 1, ``tags`` hold besides."""

    goos: str = "linux"
    goarch: str = "amd64"
    cgo: bool = False
    tags: frozenset[str] = frozenset()

    def __call__(self, tag: str) -> bool:
        """Whether build tag ``tag`` holds here."""
        if tag in (self.goos, self.goarch, "gc", _IMPLIED.get(self.goos)) or tag in self.tags:
            return True
        if tag == "cgo":
            return self.cgo
        if tag == "unix":
            return self.goos in UNIX_OS
        release = _RELEASE.fullmatch(tag)
        return release is not None and int(release[1]) <= _NEWEST_MINOR

    def having_cgo(self) -> Target:
        """The same platform with CGO_ENABLED=1."""
        return replace(self, cgo=True)

    def __str__(self) -> str:
        return f"{self.goos}/{self.goarch}"


def name_matches(name: str, tags: Tags) -> bool:
    """Whether a file name's ``_GOOS``, ``_GOARCH`` or ``_GOOS_GOARCH`` ending fits."""
    if "_" not in name:
        return True
    parts = name.partition(".")[0].split("_")[1:]
    if parts and parts[-1] == "test":
        parts.pop()
    if len(parts) >= 2 and parts[-2] in KNOWN_OS and parts[-1] in KNOWN_ARCH:
        return tags(parts[-2]) and tags(parts[-1])
    if parts and (parts[-1] in KNOWN_OS or parts[-1] in KNOWN_ARCH):
        return tags(parts[-1])
    return True
