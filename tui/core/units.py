"""Sizes and times as people read them."""

from __future__ import annotations

_STEPS = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"))


def size(count: int | None) -> str:
    """Bytes in decimal units as registries and docker count them: ``8.9 MB``; ``–`` for None."""
    if count is None:
        return "–"
    for factor, unit in _STEPS:
        if count >= factor * 0.99995:
            return f"{count / factor:.1f} {unit}"
    if count >= 100_000:
        return f"{count / 1e6:.1f} MB"
    return f"{count / 1e3:.0f} kB" if count >= 1000 else f"{count} B"


def seconds(value: float | None) -> str:
    """A duration in seconds: ``0.3 s``, ``18.2 s``, ``1:12``, ``1:02:05``; ``–`` for None."""
    if value is None:
        return "–"
    return f"{value:.1f} s" if value < 59.95 else clock(value)


def clock(value: float) -> str:
    """A duration in seconds that ticks: ``0:07``, ``1:12``, ``1:02:05``."""
    minutes, rest = divmod(max(0, int(value)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def smaller(now: int, before: int) -> str:
    """By how much ``now`` is smaller than ``before``: ``99.1 % smaller``; it never rounds to 100."""
    if before <= 0 or now >= before:
        return "not smaller"
    return f"{min(99.9, round((1 - now / before) * 100, 1))} % smaller"
