"""What dockwright generates by default builds, starts hardened, answers and stops, on every engine.

What it generates for other answers is built in ``tests/cover``.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import urllib.request
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.core.txtar import unpack
from tests.engine.conftest import Endpoint
from tui.core.events import Exited, Failed, Finished, NotProbed, Ready, Started
from tui.core.inspect import inspect
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Project
from tui.core.rules import ERROR, problems
from tui.engine.daemon.engine import DaemonEngine
from tui.engine.requests import build_request, run_request

PROJECTS = Path(__file__).parents[1] / "projects"
PING, WITH_C, VITE = PROJECTS / "ping", PROJECTS / "apps" / "cgo", PROJECTS / "vite"


@pytest.fixture(scope="module")
def ping(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return inspect(Path(shutil.copytree(PING, tmp_path_factory.mktemp("generated") / "ping")))


def planned(project: Project, endpoint: Endpoint) -> Plan:
    tag = f"dockwright-test/{endpoint.name}:{project.module.rpartition('/')[2]}"
    plan = answer_text(project, defaults(project), "tag", tag)
    assert not [problem for problem in problems(project, plan) if problem.severity == ERROR]
    return plan


async def build_and_run(
    endpoint: Endpoint, project: Project, plan: Plan, visit: Callable[[str], None] = lambda url: None
) -> tuple[Finished, Ready, Exited]:
    """Build, start, wait for the answer, ``visit``, stop; whatever fails says so in its own words."""
    engine = DaemonEngine({"DOCKER_HOST": endpoint.url, "PATH": "/usr/bin:/bin:/usr/local/bin"})
    finished, ready, exited = None, None, None
    try:
        async with aclosing(engine.build(build_request(project, plan))) as built:
            async for event in built:
                assert not isinstance(event, Failed), event
                if isinstance(event, Finished):
                    finished = event
        assert finished is not None
        container = ""
        async with aclosing(engine.run(run_request(plan, finished.image))) as running:
            async for event in running:
                assert not isinstance(event, Failed | NotProbed), event
                if isinstance(event, Started):
                    container = event.container
                elif isinstance(event, Ready):
                    ready = event
                    await asyncio.to_thread(visit, ready.url)
                    await engine.stop(container)
                elif isinstance(event, Exited):
                    exited = event
    finally:
        await engine.close()
    assert ready is not None and exited is not None
    return finished, ready, exited


async def test_builds_and_answers(endpoint: Endpoint, client: Any, ping: Project) -> None:
    plan = planned(ping, endpoint)
    finished, ready, exited = await build_and_run(endpoint, ping, plan)
    assert ready.status == 200
    assert exited.requested and exited.exit_code == 0
    config = client.inspect_image(plan.tag)["Config"]
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == ["/usr/local/bin/ping"]
    assert list(config["ExposedPorts"]) == ["8080/tcp"]
    assert finished.size is not None and finished.size.uncompressed > 6_000_000


async def test_builds_and_answers_with_c(endpoint: Endpoint) -> None:
    project = inspect(WITH_C)
    plan = planned(project, endpoint)
    assert plan.cgo
    _, ready, _ = await build_and_run(endpoint, project, plan)
    assert ready.status == 200


async def test_a_front_end_is_made_and_its_script_comes_out_of_the_container(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    """Its bundle is not committed; the script's name holds a hash that only the bundler knows."""
    project = inspect(Path(shutil.copytree(VITE, tmp_path / "board")))
    plan = planned(project, endpoint)
    assert plan.front_end == "build"
    texts: list[str] = []

    def visit(url: str) -> None:
        page = _fetched(url)
        script = re.search(r'src="(/assets/[\w.-]+\.js)"', page)
        assert script is not None, page
        texts.append(_fetched(urljoin(url, script[1])))

    await build_and_run(endpoint, project, plan, visit)
    assert "built by the front end" in texts[0]


def _fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())


async def test_builds_and_answers_without_go_mod(endpoint: Endpoint, tmp_path: Path) -> None:
    """A loop's variable tells which language it was compiled as; only that of its time answers 200."""
    unpack(PROJECTS / "inspect" / "gopath-runs.txtar", tmp_path)
    project = inspect(tmp_path)
    plan = answer_text(project, planned(project, endpoint), "go", "1.27")
    _, ready, _ = await build_and_run(endpoint, project, plan)
    assert ready.status == 200


async def test_builds_and_answers_as_the_dockerfile_that_was_there_says(
    endpoint: Endpoint, client: Any, tmp_path: Path
) -> None:
    """It answers only with the arguments and as the user of that file."""
    unpack(PROJECTS / "inspect" / "deployment-runs.txtar", tmp_path)
    project = inspect(tmp_path)
    plan = planned(project, endpoint)
    assert (plan.runtime, plan.user, plan.args) == ("alpine-3.24", "10001:10001", ("serve", "--quiet"))
    _, ready, _ = await build_and_run(endpoint, project, plan)
    assert ready.status == 200
    assert client.inspect_image(plan.tag)["Config"]["User"] == "10001:10001"
