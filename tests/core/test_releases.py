"""A tag list becomes Go releases, which are kept and found again; nothing else gets in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tui.core import catalog, releases
from tui.core.catalog import GoReleases

TODAY = date(2027, 3, 1)
TAGS = (
    *("latest", "1", "1.29", "1.29-rc", "1.29-rc-trixie", "1.29rc1-trixie", "tip-trixie", "trixie"),
    *("1.28", "1.28.1", "1.28.1-trixie", "1.28-trixie", "1.28-alpine", "1.28-alpine3.25"),
    *("1.27-trixie", "1.27-bookworm", "1.27-nanoserver", "1.27-nanoserver-ltsc2025"),
    *("1.26-trixie", "1.9-stretch", "1.10-alpine3.7", "1.25-trixie; rm -rf /", "1.28-\x1b[2J", "2.1-trixie"),
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def test_the_two_newest_released_minors_are_maintained() -> None:
    found = releases.from_tags(TAGS, TODAY)
    assert found.maintained == ("1.27", "1.28")
    assert found.newest == "1.28"
    assert found.suites == {
        "1.10": ("alpine3.7",),
        "1.26": ("trixie",),
        "1.27": ("bookworm", "nanoserver-ltsc2025", "trixie"),
        "1.28": ("alpine3.25", "trixie"),
    }


@pytest.mark.parametrize("tags", [(), ("latest", "1.28"), ("1.28-trixie",)])
def test_a_list_without_releases_is_none(tags: tuple[str, ...]) -> None:
    with pytest.raises(releases.NoReleases):
        releases.from_tags(tags, TODAY)


def test_what_is_kept_is_found_again(data: Path) -> None:
    found = releases.from_tags(TAGS, TODAY)
    assert releases.store(found).is_relative_to(data)
    assert releases.stored() == found


@pytest.mark.parametrize(("days", "taken"), [(0, True), (1, True), (-1, False)])
def test_only_what_is_as_new_as_the_packaged_is_taken(data: Path, days: int, taken: bool) -> None:
    packaged = catalog.packaged_go_releases()
    day = date.fromordinal(packaged.date.toordinal() + days)
    kept = GoReleases(("1.27", "1.28"), day, {"1.27": ("trixie",), "1.28": ("trixie",)})
    releases.store(kept)
    assert releases.newest(packaged) == (kept if taken else packaged)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml",
        "date = 2030-01-01\n",
        'date = "2030-01-01"\n[suites]\n"1.27" = ["trixie"]\n"1.28" = ["trixie"]\n',
        'date = 2030-01-01\n[suites]\n"1.27" = ["a b"]\n"1.28\\n" = ["trixie"]\n',
        "date = 2030-01-01\nsuites = 3\n",
        'date = 2030-01-01\n[suites]\n"1.28" = 3\n',
    ],
)
def test_a_file_that_is_not_ours_is_not_taken(data: Path, text: str) -> None:
    releases.path().parent.mkdir(parents=True)
    releases.path().write_text(text)
    assert releases.stored() is None
