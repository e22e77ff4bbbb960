"""Settings of every test."""

from hypothesis import settings

# Machines that run tests are shared: a time limit would fail tests that are right.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
