"""Which engines the tests run on.

``DOCKWRIGHT_TEST_ENGINES`` names them (``docker-28=unix:///run/d28.sock podman=unix:///…``); when
it is unset the one engine dockwright itself finds is taken. A test that asks for ``endpoint`` or
``client`` runs once on each and is marked ``engine``; one that asks for ``transport`` too runs once
on each transport the engine has. Where something is missing the test is skipped with the reason,
which ``DOCKWRIGHT_REQUIRE_ENGINE=1`` turns into a failure.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import docker
import pytest

from tui.engine import EngineUnavailable
from tui.engine.daemon.connect import Client, candidates, open_engine

FOUND = "found"
TRANSPORTS = ("buildx", "api")
PATIENCE = 300
"""Seconds for an answer: Podman lists images slowly while others build."""


@dataclass(frozen=True)
class Endpoint:
    """One engine under test. ``name`` is like ``docker-20.10`` or ``podman``, ``url`` a DOCKER_HOST."""

    name: str
    url: str

    @property
    def is_podman(self) -> bool:
        return self.name.startswith("podman")


def missing(reason: str) -> NoReturn:
    """Skip the running test for want of something, or fail it where it is required."""
    if os.environ.get("DOCKWRIGHT_REQUIRE_ENGINE"):
        pytest.fail(f"DOCKWRIGHT_REQUIRE_ENGINE is set, but: {reason}")
    pytest.skip(reason)


def _listed() -> dict[str, str]:
    pairs = (word.partition("=") for word in shlex.split(os.environ.get("DOCKWRIGHT_TEST_ENGINES", "")))
    return {name: url for name, _, url in pairs}


def combinations() -> list[tuple[str, str]]:
    """Every engine's name with every transport it has."""
    names = list(_listed()) or [FOUND]
    return [(name, way) for name in names for way in TRANSPORTS if (name, way) != ("podman", "buildx")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "transport" in metafunc.fixturenames:
        pairs = [pytest.param(*pair, marks=pytest.mark.engine) for pair in combinations()]
        metafunc.parametrize(("endpoint", "transport"), pairs, indirect=["endpoint"], scope="session")
    elif "endpoint" in metafunc.fixturenames:
        names = [pytest.param(name, marks=pytest.mark.engine) for name in list(_listed()) or [FOUND]]
        metafunc.parametrize("endpoint", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    """The engine to test on; it is known to answer."""
    return find(request.param)


@cache
def find(name: str) -> Endpoint:
    """The engine of that name; it is known to answer."""
    url = _listed().get(name) or _found()
    try:
        client = docker.APIClient(base_url=url, timeout=10)
        version = client.version(api_version=False)
        client.close()
    except Exception as error:
        missing(f"the engine {name} at {url} does not answer: {error}")
    podman = any("podman" in part.get("Name", "").lower() for part in version.get("Components") or [])
    return Endpoint("podman" if podman and name == FOUND else name, url)


def _found() -> str:
    try:
        connection = open_engine(candidates(os.environ, Path.home()))
    except EngineUnavailable as error:
        missing(f"DOCKWRIGHT_TEST_ENGINES is not set and no engine was found: {error}")
    connection.close()
    return connection.candidate.host


@pytest.fixture
def client(endpoint: Endpoint) -> Iterator[docker.APIClient]:
    """The SDK's low-level client on the engine under test, for arranging and looking."""
    client = Client(base_url=endpoint.url, timeout=PATIENCE, version="auto")
    yield client
    client.close()


@pytest.fixture(scope="session")
def first_client() -> Iterator[docker.APIClient]:
    """The same on the first engine only, for what does not depend on the engine."""
    name, _ = combinations()[0]
    client = Client(base_url=find(name).url, timeout=PATIENCE, version="auto")
    yield client
    client.close()
