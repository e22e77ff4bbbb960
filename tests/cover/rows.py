"""What a row is, and where rows are kept: finding them takes many seconds, and all workers need them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.alone import alone

_ROOT = Path(__file__).parents[2]
_SOURCES = ("tui/core", "templates", "tests/cover", "tests/projects/apps")

Value = str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One combination. ``answers`` are (key, text) of what is not left to its default."""

    app: str
    answers: tuple[tuple[str, str], ...]

    def answer(self, key: str) -> Value:
        return dict(self.answers).get(key)


def remembered(find: Callable[[], tuple[Row, ...]]) -> Callable[[], tuple[Row, ...]]:
    """``find``, whose rows are read from a file as long as no source changes."""

    def rows() -> tuple[Row, ...]:
        file = Path(tempfile.gettempdir()) / f"dockwright-{find.__name__}-{os.getuid()}-{_state()}.json"
        # One searches, the others wait for it: they would only take the processors from each other.
        with alone(file.with_suffix(".lock")):
            if not file.exists():
                found = [[row.app, row.answers] for row in find()]
                draft = file.with_suffix(".part")
                draft.write_text(json.dumps(found))
                draft.replace(file)
        return tuple(
            Row(app, tuple((key, text) for key, text in answers))
            for app, answers in json.loads(file.read_text())
        )

    return rows


def _state() -> str:
    """A digest of everything the rows follow from."""
    digest = hashlib.sha256(os.environ.get("DOCKWRIGHT_TEST_IMAGES", "").encode())
    for path in sorted(_files()):
        digest.update(f"{path.relative_to(_ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for folder in _SOURCES:
        for path in (_ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                yield path
