"""Paths of an image stay below the folder its files lie in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.engine.embedded.running.inside import inside, mount_point


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", ""),
        ("/a/b", "a/b"),
        ("a//./b/", "a/b"),
        ("/../../a", "a"),
        ("/up/x", "x"),
        ("/absolute/x", "etc/x"),
        ("/deep/link/x", "etc/x"),
        ("/chain/x", "etc/x"),
        ("/deep/../absolute/..", ""),
    ],
)
def test_links_are_followed_inside(tmp_path: Path, path: str, place: str) -> None:
    for folder in ("etc", "deep"):
        (tmp_path / folder).mkdir()
    links = {"up": "../../..", "absolute": "/etc", "deep/link": "../etc", "chain": "/deep/link"}
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    assert inside(tmp_path, path) == tmp_path / place


def test_circles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("/a")
    with pytest.raises(OSError, match="symbolic links"):
        inside(tmp_path, "/a/c")


def test_what_is_missing_is_made_and_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir(mode=0o555)
    (tmp_path / "etc" / "hosts").symlink_to("../run/hosts")
    assert mount_point(tmp_path, "/etc/hosts", folder=False) == "/run/hosts"
    assert (tmp_path / "run" / "hosts").read_bytes() == b""
    assert mount_point(tmp_path, "/etc/own") == "/etc/own"
    assert (tmp_path / "etc").stat().st_mode & 0o777 == 0o555
    (tmp_path / "run" / "hosts").write_bytes(b"kept")
    assert mount_point(tmp_path, "/etc/hosts", folder=False) == "/run/hosts"
    assert (tmp_path / "run" / "hosts").read_bytes() == b"kept"
