"""The .dockerignore matcher against answers of moby/patternmatcher 0.6.1 itself.

``patternmatcher.json`` holds what ``ignorefile.ReadAll`` and ``MatchesOrParentMatches`` said for
each text and path; ``null`` stands for a text they refuse.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui.core.ignore import BadPattern, Ignore

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("patternmatcher.json").read_text())


def test_the_cases_hold_both_answers() -> None:
    answers = [answer for case in CASES for answer in (case["ignored"] or {}).values()]
    assert min(answers.count(True), answers.count(False)) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"]))
def test_decides_like_moby(case: dict[str, Any]) -> None:
    if case["ignored"] is None:
        with pytest.raises(BadPattern):
            Ignore(case["text"])
        return
    ignore = Ignore(case["text"])
    assert {path: path in ignore for path in case["ignored"]} == case["ignored"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"]))
def test_nothing_below_a_pruned_directory_is_kept(case: dict[str, Any]) -> None:
    if case["ignored"] is None:
        return
    ignore = Ignore(case["text"])
    for path, ignored in case["ignored"].items():
        parts = path.split("/")
        parents = ["/".join(parts[:count]) for count in range(1, len(parts))]
        assert ignored or not any(parent in ignore and ignore.prunes(parent) for parent in parents)
