"""The proposed answer to a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui.core.project import Evidence


@dataclass(frozen=True, slots=True)
class Default:
    """A proposal, why it is one (a sentence without its full stop), and where that was seen.

    ``also`` are further places that show it.
    """

    value: Any
    reason: str
    evidence: Evidence | None = None
    also: tuple[Evidence, ...] = ()

    @property
    def seen(self) -> tuple[Evidence, ...]:
        """Every place that shows it, each line once, the telling one first."""
        once: dict[str, Evidence] = {}
        for place in (self.evidence, *self.also) if self.evidence else ():
            once.setdefault(str(place), place)
        return tuple(once.values())
