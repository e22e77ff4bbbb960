"""How a figure is printed: the ratio, its aim, and the measured values it comes from."""

from __future__ import annotations

from statistics import median, quantiles


def row(name: str, value: float, unit: str, aim: float, rests_on: str) -> str:
    """One line of the table; a missed aim says so in words."""
    verdict = "met" if value <= aim else "MISSED"
    return f"{name:<46} {value:7.2f} {unit:<3} aim ≤ {aim:g}  {verdict:<7} {rests_on}"


def spread(samples: list[float], unit: str = "ms", factor: float = 1000) -> str:
    """Median and range of seconds."""
    low, middle, high = min(samples), median(samples), max(samples)
    return f"{middle * factor:.0f} {unit} ({low * factor:.0f}–{high * factor:.0f}, n={len(samples)})"


def ninetieth(samples: list[float]) -> float:
    """The 90th percentile."""
    return quantiles(samples, n=10)[-1]
