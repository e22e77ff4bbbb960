"""The engines these tests run on are those of tests/engine."""

from tests.engine.conftest import client, endpoint, pytest_generate_tests

__all__ = ["client", "endpoint", "pytest_generate_tests"]
