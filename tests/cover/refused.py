"""What each rule says would happen, and how that is seen when the plan is carried out all the same."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tui.core
from tests.cover.applications import APPLICATIONS, project
from tests.cover.model import errors, plan, refused_pairs, why_not_built
from tests.cover.rows import Row
from tui.core.inspect import inspect
from tui.core.project import Project

SHOWS = {
    "also-exists": r"no such file or directory",
    "also-names": r"^1$",
    "builder-go": r"go\.mod requires go >= 1\.99",
    "builder-tools": r"go: not found",
    "cgo-needed": r"build constraints exclude all Go files|undefined: |requires cgo to work",
    "cxx": r"libstdc\+\+\.so\.6: cannot open shared object file",
    "debug-shell": r"target stage .?debug.? could not be found",
    "debug-variant": r"target stage .?debug.? could not be found",
    "folder-closed": r"Permission denied",
    "folder-file": r"not a directory|file exists|Not a directory",
    "folder-kernel": r"no such file or directory|No such file or directory",
    "file-place": r"are the same file",
    "writable-covers": r"no such file or directory|not found",
    "file-hidden": r"no such file or directory",
    "file-program": r"permission denied|exec format error",
    "file-missing": r"No such file or directory|not found",
    "front-end-missing": r"no matching files found",
    "go-new-enough": r"go\.mod requires go >= 1\.99",
    "go-sum": r"missing go\.sum entry",
    "health-name": r"index out of range",
    "health-port": r"unhealthy",
    "libc": r"no such file or directory",
    "health-command": r"^unhealthy$|bind: address already in use",
    "libc-dl": r"libdl\.so\.2: cannot open shared object file",
    "libc-static": r"libc\.so\.6|SIG|no such file or directory",
    "libc-older": r"version `GLIBC_2\.38' not found",
    "loopback": r"nothing listens on it",
    "low-port": r"bind: permission denied",
    "main-exists": r"permission denied",
    "package-manager": r"apt-get|/bin/sh",
    "platform-code": r"build constraints exclude all Go files",
    "platform-os": r"windows",
    "program": r"executable file not found",
    "replace-outside": r"replacement directory .* does not exist",
    "root": r'"uid": 0',
    "secret-file": r"There is no readable file /nowhere/ca\.crt|only buildx can give it",
    "unnamed-user": r'"failure": "user: |"user": "1000"',
    "user-name-taken": r"^2$",
    "user-name-root": r"^root$",
    "user-unknown": r"no matching entries in passwd file",
    "writable-taken": r"Permission denied",
    "zones-copy": r"/usr/share/zoneinfo.*(not found|no such file)",
    "zones-image": r"unknown time zone",
    "zones-missing": r"unknown time zone",
    "zones-package": r"apt-get|/bin/sh",
}
"""By rule, what the build, the program or the engine says; a regular expression."""

_WINDOWS = "needs a Windows engine; learn.microsoft.com/virtualization/windowscontainers"
NOT_PROVEN_HERE = {
    "build-package-manager": _WINDOWS,
    "builder-libc": "an image of the user's own without a C library",
    "builder-suite": "needs a registry; official-images library/golang",
    "builder-system": _WINDOWS,
    "builder-version": "needs a registry; images.chainguard.dev/directory/image/go/versions",
    "c-impossible": "README of each module, named in facts/cgo.toml",
    "c-notice": "README of each module, named in facts/cgo.toml",
    "c-unknown": "it says that nobody knows",
    "c-libraries": "proven package by package in tests/engine/test_cgo_packages.py",
    "c-libraries-release": "packages.debian.org: libicu72 is in bookworm alone, libicu76 in trixie",
    "cgo-system": "go.dev/wiki/cgo: a C compiler for the target; needs a registry for that platform's image",
    "certificates": "every known builder has them; an image of the user's own may not",
    "compiler": "every known builder has one or installs it; an image of the user's own may not",
    "engine-delivers": "it says what the other engine is for",
    "pushed-name": "docs.docker.com/docker-hub/repos: library/ holds the official images",
    "engine-embedded": "what the engine itself says is seen in tests/engine/embedded",
    "emulated": "needs QEMU; docs.docker.com/build/building/multi-platform",
    "file-windows": _WINDOWS,
    "go-maintained": "go.dev/doc/devel/release: fixes go to the two newest minors",
    "health-windows": _WINDOWS,
    "host-keys": "proven in tests/engine/test_private_ssh.py",
    "image-unread": "it asks for a command to be run first",
    "login": "needs a registry; docs.docker.com/dhi/how-to/use",
    "platform-image": "needs a registry; the platforms are each image's own",
    "private-ssh-pattern": "git-scm.com/docs/git-config: url.BASE.insteadOf takes no patterns",
    "unpinned": "it says what was not looked up yet",
    "support-ended": "the calendars of the distributions, named in facts/runtimes.toml",
    "user-name-windows": _WINDOWS,
    "user-windows": _WINDOWS,
    "windows-ca-file": _WINDOWS,
    "windows-export": _WINDOWS,
    "windows-front-end": _WINDOWS,
    "windows-private": _WINDOWS,
    "zones-windows": _WINDOWS,
}
"""Rules that tell what cannot be seen here, with their source."""

AUTOMATIC = {"cgo-needed", "cxx", "libc", "user-unknown", "zones-copy", "zones-package"}
"""Rules that say the same of every application: all refused pairs show it."""


_MAKERS = {"_error", "_warning", "error", "warning", "Problem"}


UNLIKE_THE_PUBLISHED = {("zones-copy", "chainguard-go")}
"""Rules that do not hold for a builder's stand-in: Debian's, which this one is made of, has time zones."""


@dataclass(frozen=True, slots=True)
class Case:
    """A plan that a rule speaks against.

    ``change`` spoils a copy of the project first. ``target`` is the stage to build instead of the
    last, ``program`` what is run in the image instead of the application.
    """

    rule: str
    row: Row
    change: Callable[[Path], None] | None = None
    target: str = ""
    program: tuple[str, ...] = ()

    def project(self, folder: Path) -> Project:
        """The application, or its spoilt copy below ``folder``."""
        if self.change is None:
            return project(self.row.app)
        root = APPLICATIONS[self.row.app].root
        copy = Path(shutil.copytree(root, folder / root.name))
        self.change(copy)
        return inspect(copy)


def _needs_newer_go(root: Path) -> None:
    (root / "go.mod").write_text((root / "go.mod").read_text().replace("go 1.27", "go 1.99"))


def _has_no_sum(root: Path) -> None:
    (root / "go.sum").unlink()


def _stays_where_it_is(_: Path) -> None:
    """Copied without the module beside it."""


def _is_for_another_platform(root: Path) -> None:
    module = (root / "go.mod").read_text().split()[1]
    (root / "simd").mkdir()
    (root / "simd" / "simd_s390x.go").write_text("package simd\n")
    (root / "sums.go").write_text(f'package main\n\nimport _ "{module}/simd"\n')


def _has_two_servers(root: Path) -> None:
    shutil.copytree(root / "cmd" / "server", root / "tools" / "server")


def _row(app: str, **answers: str) -> Row:
    return Row(app, tuple((key.replace("_", "-"), text) for key, text in answers.items()))


def _own_builder(reference: str, facts: str) -> Row:
    return _row("http", builder=reference, image=f"{reference} libc=glibc {facts}")


CHOSEN = (
    Case("also-exists", _row("mains", also="./internal/name"), program=("/usr/local/bin/name",)),
    Case(
        "also-names",
        _row("mains", also="./tools/server", runtime="debian-slim-trixie"),
        _has_two_servers,
        program=("sh", "-c", "ls /usr/local/bin | wc -l"),
    ),
    Case(
        "builder-go",
        _own_builder("golang:1.27-trixie", "shell=yes go=1.27 module_cache=/go/pkg/mod"),
        _needs_newer_go,
    ),
    Case("builder-tools", _own_builder("debian:trixie-slim", "shell=yes")),
    Case("cgo-needed", _row("sqlite", cgo="off")),
    Case("cxx", _row("cxx", runtime="distroless-base-debian13")),
    Case("debug-shell", _row("http", runtime="debian-slim-trixie", debug="on"), target="debug"),
    Case("debug-variant", _row("http", runtime="dhi-static-debian13", debug="on"), target="debug"),
    # Without one it fails as well, after `chmod -R /` copied every file of the image for minutes.
    Case("file-place", _row("files", runtime="golang", workdir="/src")),
    Case(
        "folder-closed",
        _row("http", runtime="debian-slim-trixie", user="1000:1000", writable_dir="/root/data"),
        program=("touch", "/root/data/file"),
    ),
    Case("folder-file", _row("http", workdir="/usr/local/bin/http")),
    Case("folder-kernel", _row("http", workdir="/proc/app")),
    Case("writable-covers", _row("http", runtime="scratch", writable_dir="/usr/local/bin")),
    Case("file-hidden", _row("files", writable_dir="/app")),
    Case("file-program", _row("files", workdir="/usr/local/bin", binary="motto.txt", file="motto.txt")),
    Case("file-missing", _row("http", file="nothing.txt")),
    Case("front-end-missing", _row("vite", front_end="skip")),
    Case("go-new-enough", _row("http"), _needs_newer_go),
    Case("go-sum", _row("echo"), _has_no_sum),
    Case("health-name", _row("http", binary="healthprobe", health="http /healthz")),
    Case("health-port", _row("http", port="none", health="http /healthz")),
    Case("libc", _row("cgo", runtime="scratch")),
    Case("libc", _row("cgo", runtime="alpine-3.24")),
    Case("libc", _row("purego", runtime="alpine-3.24")),
    Case("libc-dl", _row("purego", runtime="busybox-glibc-1.38")),
    Case("health-command", _row("echo", health="command other")),
    Case("libc-static", _row("purego", cgo="on", link="static", runtime="distroless-static-debian13")),
    Case("libc", _row("purego", builder="golang-alpine3.24", runtime="distroless-base-debian13")),
    Case("libc-older", _row("cgo", runtime="debian-slim-bookworm")),
    Case("loopback", _row("loopback")),
    Case("main-exists", _row("mains", main="./internal/name")),
    Case("package-manager", _row("http", runtime="distroless-static-debian13", package="tzdata")),
    Case("platform-code", _row("http"), _is_for_another_platform),
    Case("platform-os", _row("http", platform="windows/amd64")),
    Case("program", _row("shell", runtime="distroless-static-debian13")),
    Case("replace-outside", _row("outside"), _stays_where_it_is),
    Case("root", _row("http", user="0:0")),
    Case("secret-file", _row("echo", ca_file="/nowhere/ca.crt")),
    Case("unnamed-user", _row("netuser", runtime="alpine-3.24", user="1000:1000", user_name="")),
    Case(
        "user-name-taken",
        _row("http", runtime="debian-slim-trixie", user="1000:1000", user_name="nobody"),
        program=("grep", "-c", "^nobody:", "/etc/passwd"),
    ),
    Case(
        "user-name-root",
        _row("http", runtime="debian-slim-trixie", user="0:5", user_name="captain"),
        program=("id", "-un"),
    ),
    Case("user-unknown", _row("http", runtime="scratch", user="nobody")),
    Case(
        "writable-taken",
        _row("http", runtime="debian-slim-trixie", writable_dir="/srv"),
        program=("touch", "/srv/file"),
    ),
    Case("zones-copy", _row("zones", builder="golang-alpine3.24", runtime="scratch", zones="copy")),
    Case("zones-image", _row("zones", runtime="scratch", zones="image")),
    Case("zones-missing", _row("zones", runtime="scratch", zones="none")),
    Case("zones-package", _row("zones", runtime="scratch", zones="package")),
)


def cases() -> Iterator[Case]:
    """Those chosen, and of the refused pairs that can be built here one for each reason."""
    yield from CHOSEN
    reasons: dict[str, Case] = {}
    for row in refused_pairs().values():
        found = [problem for problem in errors(row) or () if problem.rule in AUTOMATIC]
        if found and (found[0].rule, row.answer("builder")) in UNLIKE_THE_PUBLISHED:
            continue
        if found and not why_not_built(project(row.app), plan(row)):
            reasons.setdefault(found[0].what, Case(found[0].rule, row))
    yield from reasons.values()


def rules() -> set[str]:
    """The names of all rules, from the calls that make a problem."""
    calls = (
        node
        for file in Path(next(iter(tui.core.__path__))).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _MAKERS
    )
    names = (call.args[0] for call in calls if call.args)
    return {str(name.value) for name in names if isinstance(name, ast.Constant)}
