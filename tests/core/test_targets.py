"""What Go holds to be true of a platform; the feature tags are those of ``go help buildconstraint``."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tui.core.inspect import targets


@pytest.mark.parametrize(
    ("platform", "holds", "fails"),
    [
        ("linux/amd64", "linux amd64 unix gc amd64.v1", "arm64 windows amd64.v2 cgo"),
        ("linux/amd64/v3", "amd64.v1 amd64.v2 amd64.v3", "amd64.v4"),
        ("linux/arm64", "arm64 arm64.v8.0", "amd64 arm"),
        ("linux/arm64/v8", "arm64.v8.0", "arm"),
        ("linux/arm/v6", "arm arm.5 arm.6", "arm.7 arm64"),
        ("linux/arm", "arm.5 arm.6 arm.7", "arm64"),
        ("linux/386", "386 386.sse2", "amd64"),
        ("windows/amd64", "windows amd64.v1", "linux unix"),
    ],
)
def test_tags_of_a_platform(platform: str, holds: str, fails: str) -> None:
    (target,) = targets.of([platform]).static
    assert all(map(target, holds.split()))
    assert not any(map(target, fails.split()))


def test_tags_that_are_given_hold_everywhere_and_no_platform_counts_twice() -> None:
    found = targets.of(["linux/arm64", "linux/arm64/v8", "windows/amd64"], ["prod"])
    assert [str(target) for target in found.static] == ["linux/arm64", "windows/amd64"]
    assert all(target("prod") and not target("cgo") for target in found.static)
    assert all(target("prod") and target("cgo") for target in found.with_cgo)


@pytest.mark.parametrize(
    ("machine", "platform"),
    [("x86_64", "linux/amd64"), ("aarch64", "linux/arm64"), ("armv7l", "linux/arm"), ("s390x", "linux/s390x"),
     ("sparc64", "linux/amd64")],
)  # fmt: skip
def test_without_a_platform_it_is_this_machines(
    machine: str, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: Callable[[], SimpleNamespace] = lambda: SimpleNamespace(machine=machine)  # noqa: E731
    monkeypatch.setattr(os, "uname", here)
    assert [str(target) for target in targets.of().static] == [platform]
