"""Prints what is in a base image."""

from __future__ import annotations

import argparse
import asyncio
import json

from tui.cli import DONE, FAILED, complain
from tui.core import validate
from tui.core.own_image import OwnImage, as_json, as_report
from tui.engine import EngineError
from tui.engine.daemon.engine import DaemonEngine


def carry_out(options: argparse.Namespace) -> int:
    """Print what is in an image."""

    async def read() -> OwnImage:
        engine = DaemonEngine()
        try:
            return await engine.read_image(options.reference, platform)
        finally:
            await engine.close()

    platform = validate.platform(options.platform) if options.platform else None
    try:
        found = asyncio.run(read())
    except EngineError as error:
        return complain(str(error), FAILED)
    print(json.dumps(as_json(found), indent=2) if options.json else as_report(found))
    return DONE
