"""Generated files, byte for byte: the bytes are what people commit, so a change is meant or a bug.

``python -m tests.golden.test_golden`` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample import GO_LINE, PING, project
from tui.core.plan import answer_text, defaults
from tui.core.project import Cgo, Embed, Evidence, Need, Project
from tui.core.render import render

HERE = Path(__file__).parent
SEEN = Evidence("main.go", 9, "seen")
CGO = project(cgo=Cgo(True, (SEEN,)))
CASES: dict[str, tuple[Project, dict[str, str]]] = {
    "default": (PING, {}),
    "no-comments": (PING, {"comments": "off"}),
    "scratch": (PING, {"runtime": "scratch", "builder": "golang-alpine"}),
    "scratch-root": (PING, {"runtime": "scratch", "user": "0:0"}),
    "alpine": (project(needs=(Need("tzdata", SEEN),)), {"runtime": "alpine"}),
    "debian-slim": (
        PING,
        {"runtime": "debian-slim", "port": "8080, 53/udp", "writable-dir": "/data, /var/lib/app"},
    ),
    "cgo-glibc": (CGO, {"builder": "golang-bookworm"}),
    "cgo-musl": (CGO, {"builder": "golang-alpine"}),
    "single-stage": (PING, {"runtime": "golang"}),
    "mirror": (PING, {"registry": "mirror.example.com/hub", "go": "1.27.3"}),
    "stdlib-only": (project(has_go_sum=False, has_requirements=False, ports=()), {"main": "./cmd/server"}),
    "vendor": (project(has_vendor=True), {}),
    "replace": (project(module_files=("go.mod", "go.sum", "libs/store/go.mod")), {}),
    "embed": (
        project(
            embeds=(
                Embed("README.md", ".", ("README.md",), SEEN),
                Embed("all:dist", "web", ("web/dist/index.html", "web/dist/.env"), SEEN),
                Embed("certs/*.pem", ".", ("certs/ca.pem",), SEEN),
            ),
            packages=(".", "web", "cmd/bin"),
            go_evidence=GO_LINE,
        ),
        {},
    ),
}


def rendered(name: str) -> dict[str, str]:
    made, answers = CASES[name]
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    return {f"{name}.{file.path.removeprefix('.')}": file.text for file in render(made, plan)}


@pytest.mark.parametrize("name", CASES)
def test_bytes(name: str) -> None:
    for file, text in rendered(name).items():
        assert text == (HERE / file).read_text(encoding="utf-8"), file


def test_no_golden_file_is_left_over() -> None:
    expected = {file for name in CASES for file in rendered(name)}
    assert {path.name for path in HERE.iterdir() if path.suffix not in {".py", ""}} == expected


@pytest.mark.parametrize("name", CASES)
def test_notes_cover_lines_that_exist_in_order(name: str) -> None:
    made, answers = CASES[name]
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    for file in render(made, plan):
        lines = file.text.count("\n")
        last = 0
        for note in file.notes:
            assert last < note.first <= note.last <= lines
            last = note.last


if __name__ == "__main__":
    for case in CASES:
        for path, text in rendered(case).items():
            (HERE / path).write_text(text, encoding="utf-8")
