"""What inspecting found, for machines (``inspect --json``) and for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from tui.core.findings import Finding, findings
from tui.core.project import CERTAIN, GUESS, LIKELY, Evidence, Project
from tui.core.text import columns, printable, wrapped

SCHEMA_VERSION = 1
SCHEMA = Path(__file__).parent / "facts" / "inspect.schema.json"
"""The JSON Schema that ``as_json`` keeps to; a change that is no mere addition raises the version."""

WIDTH = 80
_INDENT = 13
_SHOWN = 6
_STYLES = {CERTAIN: "32", LIKELY: "33", GUESS: "35", "topic": "1", "place": "2"}


def as_json(project: Project) -> dict[str, Any]:
    """The project's fields, and its findings, as JSON-ready values without control characters."""
    return {
        "schema_version": SCHEMA_VERSION,
        **_value(project),
        "context": printable(str(project.context or project.root)),
        "main": _value(project.main),
        "findings": [_value(finding) for finding in findings(project)],
    }


def as_text(project: Project, width: int = WIDTH, colour: bool = False) -> str:
    """A finding a line, with where it was seen and how sure that is, and below it what it means.

    Only a single word makes a line longer than ``width`` columns.
    """
    page = _Page(width, colour)
    for topic, found in groupby(findings(project), key=lambda finding: finding.topic):
        page.topic(topic, list(found))
    for note in project.notes:
        where = f" ({note.evidence})" if note.evidence and str(note.evidence) not in note.text else ""
        page.lines.append("")
        page.rows("note", wrapped(printable(note.text + where), page.room))
    return "\n".join(page.lines) + "\n"


class _Page:
    """Lines with a column of topics; ``room`` is the width beside it."""

    def __init__(self, width: int, colour: bool) -> None:
        self.room = width - _INDENT
        self.colour = colour
        self.lines: list[str] = []

    def topic(self, topic: str, found: list[Finding]) -> None:
        """All of one topic. What several in a row mean stands once, below the last of them."""
        shown = found[:_SHOWN]
        for number, finding in enumerate(shown):
            self.rows("" if number else topic, self._finding(finding))
            following = shown[number + 1].means if number + 1 < len(shown) else ""
            if finding.means and finding.means != following:
                first, *rest = wrapped(printable(finding.means), self.room - 2)
                self.rows("", [f"→ {first}", *(f"  {line}" for line in rest)])
        if len(found) > len(shown):
            self.rows("", [f"and {len(found) - len(shown)} more; --json has them all"])

    def rows(self, topic: str, texts: Iterable[str]) -> None:
        """Lines beside a topic."""
        for number, text in enumerate(texts):
            head = "" if number else topic
            self.lines.append(self._painted(head, "topic") + " " * (_INDENT - columns(head)) + text)

    def _finding(self, finding: Finding) -> list[str]:
        lines = wrapped(printable(finding.text), self.room)
        if finding.evidence is None:
            return lines
        place, sure = printable(str(finding.evidence)), finding.evidence.confidence
        used = columns(lines[-1])
        if used + columns(f"  {place}  {sure}") > self.room:
            lines.append("")
            used = -2
        lines[-1] += "  " * (used >= 0) + self._painted(place, "place")
        if used + columns(f"  {place}  {sure}") > self.room:
            lines.append("")
        lines[-1] += "  " * bool(lines[-1]) + self._painted(sure, sure)
        return lines

    def _painted(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and text else text


def _value(value: Any) -> Any:
    """A dataclass as a dictionary, a tuple as a list, text and paths without control characters."""
    if isinstance(value, str | Path):
        return printable(str(value))
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if is_dataclass(value):
        found = {field.name: _value(getattr(value, field.name)) for field in fields(value)}
        return found | ({"confidence": value.confidence} if isinstance(value, Evidence) else {})
    return value
