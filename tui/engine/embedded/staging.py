"""What COPY and WORKDIR make on top of a base's files, as BuildKit carries them out.

Seen on BuildKit 0.8 (Engine 20.10) and compared with its builds in ``tests/engine/embedded``:
a destination's links are followed, links inside a copied folder are not; a copied folder passes its mode
and owner on to folders that are there already, but for the destination itself.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.layer import NewEntry
from tui.engine.embedded.tree import DIRECTORY, LINK, Entry, Tree, resolve

Owner = tuple[int, int]
"""uid, gid."""

ROOT_OWNER: Owner = (0, 0)
FOLDER_MODE = 0o755


@dataclass(slots=True)
class _Staged:
    entry: NewEntry
    group: int


class Staging:
    """New entries above ``base``. What is copied after ``begin(group)`` belongs to that group."""

    def __init__(self, base: Tree) -> None:
        self._base = base
        self._new: dict[str, _Staged] = {}
        self._group = 0

    def begin(self, group: int) -> None:
        """Which layer the following entries are for; 0 is the lowest."""
        self._group = group

    def layers(self) -> list[tuple[int, list[NewEntry]]]:
        """Each group that has entries; a new folder comes with the first that needs it."""
        for path in list(self._new):
            group, folder = self._new[path].group, posixpath.dirname(path)
            while folder in self._new and self._new[folder].group > group:
                self._new[folder].group = group
                folder = posixpath.dirname(folder)
        groups = sorted({staged.group for staged in self._new.values()})
        return [
            (group, [staged.entry for staged in self._new.values() if staged.group == group])
            for group in groups
        ]

    def make_folder(self, path: str, owner: Owner = ROOT_OWNER) -> str:
        """Where that folder is, made with its parents where they are missing. Raises EngineError."""
        place = self._resolve(path)
        missing = []
        step = place
        while (there := self._at(step)) is None:
            missing.append(step)
            step = posixpath.dirname(step)
        if there.kind != DIRECTORY:
            raise _in_the_way(step, "a file")
        for each in reversed(missing):
            self._put(NewEntry(each, DIRECTORY, FOLDER_MODE, *owner))
        return place

    def copy_file(self, entry: NewEntry) -> None:
        """COPY of one file to the path it has: a link there is followed."""
        self.make_folder(posixpath.dirname(entry.path))
        place = self._resolve(entry.path)
        self.make_folder(posixpath.dirname(place))
        self._replace(place, entry)

    def copy_into(self, folder: str, entries: list[NewEntry]) -> None:
        """COPY of a folder's content; the entries' paths are relative, parents first."""
        place = self.make_folder(folder)
        for entry in entries:
            self._replace(posixpath.join(place, entry.path), entry)

    def _replace(self, place: str, entry: NewEntry) -> None:
        there = self._at(place)
        if there and (there.kind == DIRECTORY) != (entry.kind == DIRECTORY):
            raise _in_the_way(place, "a folder" if there.kind == DIRECTORY else "a file or link")
        new = replace(entry, path=place)
        if not (isinstance(there, Entry) and _is_same_folder(there, new)):
            self._put(new)

    def _put(self, entry: NewEntry) -> None:
        self._new[entry.path] = _Staged(entry, self._group)

    def _at(self, path: str) -> NewEntry | Entry | None:
        staged = self._new.get(path)
        return staged.entry if staged else self._base.entries.get(path)

    def _resolve(self, path: str) -> str:
        return resolve(path, self._link)

    def _link(self, path: str) -> str:
        there = self._at(path)
        return there.link if there and there.kind == LINK else ""


def _is_same_folder(there: Entry, new: NewEntry) -> bool:
    same = (there.mode, there.uid, there.gid) == (new.mode, new.uid, new.gid)
    return new.kind == DIRECTORY and same


def _in_the_way(path: str, what: str) -> EngineError:
    return EngineError(
        f"{printable(path)} cannot be put into the image.",
        f"The base image has {what} there.",
        "Choose another base image or another path.",
    )
