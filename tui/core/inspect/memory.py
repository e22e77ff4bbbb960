"""Remembers what was found in a large project, in the user's cache folder, for as long as nothing changed.

One file for each project that was looked at: what its inspection saw with the signatures of all that, and
the result. Any doubt, such as a file that is damaged, of another version or not this user's, means looking
again.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tui.core.inspect import stored
from tui.core.inspect.seen import Seen, look, signature
from tui.core.project import Project
from tui.core.validate import Invalid

_MOST_FILES = 20
_LARGEST = 32 * 1024 * 1024
_CORE = Path(__file__).parents[1]


def recall(root: Path, asked: object) -> Project | None:
    """What was found in ``root`` before, when every place it was found in is as it was.

    ``asked`` is all that the result depends on beside the disk.
    """
    try:
        plain = _read(_file(root, asked))
        if plain is None or not all(_is_same(path, known) for path, known in plain["seen"].items()):
            return None
        project = stored.from_plain(Project, plain["project"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Invalid):
        return None
    assert isinstance(project, Project)
    is_here = project.root == root and (project.context is None or root.is_relative_to(project.context))
    return project if is_here else None


def keep(root: Path, asked: object, seen: Seen, project: Project) -> None:
    """Writes down what was found. A full disk costs the next look its speed, nothing else."""
    plain = {"project": stored.to_plain(project), "seen": seen.places}
    text = json.dumps(plain, separators=(",", ":")).encode()
    if len(text) < _LARGEST:
        with suppress(OSError):
            _write(_file(root, asked), text)


def _file(root: Path, asked: object) -> Path:
    from platformdirs import user_cache_path

    above = [(folder / ".git").exists() for folder in (root, *root.parents)]
    key = repr((str(root), asked, above, os.environ.get("HOME"), _code()))
    name = _digest(key.encode("utf-8", "surrogateescape"))
    return Path(user_cache_path("dockwright")) / "projects" / f"{name}.json"


def _read(path: Path) -> dict[str, Any] | None:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.geteuid() or status.st_mode & 0o022 or status.st_size > _LARGEST:
            return None
        digest, _, text = file.read(_LARGEST).partition(b"\n")
    if digest.decode("ascii") != _digest(text):
        return None
    with suppress(OSError):
        os.utime(path)
    plain = json.loads(text)
    return plain if isinstance(plain, dict) else None


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_digest(text).encode() + b"\n" + text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    kept = sorted(path.parent.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for old in kept[_MOST_FILES:]:
        old.unlink(missing_ok=True)


def _is_same(path: str, known: object) -> bool:
    status = look(path)
    return known == (None if status is None else list(signature(status)))


def _code() -> list[tuple[str, int, int]]:
    """The state of the code and tables that inspect: with others the result may be another."""
    files = (entry for folder in ("inspect", "facts") for entry in (_CORE / folder).rglob("*.*"))
    code = (path for path in (*files, _CORE / "project.py") if path.suffix in (".py", ".toml"))
    return sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in code)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
