"""The files on disk that are checked, read safely, and what is wrong with those that are no text."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.core.check.drift import Drift
from tui.core.inspect import facts
from tui.core.inspect.files import Reader
from tui.core.project import Project

BINARY = "no text"
MOST_LINES = 5000
TOO_LONG = f"more than {MOST_LINES} lines"


@dataclass(slots=True)
class Texts:
    """Text files below the project, each read once; ``unusable`` says why some could not be."""

    project: Project
    unusable: list[Drift] = field(default_factory=list)
    _known: dict[str, str | None] = field(default_factory=dict)

    def read(self, path: str) -> str | None:
        """The text; None when it is not there or not usable."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def dockerfile(self) -> str:
        """The name of the Dockerfile: the usual one, unless only another is there."""
        names = facts.deployment().dockerfiles
        return next((name for name in names if not self.is_missing(name)), names[0])

    def is_missing(self, path: str) -> bool:
        """Whether there is nothing at that path."""
        return self.read(path) is None and all(drift.file != path for drift in self.unusable)

    def _read(self, path: str) -> str | None:
        reader = Reader(self.project.root)
        data = reader.read(path)
        why = next(iter(reader.left_out), "")
        try:
            text = (data or b"").decode("utf-8")
            why = BINARY if "\0" in text else TOO_LONG if text.count("\n") > MOST_LINES else why
        except UnicodeDecodeError:
            why = BINARY
        if why:
            what = f"{path} cannot be checked: {why}."
            fix = "Put a readable text there, or remove it and write it anew: dockwright generate --write."
            self.unusable.append(Drift("unusable", path, 1, what, fix))
        return None if data is None or why else text
