"""The configuration of an image (image-spec v1.1, config.md), as BuildKit writes it for a final stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tui.core.final_image import FinalImage, HealthCheck
from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.manifest import platform_fields

_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LAST_SECOND = 253_402_300_799
"""Of the year 9999."""

_SECOND = 1_000_000_000
_REQUIRED = ("architecture", "os")
_OF_PLATFORM = (*_REQUIRED, "variant", "os.version", "os.features")
_LISTS = ("Env", "Entrypoint", "Cmd", "Shell", "OnBuild")
_MAPS = ("ExposedPorts", "Volumes", "Labels", "Healthcheck")
_TEXTS = ("User", "WorkingDir", "StopSignal")
_FORMS = dict.fromkeys(_LISTS, list) | dict.fromkeys(_MAPS, dict) | dict.fromkeys(_TEXTS, str)


def configuration(
    final: FinalImage,
    base: dict[str, Any] | None,
    platform: str,
    layers: Sequence[tuple[str, str]],
    epoch: int,
) -> dict[str, Any]:
    """The image's configuration. ``base`` is that of its base, None for scratch.

    ``layers`` are the new ones, (diff id, what it holds); ``epoch`` (seconds since 1970) dates the image.
    Raises EngineError for a base with ONBUILD, whose instructions nobody carries out here, and
    ValueError, TypeError, AttributeError or LookupError for one that is not as the specification says.
    """
    inherited = _inherited(base or {})
    if inherited.get("OnBuild"):
        raise EngineError(
            f"The base image {final.base} brings instructions of its own (ONBUILD).",
            "Only Docker carries them out.",
            "Choose another base image, or build with Docker.",
        )
    if base is not None:
        of_platform = {key: base[key] for key in _OF_PLATFORM if key in _REQUIRED or base.get(key)}
    else:
        of_platform, inherited = platform_fields(platform), {"Env": [_PATH], "WorkingDir": "/"}
    created = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    history = [{"created": created, "created_by": f"dockwright: {holds}"} for _, holds in layers]
    lower = base or {}
    return {
        **of_platform,
        "created": created,
        "config": _container(final, inherited),
        "history": [*(lower.get("history") or []), *history],
        "rootfs": {
            "type": "layers",
            "diff_ids": [*(lower.get("rootfs") or {}).get("diff_ids", []), *(diff for diff, _ in layers)],
        },
    }


def _inherited(base: dict[str, Any]) -> dict[str, Any]:
    """The base's settings. Raises ValueError for one of another form."""
    settings = {**(base.get("config") or {})}
    for key, form in _FORMS.items():
        value = settings.get(key)
        if value is not None and not isinstance(value, form):
            raise ValueError(f"{key} is no {form.__name__}")
        if form is not str and not all(isinstance(each, str) for each in value or ()):
            raise ValueError(f"{key} holds something else than texts")
    return settings


def source_date(text: str) -> int:
    """SOURCE_DATE_EPOCH as seconds since 1970, 0 where it is not set. Raises EngineError."""
    if not text:
        return 0
    digits = text.lstrip("0")[:15] or "0"
    if not (text.isascii() and text.isdigit()) or int(digits) > _LAST_SECOND:
        raise EngineError(
            f"SOURCE_DATE_EPOCH is {printable(text[:40])!r}.",
            "It must be a number: the seconds since 1970 that date the image.",
            "Set it to one, such as the output of git log -1 --format=%ct, or unset it.",
        )
    return int(digits)


def ports(port: str) -> list[str]:
    """Each port of a range: ``8000-8001/tcp`` is two."""
    numbers, _, protocol = port.partition("/")
    first, _, last = numbers.partition("-")
    return [f"{number}/{protocol}" for number in range(int(first), int(last or first) + 1)]


def _container(final: FinalImage, inherited: dict[str, Any]) -> dict[str, Any]:
    """ENTRYPOINT resets the base's CMD; everything not said is inherited."""
    exposed = [each for port in final.ports for each in ports(port)]
    changed: dict[str, Any] = {"Entrypoint": [final.entrypoint], "User": final.user}
    if exposed:
        changed["ExposedPorts"] = {**(inherited.get("ExposedPorts") or {}), **{port: {} for port in exposed}}
    if final.labels:
        changed["Labels"] = {**(inherited.get("Labels") or {}), **dict(final.labels)}
    if final.workdir or final.files or final.writable_dirs:
        changed["WorkingDir"] = final.workdir or "/"
    if final.health:
        changed["Healthcheck"] = _health(final.health)
    elif final.no_health:
        changed["Healthcheck"] = {"Test": ["NONE"]}
    if final.sigterm:
        changed["StopSignal"] = "SIGTERM"
    kept = {key: value for key, value in inherited.items() if key != "Cmd" and value is not None}
    return {**kept, **changed}


def _health(check: HealthCheck) -> dict[str, Any]:
    """The interval and the like of the template's HEALTHCHECK, in nanoseconds."""
    return {
        "Test": ["CMD", *check.words],
        "Interval": 30 * _SECOND,
        "Timeout": 5 * _SECOND,
        "Retries": 3,
    }
