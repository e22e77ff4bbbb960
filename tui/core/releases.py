"""Go releases learnt from a registry's tag list, and where they are kept for the next start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from tui.core.catalog import GoReleases

_TAG = re.compile(r"(1\.[0-9]{1,3})-([a-z]{2,20}[0-9.]{0,6}(?:-ltsc[0-9]{4})?)")
_MOVING = {"alpine", "windowsservercore", "nanoserver", "rc"}
_KEPT = 4


class NoReleases(ValueError):
    """The tags name no Go releases, or the kept file is not one of ours."""


def from_tags(tags: Iterable[str], today: date) -> GoReleases:
    """The releases the official image's tags tell of; the two newest minors are the maintained ones.

    A minor counts once it is released: release candidates are tagged otherwise. Raises NoReleases.
    """
    suites: dict[str, list[str]] = {}
    for tag in tags:
        match = _TAG.fullmatch(tag)
        if match and match[2] not in _MOVING:
            suites.setdefault(match[1], []).append(match[2])
    minors = sorted(suites, key=_order)[-_KEPT:]
    if len(minors) < 2:
        raise NoReleases("the tags name no Go releases")
    return GoReleases(tuple(minors[-2:]), today, {minor: tuple(sorted(suites[minor])) for minor in minors})


def newest(packaged: GoReleases) -> GoReleases:
    """The kept releases where they are as new as the packaged ones, else those."""
    kept = stored()
    return kept if kept and kept.date >= packaged.date else packaged


def stored() -> GoReleases | None:
    """The releases kept by ``store``; None where there are none or the file is not one of ours."""
    try:
        return _checked(tomllib.loads(path().read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def store(releases: GoReleases) -> Path:
    """Keep them for the next start; the file they are in. Raises OSError."""
    lines = [f"date = {releases.date}", f"maintained = {_quoted(releases.maintained)}", "", "[suites]"]
    lines += [f'"{minor}" = {_quoted(names)}' for minor, names in releases.suites.items()]
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(target)
    return target


def path() -> Path:
    """The file the releases are kept in, in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("dockwright") / "go.toml"


def _checked(raw: dict[str, Any]) -> GoReleases:
    """The file's releases, by the rules of a tag list. Raises NoReleases."""
    suites, day = raw.get("suites"), raw.get("date")
    if not isinstance(suites, dict) or not all(isinstance(names, list) for names in suites.values()):
        raise NoReleases("the file names no variants")
    if type(day) is not date:
        raise NoReleases("the file has no date")
    return from_tags((f"{minor}-{name}" for minor, names in suites.items() for name in names), day)


def _order(minor: str) -> int:
    return int(minor.partition(".")[2])


def _quoted(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
