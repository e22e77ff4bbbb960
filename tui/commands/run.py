"""Builds the image and runs it."""

from __future__ import annotations

import argparse

from tui.commands.build import with_engine


def carry_out(options: argparse.Namespace) -> int:
    """Build the image and run it."""
    return with_engine(options, run_it=True)
