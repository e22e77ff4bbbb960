"""Shared objects that lie among the modules or the sources are in the image, where the program finds them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine.builds import engine_at, finished
from tests.engine.conftest import combinations, find, missing
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.core.rules import ERROR, problems
from tui.engine.requests import build_request

pytestmark = pytest.mark.engine

FILES = {
    "go.mod": """\
module example.com/app

go 1.27

require example.com/prebuilt v0.0.0

replace example.com/prebuilt => ./prebuilt
""",
    "main.go": """\
package main

import "example.com/prebuilt"

func main() { println("answered", prebuilt.Answer()) }
""",
    "prebuilt/go.mod": "module example.com/prebuilt\n\ngo 1.27\n",
    "prebuilt/prebuilt.go": """\
package prebuilt

// #cgo LDFLAGS: -L${SRCDIR}/lib -lprebuilt -Wl,-rpath,${SRCDIR}/lib
// int answer(void);
import "C"

func Answer() int { return int(C.answer()) }
""",
}
WHERE = [
    {"runtime": "distroless-base-debian13"},
    {"runtime": "debian-slim-trixie", "builder": "golang-bookworm"},
    {"runtime": "golang"},
    {"builder": "chainguard-go"},
]
"""Runtimes with and without a shell, a single stage, and another module cache."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program whose module brings a library without its source."""
    if shutil.which("gcc") is None:
        missing("gcc is not installed")
    folder = tmp_path_factory.mktemp("bundled")
    (folder / "prebuilt" / "lib").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    library, source = folder / "prebuilt" / "lib" / "libprebuilt.so", folder.parent / "answer.c"
    source.write_text("int answer(void) { return 42; }\n")
    # Without the C library, so that any will do.
    subprocess.run(["gcc", "-shared", "-fPIC", "-nostdlib", "-o", library, source], check=True)
    library.chmod(0o600)
    return folder


@pytest.mark.parametrize("answers", WHERE, ids=lambda answers: "-".join(answers.values()))
async def test_a_prebuilt_library_is_loaded(root: Path, answers: dict[str, str]) -> None:
    engine_name, transport = combinations()[WHERE.index(answers) % len(combinations())]
    found, endpoint = inspect(root), find(engine_name)
    plan = defaults(found)
    for key, text in answers.items():
        plan = answer_text(found, plan, key, text)
    assert not [problem.sentence() for problem in problems(found, plan) if problem.severity == ERROR]
    plan = replace(plan, transport=transport, tag=f"dockwright-test/bundled:{'-'.join(answers)}")
    async with engine_at(endpoint.url) as engine:
        image = finished([event async for event in engine.build(build_request(found, plan))]).image
    client: Any = docker.APIClient(base_url=endpoint.url, version="auto", timeout=60)
    container = client.create_container(image)["Id"]
    try:
        client.start(container)
        status = client.wait(container)["StatusCode"]
        assert (status, client.logs(container)) == (0, b"answered 42\n")
    finally:
        client.remove_container(container, force=True)
        client.remove_image(plan.tag, force=True)
        client.close()
