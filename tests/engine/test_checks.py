"""BuildKit's own checks of the Dockerfile: found in a bad one, absent from what is generated."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest

from tests.engine.builds import ALPINE, build, finished, request
from tests.engine.conftest import Endpoint, missing
from tui.core.events import CheckWarning, Event, Notice, Step
from tui.core.inspect import inspect
from tui.core.plan import defaults
from tui.engine.requests import build_request

# What another worker removes is never what a build here has just made and not named yet.
BAD = f"FROM {ALPINE} as base\nENTRYPOINT echo hello\nLABEL worker={uuid.uuid4().hex}\n"
FOUND = {("FromAsCasing", 1), ("JSONArgsRecommended", 2)}
NATIVE = "docker-28"
"""Engines whose name begins so tell of checks; 20.10 has no way to, whatever the frontend finds."""


def warnings(events: list[Event]) -> set[tuple[str, int]]:
    found = [event for event in events if isinstance(event, CheckWarning)]
    assert all(event.url.startswith("https://") and event.detail for event in found)
    return {(event.text.partition(":")[0], event.line) for event in found}


def has_checks(endpoint: Endpoint) -> bool:
    return endpoint.name.startswith(NATIVE)


@pytest.fixture
def frontend() -> str:
    """The reference of BuildKit's newest frontend, which is in every engine."""
    return os.environ.get("DOCKWRIGHT_TEST_FRONTEND") or missing("DOCKWRIGHT_TEST_FRONTEND is not set")


async def test_a_bad_dockerfile_is_warned_of(endpoint: Endpoint, transport: str, tmp_path: Path) -> None:
    events = await build(endpoint, request(tmp_path, BAD, transport))
    finished(events)
    assert warnings(events) == (FOUND if has_checks(endpoint) else set())


async def test_a_frontend_in_the_store_is_used(
    endpoint: Endpoint, transport: str, frontend: str, tmp_path: Path
) -> None:
    """Over the Engine API the line is left out where the engine cannot follow it, and that is said."""
    dockerfile = f"# syntax={frontend}\n{BAD}"
    events = await build(endpoint, request(tmp_path, dockerfile, transport))
    finished(events)
    assert warnings(events) == ({(name, line + 1) for name, line in FOUND} if has_checks(endpoint) else set())
    said = [event.text for event in events if isinstance(event, Notice)]
    left_out = transport == "api" and not endpoint.is_podman and not has_checks(endpoint)
    # Podman may have more to say where others build at the same time.
    assert sum(frontend in text for text in said) == left_out, said
    resolved = any(isinstance(event, Step) and "resolve image config" in event.name for event in events)
    assert resolved == (not left_out and not endpoint.is_podman)


async def test_what_is_generated_passes(endpoint: Endpoint, transport: str, frontend: str) -> None:
    project = inspect(Path(__file__).parents[1] / "projects" / "ping")
    made = build_request(project, defaults(project))
    text = made.dockerfile.replace("docker/dockerfile:1", frontend)
    assert frontend in text
    given = {"dockerignore": made.dockerignore, "bases": " ".join(made.bases)}
    events = await build(endpoint, request(project.root, text, transport, **given))
    finished(events)
    assert warnings(events) == set()
