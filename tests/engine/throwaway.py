"""A docker engine for one test: it may be killed, and its disk is small."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import docker

from tests.engine.conftest import missing

# Namespaces of its own keep its bridge and its processes from the machine's; all of them end with it.
SCRIPT = """
mount -t tmpfs -o size={megabytes}m tmpfs {folder}/data
ip link set lo up
exec dockerd --host unix://{folder}/engine.sock --data-root {folder}/data --exec-root {folder}/exec \
    --pidfile {folder}/pid --storage-driver overlay2 >{folder}/log 2>&1
"""


class Throwaway:
    """The engine; ``url`` is its DOCKER_HOST. Needs root and Debian's docker.io."""

    def __init__(self, megabytes: int) -> None:
        if os.geteuid() != 0 or shutil.which("dockerd") is None:
            missing("a throw-away engine needs root and dockerd")
        self._folder = tempfile.TemporaryDirectory(prefix="dw-")  # a socket's path must be short
        folder = Path(self._folder.name)
        (folder / "data").mkdir()
        self.url = f"unix://{folder}/engine.sock"
        script = SCRIPT.format(folder=folder, megabytes=megabytes)
        namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self._process = subprocess.Popen(["unshare", *namespaces, "sh", "-euc", script])
        self.client = self._connected(folder)

    def _connected(self, folder: Path) -> Any:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                return docker.APIClient(base_url=self.url, version="auto", timeout=30)
            except docker.errors.DockerException:
                time.sleep(0.2)
        raise AssertionError((folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """End it and everything it started, at once."""
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()
