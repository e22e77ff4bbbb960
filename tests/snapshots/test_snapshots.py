"""How every screen looks at the smallest and at a usual size, and in the light theme.

``make snapshots`` accepts how they look now.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.snapshots.scenes import SCENES, SIZES, Scene
from tui.theme import DARK, LIGHT

Compare = Callable[..., bool]
IN_LIGHT = [scene for scene in SCENES if scene.name in {"base-image", "review-diff", "build-failed", "run"}]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_dark(snap_compare: Compare, scene: Scene, size: tuple[int, int]) -> None:
    assert snap_compare(scene.app(DARK), terminal_size=size, run_before=scene.lead)


@pytest.mark.parametrize("scene", IN_LIGHT, ids=lambda scene: scene.name)
def test_light(snap_compare: Compare, scene: Scene) -> None:
    assert snap_compare(scene.app(LIGHT), terminal_size=(120, 40), run_before=scene.lead)
