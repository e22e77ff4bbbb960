"""What the cover came to, at the end of a run."""

from __future__ import annotations

from collections import Counter

import pytest

BUILT, RENDERED, REFUSED = "built", "rendered only", "refused"
"""Names of the properties with which a test says what it proved; each has a text or a number."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line: how many rows were built, refused, rendered only and wrong, and the seconds they took."""
    counts: Counter[str] = Counter()
    seconds = 0.0
    wrong = 0
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            if not report.nodeid.startswith("tests/cover/"):
                continue
            seconds += report.duration
            wrong += outcome != "passed"
            for name, value in report.user_properties:
                counts[name] += value if isinstance(value, int) else 1
    if counts or wrong:
        told = ", ".join(f"{counts[name]} {name}" for name in (BUILT, REFUSED, RENDERED))
        terminalreporter.write_sep("=", f"cover: {told}, {wrong} wrong; {seconds:.0f} s of work")
