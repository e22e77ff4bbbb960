"""The space of answers, and rows that hold every pair of answers the rules let through.

Parameters are the sample applications and every question of ``QUESTIONS``: a choice with all its
choices, a switch with both states, a text with the examples below. A value of None leaves the
question to its default. Every pair of values is in a row, or in ``refused_pairs`` when no plan
without an error holds it.
"""

from __future__ import annotations

import os
import random
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from platform import machine
from typing import Any

from allpairspy import AllPairs

from tests.cover.applications import VARIED, project
from tests.cover.rows import Row, Value, remembered
from tui.core import catalog, rules
from tui.core.final_image import debug_name
from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan, answer_text, defaults, follow
from tui.core.project import Project
from tui.core.questions import QUESTIONS, question
from tui.core.questions.declare import CHOICE, SWITCH, Question
from tui.core.render import render
from tui.core.rules import Problem
from tui.core.validate import Invalid

Space = OrderedDict[str, list[Value]]
Pair = tuple[str, Value, str, Value]
"""A question's key and its value, twice; ``app`` is the key of the application."""

_IMAGES = os.environ.get("DOCKWRIGHT_TEST_IMAGES", "")
REAL_IMAGES = bool(_IMAGES)
"""Base images come from their registries instead of being the stand-ins that are in the store."""

APP = "app"
THROUGH_MIRROR = _IMAGES not in ("", "registry")
"""``DOCKWRIGHT_TEST_IMAGES`` is ``registry``, or the mirror that has them: every row names it."""

MIRROR = _IMAGES if THROUGH_MIRROR else "mirror.example.test/hub"

HERE = f"linux/{'arm64' if machine() in ('aarch64', 'arm64') else 'amd64'}"
"""The platform of this machine."""

EXAMPLES: dict[str, tuple[Value, ...]] = {
    "platform": (None, HERE, "linux/arm64", "windows/amd64"),
    "also": (None, "./cmd/migrate"),
    "port": (None, "none", "8080/tcp, 9125/udp"),
    "user-name": (None, "app"),
    "user": ("65532:65532", "1000:1000", "0:0", "nobody"),
    "workdir": (None, "/srv/app"),
    "writable-dir": (None, "/data"),
    "label": (None, "org.opencontainers.image.title=cover"),
    "app-version": (None, "1.2.3"),
    "registry": (MIRROR,) if THROUGH_MIRROR else (None, MIRROR),
    "env": (None, "APP_MODE=test"),
    "args": (None, "Ada"),
    "build-tag": (None, "cover"),
    "ca-file": (None, "/etc/ssl/company.crt"),
    "file": (None, "go.mod"),
    "package": (None, "less"),
}
"""Answers to questions that are typed."""

RENDERED_ONLY = {
    "build-tag": "links every program anew; tests/golden and the other answers' tags in what is built",
    "ca-file": "needs a server with such a certificate; tests/engine/test_company_ca.py",
    "file": "an image per file; tests/cover/test_checkout.py builds and reads them",
    "package": "needs a mirror of packages; tests/engine/test_cgo_packages.py",
}
"""Questions whose answers are rendered and checked, with why they are not built and the test that is."""

NOT_VARIED = {
    "main": ("each application has its own", "tests/cover/test_cover.py"),
    "binary": ("a name like any other", "tests/golden/test_golden.py"),
    "tag": ("each row has its own", "tests/cover/test_cover.py"),
    "go": ("the newest release is the one there are images of", "tests/engine/test_releases.py"),
    "engine": ("it changes nothing of the image", "tests/engine/embedded/test_choose.py"),
    "deliver": ("it changes nothing of the image", "tests/engine/embedded/test_delivery.py"),
    "transport": ("it belongs to the engine a row is built on", "tests/cover/test_cover.py"),
    "node": ("there are images of one release", "tests/core/test_frontend.py"),
    "front-end": ("only what has one, and it must be made", "tests/engine/test_generated.py"),
    "image": ("it says what is in an image of the user's own", "tests/cover/test_own_bases.py"),
    "build-package": ("what C code needs is proven by package", "tests/engine/test_cgo_packages.py"),
    "pin": ("a digest is looked up in a registry", "tests/engine/test_digest.py"),
    "version-variable": ("what an application has is found in its code", "tests/cover/test_cover.py"),
    "private": ("it needs a server with modules", "tests/engine/test_private.py"),
    "private-access": ("it needs a server with modules", "tests/engine/test_private_ssh.py"),
    "netrc": ("it needs a server with modules", "tests/engine/test_private.py"),
    "proxy": ("it needs a proxy", "tests/engine/test_build_settings.py"),
}
"""Questions that are no parameters, with the reason and the tests that try them."""

DEBUG_IMAGES = ("gcr.io/distroless/static-debian13:debug-nonroot", "busybox:1.38-musl")
"""Images with a shell for the debug stage that are here."""

DECISIVE = ("cgo", "link", "platform", "builder", "runtime")
"""What decides about the others comes first, so that a row that cannot be is given up early."""


TRIES = 24
"""How many accepted rows are tried as the ground of a missing pair until it counts as impossible."""


@cache
def parameters() -> Space:
    """Every parameter with its values."""
    asked = [entry for entry in QUESTIONS if entry.key not in NOT_VARIED]
    asked.sort(key=lambda entry: DECISIVE.index(entry.key) if entry.key in DECISIVE else len(DECISIVE))
    return OrderedDict([(APP, list(VARIED)), *((entry.key, _values(entry)) for entry in asked)])


def _values(entry: Question) -> list[Value]:
    if entry.key in EXAMPLES:
        return list(EXAMPLES[entry.key])
    if entry.kind == SWITCH:
        return ["on", "off"]
    everything = [(project(name), defaults(project(name))) for name in VARIED]
    offered = (choice.value for pair in everything for choice in entry.choices(*pair))
    always = all(entry.shown(*pair) for pair in everything)
    return list(dict.fromkeys(offered if always else (None, *offered)))


def program(row: Row) -> str:
    """What is compiled: rows with the same text share it."""
    made = _quick_plan(row)
    assert made is not None
    return f"{row.app}-{made.builder}-{made.link if made.cgo else 'pure'}"


def plan(row: Row) -> Plan:
    """The plan a person gets who gives these answers."""
    return plan_of(project(row.app), row)


def plan_of(found: Project, row: Row) -> Plan:
    """The plan these answers make of that project."""
    made = answer_text(found, defaults(found), "go", catalog.go_releases().newest)
    for key, text in row.answers:
        made = answer_text(found, made, key, text)
    return made


@cache
def errors(row: Row) -> tuple[Problem, ...] | None:
    """What forbids this row; None when one of its answers is not offered or no answer at all."""
    found, made = project(row.app), _quick_plan(row)
    if made is None or any(not _is_offered(found, made, key, text) for key, text in row.answers):
        return None
    return rules.errors(found, made)


def is_allowed(row: Row) -> bool:
    """Whether the wizard lets this plan through."""
    return errors(row) == ()


@cache
def can_be_built(row: Row) -> bool:
    """Whether the wizard lets it through, and it can be built with the images that are here."""
    if not is_allowed(row):
        return False
    if any(row.answer(key) for key in RENDERED_ONLY):
        return False
    made = _quick_plan(row)
    assert made is not None
    return not why_not_built(project(row.app), made)


def why_not_built(found: Project, made: Plan) -> str:
    """What keeps this plan from being built here; empty when nothing does."""
    images = (builder_of(made), runtime_of(made))
    if windows := next((image for image in images if image.os == "windows"), None):
        return f"{windows.id} needs a Windows engine"
    if made.platform not in ((), (HERE,)):
        return f"{', '.join(made.platform)} does not run here"
    if REAL_IMAGES:
        return ""
    if unproven := next((image for image in images if image.proven == "no"), None):
        return f"{unproven.id} cannot be put together here"
    if made.debug and debug_name(made) not in DEBUG_IMAGES:
        return f"{debug_name(made)} cannot be put together here"
    if "apk" not in [image.packages for image in images]:
        return ""
    dockerfile, *_ = render(found, made)
    return "no mirror of Alpine's packages answers" if "apk add" in dockerfile.text else ""


@cache
def _quick_plan(row: Row) -> Plan | None:
    """What ``plan`` gives, in one go; None where it raises Invalid."""
    found = project(row.app)
    given = {"go": catalog.go_releases().newest, **dict(row.answers)}
    try:
        parsed = {key.replace("-", "_"): _parsed(key, text) for key, text in given.items()}
    except Invalid:
        return None
    return follow(found, replace(_defaults(row.app), **parsed, answered=frozenset(given)))


@cache
def _defaults(app: str) -> Plan:
    return defaults(project(app))


@cache
def _parsed(key: str, text: str) -> Any:
    return question(key).parse(text)


def _is_offered(found: Project, made: Plan, key: str, text: str) -> bool:
    entry = question(key)
    if not entry.shown(found, made):
        return False
    if entry.kind != CHOICE or key in EXAMPLES:
        return True
    return text in _offered(found, made, key)


def _offered(found: Project, made: Plan, key: str) -> set[str]:
    if key in ("builder", "runtime"):
        return {str(value) for value in parameters()[key]}
    return {choice.value for choice in question(key).choices(found, made)}


def row_of(values: Iterable[tuple[str, Value]]) -> Row:
    """The row with these values of its parameters."""
    given = dict(values)
    app = given.pop(APP)
    assert app is not None
    return Row(app, tuple((key, text) for key, text in given.items() if text is not None))


@cache
@remembered
def built_rows() -> tuple[Row, ...]:
    """Every pair that can be built here, in about as few rows as there can be."""
    found = tuple(_search(parameters(), can_be_built))
    # The search ends at the first row that brings nothing new, although others would.
    return found + _rows_of_the_rest(found, can_be_built)


@cache
@remembered
def rendered_rows() -> tuple[Row, ...]:
    """Every other pair the rules let through."""
    return _rows_of_the_rest(built_rows(), is_allowed)


def _rows_of_the_rest(found: tuple[Row, ...], accept: Callable[[Row], bool]) -> tuple[Row, ...]:
    """Rows with the acceptable pairs that those found do not hold."""
    more: list[Row] = []
    covered = {pair for row in found for pair in pairs_of(row)}
    kernels = list(dict.fromkeys(_kernel(row) for row in found))
    for pair in _pairs(parameters()):
        if pair not in covered and (row := _row_with(pair, kernels, accept)):
            more.append(row)
            covered.update(pairs_of(row))
            if (kernel := _kernel(row)) not in kernels:
                kernels.append(kernel)
    return tuple(more)


def _kernel(row: Row) -> Row:
    """What decides about the rest of a row."""
    return Row(row.app, tuple((key, text) for key, text in row.answers if key in DECISIVE))


def _row_with(pair: Pair, kernels: list[Row], accept: Callable[[Row], bool]) -> Row | None:
    """A row that holds the pair, made of what was accepted with other pairs."""
    wanted = dict(_halves(pair))
    mixed = random.Random(repr(pair))

    def distance(kernel: Row) -> tuple[int, float]:
        return sum(_value(kernel, key) != value for key, value in wanted.items()), mixed.random()

    for kernel in sorted(kernels, key=distance)[:TRIES]:
        values = {APP: kernel.app, **dict(kernel.answers), **wanted}
        if accept(row_of(values.items())):
            return _filled(values, mixed, accept)
    return None


def _filled(values: dict[str, Value], mixed: random.Random, accept: Callable[[Row], bool]) -> Row:
    """The row with values for what is still open, as mixed as the pairs are."""
    for key, offered in parameters().items():
        for value in mixed.sample(offered, len(offered)) if key not in values else ():
            if accept(row_of({**values, key: value}.items())):
                values[key] = value
                break
    return row_of((key, values.get(key)) for key in parameters())


@cache
def refused_pairs() -> dict[Pair, Row]:
    """Pairs that no row holds, each with the plan that has them and else follows the defaults."""
    covered = {pair for row in (*built_rows(), *rendered_rows()) for pair in pairs_of(row)}
    missing = (pair for pair in _pairs(parameters()) if pair not in covered)
    # The application without needs of its own, unless the pair names one.
    return {pair: row_of({APP: "http", **dict(_halves(pair))}.items()) for pair in missing}


def _value(row: Row, key: str) -> Value:
    return row.app if key == APP else row.answer(key)


def pairs_of(row: Row) -> Iterator[Pair]:
    """Every pair this row holds."""
    names = list(parameters())
    values = [_value(row, key) for key in names]
    for one, other in combinations(zip(names, values, strict=True), 2):
        yield (*one, *other)


def _pairs(space: Space) -> Iterator[Pair]:
    for one, other in combinations(space, 2):
        for left, right in product(space[one], space[other]):
            yield one, left, other, right


def _halves(pair: Pair) -> Iterator[tuple[str, Value]]:
    yield pair[0], pair[1]
    yield pair[2], pair[3]


def _search(space: Space, accept: Callable[[Row], bool]) -> Iterator[Row]:
    names = list(space)

    def possible(values: list[Value]) -> bool:
        return accept(row_of(zip(names, values, strict=False)))

    for values in AllPairs(list(space.values()), filter_func=possible):
        yield row_of(zip(names, values, strict=True))
