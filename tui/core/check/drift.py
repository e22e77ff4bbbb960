"""One thing in which the files on disk and the project no longer agree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """``what`` and ``fix`` are sentences that may hold any character of the project's files.

    ``file`` is relative to the project, ``line`` counts from 1.
    """

    rule: str
    file: str
    line: int
    what: str
    fix: str
