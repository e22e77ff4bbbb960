"""Runs an image on Linux without an engine and without privileges, in namespaces of its own."""

from tui.engine.embedded.running.run import run, stop
from tui.engine.embedded.running.ways import how_it_runs

__all__ = ["how_it_runs", "run", "stop"]
