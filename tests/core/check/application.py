"""The application that is checked, its Dockerfile by hand, and one that is generated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.cli import main

Check = Callable[..., tuple[int, str]]


MAIN = """package main

import (
\t_ "embed"
\t"net/http"
)

//go:embed hello.txt
var hello string

func main() { _ = http.ListenAndServe(":8080", nil) }
"""


RUN = "RUN CGO_ENABLED=0 go build -o /app ./cmd/server"


BY_HAND = """# by hand
FROM golang:1.27-alpine AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN CGO_ENABLED=0 go build -o /app ./cmd/server

FROM scratch
COPY --from=build /app /app
EXPOSE 8080
ENTRYPOINT ["/app"]
"""


def generate(app: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> None:
    assert main(["generate", str(app), "--write", "--force", *flags]) == 0
    capsys.readouterr()
