"""Debian's OpenSSH in front of a Git repository: a host key, and one key that it lets in."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.engine.conftest import missing
from tests.engine.gitserver import repository
from tests.engine.tlsserver import run

SSHD = "/usr/sbin/sshd"
ANSWERS_WITHIN = 10
"""Seconds."""

_CONFIGURATION = """\
ListenAddress {address}:22
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin forced-commands-only
"""
_SERVE = """\
#!/bin/sh
exec git upload-pack "{folder}/served/team/$(basename "$SSH_ORIGINAL_COMMAND" "'")"
"""


@dataclass(frozen=True)
class SshServer:
    """``module`` is the import path of the one module served, which says ``word``.

    ``home`` has a known_hosts with the server's key, ``agent`` is the socket of an agent with the key
    that it lets in. Below ``direct``, a URL, Git finds the repositories without it.
    """

    address: str
    module: str
    word: str
    home: Path
    agent: Path
    direct: str


@contextlib.contextmanager
def serving(folder: Path, address: str) -> Iterator[SshServer]:
    """The server at that address of this machine, port 22."""
    for program in ("git", "ssh-agent", "unshare"):
        if shutil.which(program) is None:
            missing(f"{program} is not installed")
    if not Path(SSHD).exists():
        missing("openssh-server is not installed")
    word = uuid.uuid4().hex  # so that no build finds the module in a cache
    module = f"{address}/team/{word}.git"
    repository(folder, module, word)
    home = folder / "home-of-ssh"
    (home / ".ssh").mkdir(parents=True)
    with _agent(folder) as agent, _sshd(folder, address):
        host = (folder / "host.pub").read_text().split()
        (home / ".ssh" / "known_hosts").write_text(f"{address} {host[0]} {host[1]}\n")
        yield SshServer(address, module, word, home, agent, f"file://{folder}/served/")


@contextlib.contextmanager
def _agent(folder: Path) -> Iterator[Path]:
    """An agent with a new key, which the server is told."""
    for name in ("host", "user"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(folder / name))
    serve = folder / "serve"
    serve.write_text(_SERVE.format(folder=folder))
    serve.chmod(0o755)
    public = (folder / "user.pub").read_text()
    (folder / "authorized").write_text(f'restrict,command="{serve}" {public}')
    with contextlib.ExitStack() as ending:
        # The path of a socket has 107 bytes at most.
        short = Path(f"/tmp/dockwright-agent-{os.getpid()}")
        short.unlink(missing_ok=True)
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(short)], stdout=subprocess.DEVNULL)
        ending.callback(_end, agent)
        _await(short.exists, agent)
        environment = {**os.environ, "SSH_AUTH_SOCK": str(short)}
        subprocess.run(["ssh-add", "-q", str(folder / "user")], env=environment, check=True)
        yield short


@contextlib.contextmanager
def _sshd(folder: Path, address: str) -> Iterator[None]:
    """It sees a user called git, whom this machine need not have."""
    passwd, configuration = folder / "passwd", folder / "sshd_config"
    passwd.write_text(Path("/etc/passwd").read_text() + "git:x:0:0::/:/bin/sh\n")
    configuration.write_text(_CONFIGURATION.format(folder=folder, address=address))
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    script = f'mount --bind "{passwd}" /etc/passwd && exec {SSHD} -D -e -f "{configuration}"'
    with (folder / "sshd.log").open("wb") as log:
        server = subprocess.Popen(["unshare", "--mount", "sh", "-c", script], stderr=log)
    try:
        _await(lambda: _answers(address), server)
        yield
    finally:
        _end(server)


def _answers(address: str) -> bool:
    try:
        socket.create_connection((address, 22), timeout=1).close()
    except OSError:
        return False
    return True


def _await(is_there: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        if is_there():
            return
        time.sleep(0.02)
    missing(f"{process.args!r} does not start here")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()
