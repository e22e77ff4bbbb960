"""Images of a person's own, read by the product, build and run whatever they bring along."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.cover import trial
from tests.cover.applications import project
from tests.cover.asserted import behaves, is_as_asked
from tests.cover.model import plan_of
from tests.cover.own_bases import CASES, DOCKERFILES, Case, made
from tests.engine.conftest import Endpoint, combinations, find
from tui.core.events import Failed
from tui.core.rules import ERROR, problems
from tui.engine.daemon.connect import Client
from tui.engine.daemon.engine import DaemonEngine
from tui.engine.requests import build_request

pytestmark = pytest.mark.engine


def _machines() -> list[Any]:
    """Each case on one engine, by turns."""
    there = combinations()
    return [
        pytest.param(case, *there[turn % len(there)], id=f"{case.name}-{turn}")
        for turn, case in enumerate(CASES)
    ]


async def _facts(endpoint: Endpoint, references: dict[str, str]) -> dict[str, str]:
    """What the product reads from these bases, by their names."""
    engine = DaemonEngine({"DOCKER_HOST": endpoint.url})
    try:
        return {name: (await engine.read_image(reference)).text() for name, reference in references.items()}
    finally:
        await engine.close()


@pytest.mark.parametrize(("case", "engine_name", "transport"), _machines())
async def test_an_own_base_builds_and_runs(case: Case, engine_name: str, transport: str) -> None:
    endpoint = find(engine_name)
    arranging: Any = Client(base_url=endpoint.url, version="auto", timeout=120)
    references = await asyncio.to_thread(made, arranging, case.own)
    row = case.row(references, await _facts(endpoint, references))
    found = project(case.app)
    plan = replace(plan_of(found, row), tag=trial.tag(case.name), transport=transport)
    assert not [p.sentence() for p in problems(found, plan) if p.severity == ERROR]
    async with trial.image_of(endpoint, build_request(found, plan)) as (engine, client, end):
        assert not isinstance(end, Failed), end
        seen = await trial.run(engine, client, row, plan, end.image)
        await asyncio.to_thread(is_as_asked, client, plan)
    arranging.close()
    assert seen.failed is None, seen
    behaves(row, plan, seen)


def test_every_base_is_tried() -> None:
    assert {name for case in CASES for name in case.own} == DOCKERFILES.keys()
