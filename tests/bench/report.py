"""How a figure is printed: the ratio, its aim, and the measured values it comes from."""

from __future__ import annotations

from statistics import median, quantiles


def row(name: str, value: float, unit: str, aim: float | None, rests_on: str) -> str:
    """One line of the table; a missed aim says so in words, and what is only compared with has none."""
    verdict = "" if aim is None else f"aim ≤ {aim:g}  {'met' if value <= aim else 'MISSED'}"
    return f"{name:<55} {value:7.2f} {unit:<3} {verdict:<17} {rests_on}"


def spread(samples: list[float], unit: str = "ms", factor: float = 1000) -> str:
    """Median and range of seconds."""
    low, middle, high = min(samples), median(samples), max(samples)
    return f"{middle * factor:.0f} {unit} ({low * factor:.0f}–{high * factor:.0f}, n={len(samples)})"


def ninetieth(samples: list[float]) -> float:
    """The 90th percentile."""
    return quantiles(samples, n=10)[-1]
