"""What a rule warns of or forbids is seen when the plan is carried out all the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cover import trial
from tests.cover.applications import project
from tests.cover.model import plan, plan_of, program
from tests.cover.refused import NOT_PROVEN_HERE, SHOWS, Case, cases, rules
from tests.cover.report import REFUSED
from tests.cover.rows import Row
from tests.engine.conftest import find
from tui.core.events import Failed
from tui.core.rules import problems
from tui.engine.requests import build_request

LOW_PORT = Row("lowport", ())


def _name(case: Case) -> str:
    return "-".join([case.rule, case.row.app, *(text or "empty" for _, text in case.row.answers)])


CASES = [
    pytest.param(case, id=_name(case), marks=pytest.mark.xdist_group(program(case.row))) for case in cases()
]


@pytest.mark.engine
@pytest.mark.parametrize("case", CASES)
async def test_what_a_rule_says_happens(
    case: Case, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    engine_name, transport = trial.machine(case.row)
    found = case.project(tmp_path)
    made = replace(plan_of(found, case.row), tag=trial.tag(_name(case)), transport=transport)
    assert case.rule in {problem.rule for problem in problems(found, made)}
    request = build_request(found, made, case.target)
    async with trial.image_of(find(engine_name), request) as (engine, client, end):
        if isinstance(end, Failed):
            told = f"{end.what}\n{end.why}\n{end.detail}"
        elif case.program:
            told = trial.output(client, end.image, case.program)
        else:
            told = (await trial.run(engine, client, case.row, made, end.image)).text
    assert re.search(SHOWS[case.rule], told, re.MULTILINE), told
    record_property(REFUSED, case.rule)


@pytest.mark.engine
async def test_a_low_port_is_refused_where_the_engine_does_not_open_it() -> None:
    made = replace(plan(LOW_PORT), tag=trial.tag("low-port"), transport="auto")
    found = project(LOW_PORT.app)
    assert "low-port" in {problem.rule for problem in problems(found, made)}
    endpoint = find(trial.machine(LOW_PORT)[0])
    async with trial.image_of(endpoint, build_request(found, made)) as (_, client, end):
        assert not isinstance(end, Failed), end
        closed = {"net.ipv4.ip_unprivileged_port_start": "1024"}
        told = trial.output(client, end.image, (), host_config=client.create_host_config(sysctls=closed))
    assert re.search(SHOWS["low-port"], told), told


def test_every_rule_is_proven_or_has_a_source() -> None:
    proven: set[Any] = {case.rule for case in cases()} | {"low-port"}
    assert rules() - proven == NOT_PROVEN_HERE.keys()
    assert proven == SHOWS.keys()
