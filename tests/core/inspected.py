"""Projects that tests write to have them inspected."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.core.inspect import inspect

MAIN = 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n'


PING = Path(__file__).parents[1] / "projects" / "ping"


def write(root: Path, **texts: str | bytes) -> Path:
    """Files by path, where ``__`` stands for a slash and ``_go`` for an ending."""
    for name, text in texts.items():
        path = root / name.replace("__", "/").replace("_mod", ".mod").replace("_go", ".go").replace(
            "_sum", ".sum"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def notes(root: Path) -> list[str]:
    return [note.text for note in inspect(root).notes]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may read everything, so be nobody for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
