"""What BuildKit's checks and hadolint find in Dockerfiles, many at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tui.core.dockerfile import without_frontend

HADOLINT = str(Path(sys.executable).with_name("hadolint"))
PRESENT = "debian:trixie-slim"
"""The image that stands for every other: the checks read the text alone, but resolve each FROM."""

AT_ONCE = 40
"""Files in one call: an engine closes connections when it is asked for hundreds at a time."""

ALLOWED = {
    "DL3002": ("USER 0:", "root is the answer, and there is a warning"),
    "DL3008": (
        "install -y --no-install-recommends",
        "a pinned version is gone as soon as Debian replaces the package",
    ),
    "DL3007": ("cgr.dev/", "Chainguard's free images have no other tag"),
    "DL3066": ("USER Container", "Windows has names for users and no numbers"),
    "DL3018": ("apk add", "a pinned version is gone as soon as Alpine rebuilds the package"),
    "DL3064": ("ENV GOPRIVATE", "it holds names of hosts; credentials are mounted"),
}
"""What hadolint finds on purpose: in files that hold this text, for this reason."""

Findings = dict[str, set[str]]
"""Codes by the name of the Dockerfile; those without a finding are left out."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A Dockerfile and the references of its FROMs."""

    text: str
    references: tuple[str, ...] = ()


def hadolint(files: Mapping[str, Checked], folder: Path) -> Findings:
    """What hadolint finds in these texts by name."""
    for name, checked in files.items():
        (folder / name).write_text(checked.text)
    command = [HADOLINT, "--no-fail", "--format", "json", *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found: Findings = {}
    for finding in json.loads(done.stdout):
        found.setdefault(finding["file"], set()).add(finding["code"])
    return found


def buildkit(files: Mapping[str, Checked], folder: Path, host: str) -> Findings:
    """What the checks of that engine's BuildKit find."""
    found: Findings = {}
    left = iter(files.items())
    while some := dict(islice(left, AT_ONCE)):
        found |= _buildkit(some, folder, host)
    return found


def _buildkit(files: Mapping[str, Checked], folder: Path, host: str) -> Findings:
    targets = {
        name: {
            "context": ".",
            "dockerfile-inline": without_frontend(checked.text).replace("${", "$${"),
            "contexts": {_name(reference): f"docker-image://{PRESENT}" for reference in checked.references},
        }
        for name, checked in files.items()
    }
    bake = {"group": {"default": {"targets": list(targets)}}, "target": targets}
    (folder / "docker-bake.json").write_text(json.dumps(bake))
    done = subprocess.run(
        ["docker", "buildx", "bake", "--call=check,format=json"],
        cwd=folder,
        env={**os.environ, "DOCKER_HOST": host},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found: Findings = {}
    for name, target in json.loads(done.stdout)["target"].items():
        check = target["check"]
        codes = {warning["ruleName"] for warning in check["warnings"] or ()}
        if "error" in check:
            codes.add(check["error"])
        if codes:
            found[name] = codes
    return found


def _name(reference: str) -> str:
    """How BuildKit looks a reference up among the named contexts."""
    return reference.removesuffix(":latest")
