"""BuildKit's names of build steps, taken apart and shortened to what a person recognises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PREFIX = re.compile(r"^\[(?P<inside>[^\]]*)\]\s*")
_NUMBER = re.compile(r"^(\d+)/\d+$")
_EXPORT = (
    "exporting",
    "importing to docker",
    "sending tarball",
    "naming to",
    "unpacking to",
    "writing image",
    "pushing",
)
_ONLY = "stage-0"
"""BuildKit's name of an unnamed stage, which it leaves out when there is no other."""
_FINAL = re.compile(r"^(stage-\d+|final)$")

# What is left out of a title, in this order: mounts and other flags of the instruction, variables in
# front of a command, a digest, registries everybody knows, and the go command's own flags.
_NOISE = (
    (re.compile(r"^(\w+)((?:\s+--[\w-]+=\S+)+)"), r"\1"),
    (re.compile(r"^(RUN)((?:\s+\w+=(?:\"[^\"]*\"|'[^']*'|\S*))+)(?=\s)"), r"\1"),
    (re.compile(r"@sha256:[0-9a-f]+"), ""),
    (re.compile(r"\bdocker\.io/(library/)?|\bgcr\.io/(?=distroless/)"), ""),
)
_GO_FLAG = re.compile(r"\s-(?:o\s+\S+|\w+(?:=(?:\"[^\"]*\"|'[^']*'|\S+))?)")


@dataclass(frozen=True, slots=True)
class StepName:
    """``stage`` is empty for BuildKit's own steps; ``number`` is the place in the stage, 0 unknown."""

    stage: str
    number: int
    text: str


@lru_cache(maxsize=1024)
def parse(name: str, stage: str = "") -> StepName:
    """``[linux/amd64 build 2/6] WORKDIR /src`` into its parts; ``stage`` wins when it is given."""
    match = _PREFIX.match(name)
    if match is None:
        return StepName(stage, 0, " ".join(name.split()))
    words = [word for word in match["inside"].split() if "/" not in word or _NUMBER.match(word)]
    text = " ".join(name[match.end() :].split())
    if not words or not _NUMBER.match(words[-1]):
        internal = not words or words[0] in ("internal", "auth")
        return StepName(stage or ("" if internal else words[0]), 0, text)
    number = int(words[-1].partition("/")[0])
    return StepName(stage or (words[0] if len(words) > 1 else _ONLY), number, text)


def title(text: str) -> str:
    """A short title: ``RUN --mount=… go build -o /out/x ./cmd/x`` is ``RUN go build ./cmd/x``."""
    for pattern, kept in _NOISE:
        text = pattern.sub(kept, text, count=1)
    if text.startswith(("RUN go build", "RUN go install", "RUN go mod")):
        text = _GO_FLAG.sub("", text)
    return text


def layer(instruction: str) -> str:
    """An instruction of an image's history: ``COPY /out/x /usr/local/bin/x # buildkit`` is ``COPY x``."""
    text = instruction.removesuffix("# buildkit").strip()
    text = text.removeprefix("/bin/sh -c ").removeprefix("#(nop)").strip()
    words = title(text).split()
    if len(words) > 2 and words[0] in ("COPY", "ADD"):
        path = words[-2] if words[-1].endswith("/") and words[-2] != "in" else words[-1]
        return f"{words[0]} {path.rstrip('/').rpartition('/')[2] or path}"
    return " ".join(words)


def is_export(text: str) -> bool:
    """Whether the step writes the finished image."""
    return text.startswith(_EXPORT)


def is_final(stage: str) -> bool:
    """Whether a stage of this name is the last one of a Dockerfile that does not name it."""
    return bool(_FINAL.match(stage))
