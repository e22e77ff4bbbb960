"""What the cover came to, at the end of a run."""

from __future__ import annotations

from collections import defaultdict

import pytest

BUILT, RENDERED, REFUSED = "built", "rendered only", "refused"
"""Names of the properties with which a test says what it proved; each has a text or a number."""

SAME, RUN, SECONDS, NOT_TAKEN = "the same", "run", "seconds", "not taken: "
"""The same of rows the embedded engine carried out too; the last is the beginning of a reason."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many rows were built, refused, rendered only and wrong, and the seconds they took.

    Then come the questions whose answers are not all built, each with the tests that try it, how many
    rows the embedded engine made too, and why it took no others.
    """
    counts: dict[str, float] = defaultdict(int)
    seconds = 0.0
    wrong = 0
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            is_run = isinstance(report, pytest.TestReport)  # not what could not be collected
            if not is_run or not report.nodeid.startswith("tests/cover/"):
                continue
            seconds += report.duration
            wrong += outcome != "passed"
            for name, value in report.user_properties:
                counts[name] += 1 if isinstance(value, str) else value
    if counts or wrong:
        told = ", ".join(f"{counts[name]} {name}" for name in (BUILT, REFUSED, RENDERED))
        terminalreporter.write_sep("=", f"cover: {told}, {wrong} wrong; {seconds:.0f} s of work")
        _tell_what_is_not_varied(terminalreporter)
    if counts[SAME]:
        told = f"{counts[SAME]} rows {SAME}, {counts[RUN]} {RUN}; {counts[SECONDS]:.0f} s of work"
        terminalreporter.write_sep("=", f"embedded engine: {told}")
        for name in sorted(name for name in counts if name.startswith(NOT_TAKEN)):
            terminalreporter.write_line(f"{counts[name]} {name}")


def _tell_what_is_not_varied(terminalreporter: pytest.TerminalReporter) -> None:
    # Every test run imports this file, and few the model.
    from tests.cover.model import NOT_VARIED, RENDERED_ONLY

    for key, (why, test) in NOT_VARIED.items():
        terminalreporter.write_line(f"not varied: {key}, {why} ({test})")
    for key, why in RENDERED_ONLY.items():
        terminalreporter.write_line(f"rendered only: {key}, {why}")
