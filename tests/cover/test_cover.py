"""Every pair of answers the rules let through: rendered, checked, built and run where it can be here."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cover import trial
from tests.cover.applications import APPLICATIONS, project
from tests.cover.asserted import behaves, is_as_asked
from tests.cover.beside import Beside
from tests.cover.model import (
    EXAMPLES,
    NOT_VARIED,
    RENDERED_ONLY,
    built_rows,
    errors,
    plan,
    plan_of,
    program,
    rendered_rows,
)
from tests.cover.report import BUILT, NOT_TAKEN, RUN, SAME, SECONDS
from tests.cover.rows import Row
from tests.engine.conftest import Endpoint, combinations, find, missing
from tui.core.events import Failed
from tui.core.images import uid_gid
from tui.core.inspect import inspect
from tui.core.plan import Plan
from tui.core.questions import QUESTIONS
from tui.core.questions.declare import LINES, LIST, TEXT
from tui.core.rules import ERROR, problems
from tui.engine import BuildRequest
from tui.engine.requests import build_request

Record = Callable[[str, object], None]

ROOT = Path(__file__).parents[2]
STAGED = "mains"
"""The application whose other stages are built too: it has tests."""


def _name(row: Row) -> str:
    digest = hashlib.sha256(repr(row).encode()).hexdigest()[:6]
    return "-".join([row.app, *(row.answer(key) or "" for key in ("builder", "runtime")), digest])


def _parameters(rows: tuple[Row, ...]) -> list[Any]:
    """Rows that share a compiled program go to one worker: the first compiles it."""
    return [
        pytest.param(row, id=_name(row), marks=(pytest.mark.engine, pytest.mark.xdist_group(program(row))))
        for row in rows
    ]


@pytest.mark.parametrize("row", _parameters(built_rows()))
async def test_is_built_runs_and_answers(row: Row, embedded: Beside | None, record_property: Record) -> None:
    engine_name, transport = trial.machine(row)
    made = replace(plan(row), tag=trial.tag(_name(row)), transport=transport)
    assert not _errors(row, made)
    request = build_request(project(row.app), made)
    engine = find(engine_name)
    async with trial.image_of(engine, request) as (carrying_out, client, end):
        assert not isinstance(end, Failed), end
        seen = await trial.run(carrying_out, client, row, made, end.image)
        await asyncio.to_thread(is_as_asked, client, made)
        if embedded:
            async with _of_buildkit(engine, client, request) as other:
                await _is_the_same(row, made, request, embedded, other, record_property)
    assert seen.failed is None, seen
    behaves(row, made, seen)
    record_property(BUILT, engine.name)


@asynccontextmanager
async def _of_buildkit(engine: Endpoint, client: Any, request: BuildRequest) -> AsyncGenerator[Any]:
    """The client of an engine that has BuildKit's image of that request: Podman's builder is another one."""
    if not engine.is_podman or (request.stages and request.stages.obstacles):
        yield client
        return
    names = [name for name, _ in combinations() if name.startswith("docker")]
    if not names:
        missing("no engine with BuildKit is named")
    async with trial.image_of(find(names[0]), request) as (_, other, end):
        assert not isinstance(end, Failed), end
        yield other


async def _is_the_same(
    row: Row, made: Plan, request: BuildRequest, embedded: Beside, client: Any, record: Record
) -> None:
    """The embedded engine makes that image too, and it behaves."""
    assert request.stages is not None
    if request.stages.obstacles:
        record(f"{NOT_TAKEN}{request.stages.obstacles[0].what}", 1)
        return
    began = time.monotonic()
    try:
        assert await embedded.compare(client, request) == []
        seen = await embedded.run(row, made)
        if seen:
            assert seen.failed is None, seen
            behaves(row, made, seen)
            record(RUN, 1)
    finally:
        embedded.remove(request.tag)
    record(SAME, 1)
    record(SECONDS, time.monotonic() - began)


@pytest.mark.parametrize("row", _parameters(tuple(row for row in built_rows() if row.app == STAGED)))
async def test_its_other_stages_are_built(row: Row) -> None:
    engine_name, transport = trial.machine(row)
    made = replace(plan(row), transport=transport)
    asked = {"test": made.test, "binary": made.export, "debug": made.debug}
    for target in (name for name, is_asked in asked.items() if is_asked):
        named = replace(made, tag=trial.tag(f"{target}-{_name(row)}"))
        request = build_request(project(row.app), named, target)
        async with trial.image_of(find(engine_name), request) as (_, client, end):
            assert not isinstance(end, Failed), (target, end)
            if target == "debug":
                await asyncio.to_thread(_has_a_shell, client, named)


def _has_a_shell(client: Any, made: Plan) -> None:
    """Beside the program, and as the same user."""
    is_as_asked(client, made)
    asked = ("sh", "-c", f"echo $(id -u):$(id -g); ls /usr/local/bin/{made.binary}")
    assert trial.output(client, made.tag, asked) == f"{uid_gid(made)}\n/usr/local/bin/{made.binary}\n"


@pytest.mark.engine
async def test_the_test_stage_fails_with_a_test(tmp_path: Path) -> None:
    row = Row(STAGED, (("test", "on"),))
    root = Path(shutil.copytree(APPLICATIONS[STAGED].root, tmp_path / STAGED))
    test = root / "internal" / "name" / "name_test.go"
    test.write_text(test.read_text().replace('if Name == "" {', "{"))
    found = inspect(root)
    made = replace(plan_of(found, row), tag=trial.tag("broken-test"))
    async with trial.image_of(find(trial.machine(row)[0]), build_request(found, made, "test")) as (*_, end):
        assert isinstance(end, Failed) and "--- FAIL: TestName" in end.detail, end


def _errors(row: Row, made: Plan) -> list[str]:
    return [p.sentence() for p in problems(project(row.app), made) if p.severity == ERROR]


def test_the_plans_of_the_cover_have_no_error() -> None:
    assert all(errors(row) == () and not _errors(row, plan(row)) for row in (*built_rows(), *rendered_rows()))


def test_every_question_is_in_the_model() -> None:
    typed = {entry.key for entry in QUESTIONS if entry.kind in (TEXT, LIST, LINES)}
    assert typed <= NOT_VARIED.keys() | EXAMPLES.keys()
    assert NOT_VARIED.keys() | EXAMPLES.keys() <= {entry.key for entry in QUESTIONS}
    assert RENDERED_ONLY.keys() <= EXAMPLES.keys() and not NOT_VARIED.keys() & EXAMPLES.keys()


def test_what_is_not_varied_is_tried_elsewhere() -> None:
    tests = {name for _, name in NOT_VARIED.values()}
    tests |= {word for why in RENDERED_ONLY.values() for word in re.findall(r"tests/[\w/.]+", why)}
    assert {name for name in tests if not (ROOT / name).exists()} == set()
