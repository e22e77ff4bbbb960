"""What an error's text means and what to change, from ``facts/explain.toml``. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tui.core.text import printable


@dataclass(frozen=True, slots=True)
class Explanation:
    """``what`` happened, ``why``, and what to do (``fix``), as sentences. ``key`` names the entry."""

    key: str
    what: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    pattern: re.Pattern[str]
    what: str
    why: str
    fix: str

    def explain(self, match: re.Match[str]) -> Explanation:
        # A name with _2 is another place the same thing may stand in.
        groups = ((name.partition("_")[0], value) for name, value in match.groupdict().items())
        found = {name: printable(value.strip()) for name, value in groups if value is not None}
        what, why, fix = (text.format_map(found) for text in (self.what, self.why, self.fix))
        return Explanation(self.key, what, why, fix)


def explain(text: str) -> Explanation | None:
    """The first entry whose pattern is found in the text of a build or of a program's output."""
    for entry in _entries():
        if match := entry.pattern.search(text):
            return entry.explain(match)
    return None


@cache
def _entries() -> tuple[_Entry, ...]:
    data = tomllib.loads((Path(__file__).parent / "facts" / "explain.toml").read_text(encoding="utf-8"))
    return tuple(
        _Entry(key, re.compile(entry["pattern"], re.MULTILINE), entry["what"], entry["why"], entry["fix"])
        for key, entry in data.items()
    )
