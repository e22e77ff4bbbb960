"""Finds the Go that compiles: the one on PATH, else the one that comes with ``dockwright[go]``."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tui.core.gorelease import minor, release_order, required
from tui.engine import EngineUnavailable

_ANSWER_SECONDS = 20
_VERSION = re.compile(r"go(1\.\d+(?:\.\d+)?(?:rc\d+)?)\b")
_GET_ONE = (
    "Install Go from https://go.dev/dl, or install dockwright with it: pipx install 'dockwright[go]'; "
    "or start Docker."
)


@dataclass(frozen=True, slots=True)
class Toolchain:
    """``go`` is the command, ``version`` its release such as ``1.27.3``, ``root`` its GOROOT."""

    go: Path
    version: str
    root: Path

    def is_release(self, wanted: str) -> bool:
        """Whether it is that release: ``1.27`` is any of its fixes."""
        return wanted in (self.version, minor(self.version))


def find(wanted: str, needed: str, environ: Mapping[str, str]) -> Toolchain:
    """One of the release ``wanted``, else the first that may compile what asks for Go ``needed``.

    Raises EngineUnavailable.
    """
    known = list(_known(environ))
    if not known:
        raise EngineUnavailable(
            "There is no Go on this machine.", "The embedded engine compiles with it.", _GET_ONE
        )
    fitting = [each for each in known if not needed or release_order(each.version) >= required(needed)]
    if not fitting:
        told = " and ".join(f"{each.version} ({each.go})" for each in known)
        raise EngineUnavailable(
            f"The Go of this machine is too old: {told}.", f"The project asks for Go {needed}.", _GET_ONE
        )
    return next((each for each in fitting if each.is_release(wanted)), fitting[0])


def _known(environ: Mapping[str, str]) -> Iterator[Toolchain]:
    """The one on PATH first. What is called go and answers otherwise is none."""
    on_path = shutil.which("go", path=environ.get("PATH"))
    package = find_spec("go")
    folders = list(package.submodule_search_locations or ()) if package else []
    for go in (*([Path(on_path)] if on_path else ()), *(Path(folder, "bin", "go") for folder in folders)):
        if told := _told(go, environ):
            yield told


def _told(go: Path, environ: Mapping[str, str]) -> Toolchain | None:
    """What it says it is, None when it cannot be run; never another release it would fetch."""
    try:
        done = subprocess.run(
            [go, "env", "GOVERSION", "GOROOT"],
            cwd="/",
            env={**without_go(environ), "GOTOOLCHAIN": "local", "GOENV": "off"},
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    version, _, root = done.stdout.strip().partition("\n")
    match = _VERSION.match(version)
    return Toolchain(go, match[1], Path(root)) if match else None


def without_go(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what decides how Go compiles."""
    return {name: value for name, value in environ.items() if not _DECIDES.match(name)}


_DECIDES = re.compile(
    r"GO(111MODULE|386|AMD64|ARCH|ARM|ARM64|AUTH|BIN|CACHE|CACHEPROG|DEBUG|ENV|EXE|EXPERIMENT|FIPS140|FLAGS"
    r"|GCCFLAGS|HOSTARCH|HOSTOS|INSECURE|MIPS|MIPS64|MODCACHE|NOPROXY|NOSUMDB|OS|PATH|PPC64|PRIVATE|PROXY"
    r"|RISCV64|ROOT|SUMDB|TMPDIR|TOOLCHAIN|TOOLDIR|VCS|WASM|WORK|_EXTLINK_ENABLED)$"
    r"|CGO_|(CC|CXX|FC|AR|GCCGO|PKG_CONFIG)$"
)
"""Go's own variables; go help environment names them."""
