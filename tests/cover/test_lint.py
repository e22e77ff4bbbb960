"""BuildKit and hadolint find nothing in what is rendered: every row of the cover, every golden file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cover import lint
from tests.cover.applications import project
from tests.cover.model import built_rows, plan, rendered_rows
from tests.cover.report import RENDERED
from tests.engine.conftest import combinations, find, missing
from tests.golden.test_golden import CASES, planned
from tui.core.render import references, render

CHECKER = "docker-28"
"""The engine whose BuildKit tells what its checks find."""

BAD = lint.Checked(
    "FROM golang:latest as base\nRUN cd /src && go build .\nCMD /src/app\n", ("golang:latest",)
)


@pytest.fixture(scope="module")
def rendered() -> dict[str, lint.Checked]:
    """Each text once."""
    rows = ((project(row.app), plan(row)) for row in (*built_rows(), *rendered_rows()))
    files: dict[str, lint.Checked] = {}
    for made in (*rows, *map(planned, CASES)):
        dockerfile, *_ = render(*made)
        files.setdefault(dockerfile.text, lint.Checked(dockerfile.text, references(*made)))
    return {f"file-{number}": checked for number, checked in enumerate(files.values())}


def test_hadolint_finds_nothing(
    rendered: dict[str, lint.Checked], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = lint.hadolint(rendered, tmp_path)
    pairs = {(code, rendered[name].text) for name, codes in found.items() for code in codes}
    allowed = lint.ALLOWED
    assert [(code, text) for code, text in pairs if code not in allowed or allowed[code][0] not in text] == []
    assert {code for code, _ in pairs} == allowed.keys()
    record_property(RENDERED, len(rendered_rows()))


@pytest.fixture
def checker() -> str:
    """The DOCKER_HOST of an engine that tells what it finds."""
    if (CHECKER, "buildx") not in combinations():
        missing(f"DOCKWRIGHT_TEST_ENGINES does not name {CHECKER}")
    return find(CHECKER).url


def test_buildkit_finds_nothing(rendered: dict[str, lint.Checked], tmp_path: Path, checker: str) -> None:
    assert lint.buildkit(rendered, tmp_path, checker) == {}


def test_hadolint_finds_what_is_wrong(tmp_path: Path) -> None:
    assert lint.hadolint({"bad": BAD}, tmp_path)["bad"] >= {"DL3007", "DL3025", "DL3003"}


def test_buildkit_finds_what_is_wrong(tmp_path: Path, checker: str) -> None:
    found = lint.buildkit({"bad": BAD}, tmp_path, checker)
    assert found == {"bad": {"FromAsCasing", "JSONArgsRecommended"}}
