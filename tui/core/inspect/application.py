"""Which of a module's programs is *the* application, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

from tui.core.inspect import facts, packages
from tui.core.inspect.mains import APPLICATION, binary_name, directory_of
from tui.core.inspect.serving import Serving
from tui.core.project import DECLARATION, DOCUMENT, NAME, Evidence, Main, Stated

# Of so many that nothing else tells apart the code is searched; a module with more is no single application.
_MOST_SEARCHED = 60


class Asked(NamedTuple):
    """What the person asked for: the folder named, relative to the module, and a package pattern."""

    below: str = ""
    chosen: str | None = None


class Told(NamedTuple):
    """The statements that name a program: of files that machines obey, of build files, of a README."""

    strong: Sequence[tuple[str, Stated]] = ()
    built: Sequence[tuple[str, Stated]] = ()
    named: Sequence[tuple[str, Stated]] = ()


class _Sign(NamedTuple):
    """``order`` puts the likeliest first; ``reason`` says what sets a program apart by it."""

    order: Callable[[Main], Any]
    reason: Callable[[Main], Evidence]


def rank(
    mains: Iterable[Main], module: str, folder: str, asked: Asked, told: Told, serving: Serving
) -> list[Main]:
    """The proposal first, with its reason. ``folder`` is the name of the module's folder."""
    found = sorted(mains, key=lambda main: (directory_of(main).count("/"), directory_of(main)))
    if len(found) < 2:
        alone = "the only program of the module"
        return [replace(main, reason=replace(main.evidence, why=alone)) for main in found]
    surest = [
        _asked_for(asked),
        _below(asked.below),
        _named(told.strong),
        _by_role(found),
        _first(told.strong),
    ]
    found.sort(key=lambda main: [sign.order(main) for sign in surest])
    first = [sign.order(found[0]) for sign in surest]
    tied = [main for main in found if [sign.order(main) for sign in surest] == first][:_MOST_SEARCHED]
    built = [_named(list(group)) for _, group in groupby(told.built, key=lambda told: told[1].by)]
    names = [_by_name(tied, module, folder), _named(told.named)]
    rest = [_serving(tied, module, serving), *built, *names]
    tied.sort(key=lambda main: [sign.order(main) for sign in rest])
    ranked = [*tied, *(main for main in found if main not in tied)]
    return [replace(ranked[0], reason=_reason(ranked, [*surest, *rest])), *ranked[1:]]


def _reason(ranked: list[Main], signs: Iterable[_Sign]) -> Evidence:
    """The first sign that sets the first apart from the second."""
    first, second = ranked[:2]
    told = next((sign for sign in signs if sign.order(first) != sign.order(second)), None)
    if told is not None:
        return told.reason(first)
    return _guess(first, f"nothing tells it from {second.package}, so the first by name is proposed")


def _guess(main: Main, why: str) -> Evidence:
    return replace(main.evidence, why=why, kind=NAME)


def _asked_for(asked: Asked) -> _Sign:
    return _Sign(
        lambda main: main.package != asked.chosen,
        lambda main: replace(main.evidence, why="chosen among the programs", kind=DECLARATION),
    )


def _below(folder: str) -> _Sign:
    def order(main: Main) -> bool:
        directory = directory_of(main)
        return not (directory == folder or directory.startswith(f"{folder}/") or not folder)

    why = "it lies in the folder that was named"
    return _Sign(order, lambda main: replace(main.evidence, why=why, kind=DECLARATION))


def _named(told: Sequence[tuple[str, Stated]]) -> _Sign:
    """Whether some file names it."""
    return _Sign(
        lambda main: all(package != main.package for package, _ in told), lambda main: _said(main, told)
    )


def _first(told: Sequence[tuple[str, Stated]]) -> _Sign:
    """Of those that files name the first."""
    places = {package: place for place, (package, _) in reversed([*enumerate(told)])}
    return _Sign(lambda main: places.get(main.package, 0), lambda main: _said(main, told))


def _said(main: Main, told: Sequence[tuple[str, Stated]]) -> Evidence:
    by = next(stated for package, stated in told if package == main.package)
    return replace(by.evidence, why=f"{by.by} names it: {by.evidence.why}", kind=DOCUMENT)


def _by_role(mains: Iterable[Main]) -> _Sign:
    """Those whose folder is no tool's or example's."""
    return _Sign(
        lambda main: main.role != APPLICATION,
        lambda main: _guess(main, "by their folders the other programs are tools or examples"),
    )


def _serving(mains: Iterable[Main], module: str, serving: Serving) -> _Sign:
    places = {main.package: serving.place(packages.import_path(module, directory_of(main))) for main in mains}

    def reason(main: Main) -> Evidence:
        place = places[main.package]
        assert place is not None
        return replace(place, why=f"{place.why}, and the other programs do not")

    return _Sign(lambda main: places.get(main.package) is None, reason)


def _by_name(mains: Sequence[Main], module: str, folder: str) -> _Sign:
    """Named like the module, or as servers usually are; one that is named like a helper comes last."""
    hosted = module.split("/")
    repository = hosted[2] if len(hosted) > 2 else folder
    names = [binary_name(module), repository, folder]
    usual = ["", *(f"cmd/{name}" for name in (*names, *facts.mains().usual)), "cmd"]

    def order(main: Main) -> int:
        directory = directory_of(main)
        if main.name in facts.mains().helpers and main.name not in names:
            return len(usual) + 1
        return usual.index(directory) if directory in usual else len(usual)

    return _Sign(order, lambda main: _guess(main, "it lies where the application usually does"))
