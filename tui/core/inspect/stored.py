"""A project as plain values for JSON, and back: only what has the right types and passes the same checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tui.core import validate
from tui.core.project import FrontEnd, ListenPort, Main, OpenedFile, Project

# What reaches a Dockerfile without another question, by class and field: inspecting lets nothing else by.
_CHECKS: dict[tuple[type, str], Callable[[Any], object]] = {
    (Main, "package"): validate.main,
    (ListenPort, "port"): lambda port: validate.port(str(port)),
    (ListenPort, "last"): lambda last: last and validate.port(str(last)),
    (OpenedFile, "path"): validate.folder,
    (Project, "place"): lambda place: place and validate.folder(place),
    (Project, "module_files"): lambda names: [validate.folder(name) for name in names],
    (FrontEnd, "script"): validate.script,
    **{
        (FrontEnd, name): lambda path: path in ("", ".") or validate.folder(path)
        for name in ("directory", "install", "output", "wanted", "sources")
    },
}


class NotStored(ValueError):
    """These are no values of such a thing."""


def to_plain(value: Any) -> Any:
    """Lists, texts, numbers; a data class as the list of its fields."""
    if is_dataclass(value):
        return [to_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def from_plain(kind: Any, plain: Any) -> Any:
    """The value of type ``kind``. Raises NotStored, and Invalid for what no check lets by."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        optional = [option for option in get_args(kind) if option is not NoneType]
        return None if plain is None else from_plain(optional[0], plain)
    if origin is tuple and isinstance(plain, list):
        return _tuple(get_args(kind), plain)
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(plain, list):
        return _made(kind, plain)
    if kind is Path and isinstance(plain, str):
        return Path(plain)
    if kind in (str, int, bool, float) and type(plain) is kind:
        return plain
    raise NotStored(f"{plain!r:.40} is no {kind}")


def _tuple(kinds: tuple[Any, ...], plain: list[Any]) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(from_plain(kinds[0], item) for item in plain)
    return tuple(from_plain(kind, item) for kind, item in zip(kinds, plain, strict=True))


def _made(kind: type, plain: list[Any]) -> Any:
    kinds = _kinds(kind)
    if len(kinds) != len(plain):
        raise NotStored(f"{len(plain)} fields of {kind}")
    values = {name: from_plain(of, item) for (name, of), item in zip(kinds, plain, strict=True)}
    for name, value in values.items():
        if check := _CHECKS.get((kind, name)):
            check(value)
    return kind(**values)


@cache
def _kinds(kind: Any) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in fields(kind)]
