"""A Git server with HTTPS, a certificate of a CA of its own, and a password."""

from __future__ import annotations

import base64
import contextlib
import functools
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.alone import alone
from tests.engine.conftest import missing
from tests.engine.tlsserver import certified, run, start
from tui.core.inspect import inspect
from tui.core.project import Project

USER, PASSWORD = "builder", "s3cret-t0ken-of-the-test"
MODULE_CODE = 'package greet\n\nfunc Word() string { return "%s" }\n'


@dataclass(frozen=True)
class GitServer:
    """``module`` is the import path of the one module served, which says ``word``.

    ``ca`` and ``netrc`` let one fetch it; below ``direct``, a URL, Git needs nothing but the former.
    """

    address: str
    module: str
    word: str
    ca: Path
    netrc: Path
    direct: str


class _Handler(SimpleHTTPRequestHandler):
    """Files of bare repositories, which is all Git's plain HTTP needs."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {wanted}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def serving(folder: Path, address: str) -> Iterator[GitServer]:
    """The server at that address of this machine, port 443, where Go looks for modules: one at a time."""
    lock = Path(tempfile.gettempdir()) / f"dockwright-test-{address}.lock"
    with alone(lock), _serving(folder, address) as server:
        yield server


@contextlib.contextmanager
def _serving(folder: Path, address: str) -> Iterator[GitServer]:
    if shutil.which("git") is None:
        missing("git is not installed")
    word = uuid.uuid4().hex  # so that no build finds the module in a cache
    module = f"{address}/team/{word}.git"
    repository(folder, module, word)
    ca = certified(folder, address)
    handler = functools.partial(_Handler, directory=str(folder / "served"))
    try:
        server = ThreadingHTTPServer((address, 443), handler)
    except OSError as error:
        missing(f"nothing can listen on {address}:443: {error.strerror}")
    start(server, folder)
    netrc = folder / "netrc"
    netrc.write_text(f"machine {address} login {USER} password {PASSWORD}\n")
    try:
        direct = f"https://{USER}:{PASSWORD}@{address}/"
        yield GitServer(address, module, word, ca, netrc, direct)
    finally:
        server.shutdown()
        server.server_close()


def repository(folder: Path, module: str, word: str) -> None:
    """The module that says ``word`` at v1.0.0, below ``served/team`` in that folder."""
    work, bare = folder / "work", folder / "served" / "team" / f"{word}.git"
    work.mkdir()
    (work / "go.mod").write_text(f"module {module}\n\ngo 1.26\n")
    (work / "greet.go").write_text(MODULE_CODE % word)
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "greet"), ("tag", "v1.0.0")):
        run("git", "-C", str(work), *words)
    run("git", "clone", "-q", "--bare", str(work), str(bare))
    run("git", "-C", str(bare), "update-server-info")
    # Go asks for the path without .git, as Git hosts answer it.
    bare.with_suffix("").symlink_to(bare.name)


_MAIN = """\
package main

import greet "{module}"

func main() {{ println(greet.Word()) }}
"""


def requiring(folder: Path, module: str, direct: str, **environ: str) -> Project:
    """A program below ``folder`` that requires that private module, with its go.sum.

    Below ``direct``, a URL, Git finds it with nothing but ``environ``.
    """
    tree = os.environ.get("DOCKWRIGHT_TEST_GO")
    if not tree:
        missing("DOCKWRIGHT_TEST_GO names no Go tree")
    address = module.partition("/")[0]
    app = folder / "app"
    app.mkdir()
    (app / "go.mod").write_text(f"module example.com/app\n\ngo 1.27\n\nrequire {module} v1.0.0\n")
    (app / "main.go").write_text(_MAIN.format(module=module))
    home = folder / "home"
    home.mkdir()
    environment = {
        "PATH": f"{tree}/bin:/usr/bin:/bin",
        "HOME": str(home),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{direct}.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://{address}/",
        "GOPRIVATE": address,
        "GOFLAGS": "-modcacherw",
        "GOTOOLCHAIN": "local",
        **environ,
    }
    subprocess.run(["go", "mod", "tidy"], cwd=app, env=environment, check=True, capture_output=True)
    return inspect(app)
