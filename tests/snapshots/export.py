"""Makes ``screenshots/`` from the same scenes: ``python -m tests.snapshots.export``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.snapshots.scenes import SCENES
from tests.snapshots.still import hold_still
from tui.theme import DARK, LIGHT

FOLDER = Path(__file__).parents[2] / "screenshots"
PICTURES = {
    "wizard-dark": ("base-image", DARK, (120, 40)),
    "wizard-light": ("base-image", LIGHT, (120, 40)),
    "wizard-80x24": ("base-image", DARK, (80, 24)),
    "problem": ("cgo-problem", DARK, (120, 40)),
    "review": ("review-diff", DARK, (120, 40)),
    "build": ("build", DARK, (120, 36)),
    "build-failed": ("build-failed", DARK, (120, 36)),
    "run": ("run", DARK, (120, 36)),
}


async def export() -> None:
    """Write every picture as SVG."""
    scenes = {scene.name: scene for scene in SCENES}
    for name, (scene, theme, size) in PICTURES.items():
        app = scenes[scene].app(theme)
        async with app.run_test(size=size) as pilot:
            await scenes[scene].lead(pilot)
            svg = app.export_screenshot(title="dockwright")
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(FOLDER / f"{name}.svg")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        hold_still(patch)
        asyncio.run(export())
