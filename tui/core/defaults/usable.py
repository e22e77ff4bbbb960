"""Proposals that a question would take: names of the project may be none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tui.core import validate


def each(parse: Callable[[str], str], texts: Iterable[str]) -> tuple[str, ...]:
    """Those that are answers, each once: what a project says is checked as what a person types."""
    return tuple(dict.fromkeys(text for text in texts if usable(parse, text, "")))


def usable(parse: Callable[[str], Any], text: str, fallback: str) -> Any:
    """What a person's answer of that text would be; the fallback where it is none."""
    try:
        return parse(text)
    except validate.Invalid:
        return fallback
