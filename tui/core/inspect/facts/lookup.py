"""Facts by import path and by name, and how they are read from ``tui/core/facts/*.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

_FACTS = Path(__file__).parents[2] / "facts"
_MAJOR = re.compile(r"/v\d+(?=/|$)|\.v\d+(?=/|$)")
T = TypeVar("T")


def unversioned(path: str) -> str:
    """An import path without its major version, ``/v2`` or ``.v2``."""
    if "/v" not in path and ".v" not in path:
        return path
    return _MAJOR.sub("", path)


def unversioned_name(name: str) -> str:
    """``import/path.Name`` without the package's major version."""
    package, _, last = name.rpartition(".")
    return f"{unversioned(package)}.{last}"


class ByImport(Generic[T]):
    """Facts by import path: a fact about a path holds for every package below it and every /vN.

    A fact about one major version comes before that.
    """

    def __init__(self, facts: Iterable[tuple[str, T]]) -> None:
        self._exact = dict(facts)
        self._facts = {unversioned(path): fact for path, fact in reversed(self._exact.items())}
        self._asked: dict[str, T | None] = {}

    def get(self, path: str) -> T | None:
        """The fact of the longest path that covers ``path``."""
        if path not in self._asked:
            fact = _longest(self._exact, path) or _longest(self._facts, unversioned(path))
            self._asked[path] = fact
        return self._asked[path]


def _longest(facts: Mapping[str, T], path: str) -> T | None:
    while path:
        if path in facts:
            return facts[path]
        path = path.rpartition("/")[0]
    return None


class ByName(Generic[T]):
    """Facts by ``import/path.Name``, in every major version of the package."""

    def __init__(self, facts: Iterable[tuple[str, T]]) -> None:
        self._facts = dict(facts)

    def get(self, name: str) -> T | None:
        """The fact of a qualified name."""
        return self._facts.get(unversioned_name(name))

    def all(self) -> Iterable[T]:
        """Every fact."""
        return self._facts.values()

    def names(self) -> Iterable[str]:
        """Their ``import/path.Name``."""
        return self._facts.keys()


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FACTS / f"{name}.toml").read_text(encoding="utf-8"))
