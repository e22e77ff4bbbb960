"""What compiles, and what the finished container is made of."""

from __future__ import annotations

from typing import Any

from tui.core import defaults as default
from tui.core import validate
from tui.core.catalog import builders, runtimes
from tui.core.choices import builder_choices, go_choices, runtime_choices
from tui.core.questions.declare import CHOICE, LINES, LIST, TEXT, Question


def _names(entries: tuple[Any, ...]) -> dict[str, str]:
    """Every name an entry answers to, the short ones first, with its id; its own reference is one too."""
    short = {alias: entry.id for entry in entries for alias in entry.aliases}
    references = {entry.reference: entry.id for entry in entries if entry.reference}
    return short | {entry.id: entry.id for entry in entries} | references


def _own_image(text: str) -> str:
    from tui.core import own_image

    return own_image.parse(text).text()


COMPILING = (
    Question(
        key="go",
        title="Go version",
        help="The Go release that compiles: a minor (1.27) follows its fixes.",
        kind=CHOICE,
        one=validate.go,
        default=default.go,
        metavar="VERSION",
        step="base",
        free=True,
        choices=go_choices,
    ),
    Question(
        key="image",
        title="Own base images",
        help="What an image of your own holds, as dockwright image REFERENCE prints it.",
        kind=LINES,
        one=_own_image,
        default=default.constant((), "the known images are described already"),
        metavar="FACTS",
    ),
    Question(
        key="builder",
        title="Builder",
        help="The image that compiles, known or your own. It is not in the finished image.",
        kind=CHOICE,
        one=validate.known_or_image("Builder", lambda: _names(builders())),
        default=default.builder,
        metavar="NAME|IMAGE",
        step="base",
        free=True,
        choices=builder_choices,
    ),
)
RUNNING = (
    Question(
        key="runtime",
        title="Runtime",
        help="The image the program runs in, known or your own.",
        kind=CHOICE,
        one=validate.known_or_image("Runtime", lambda: _names(runtimes())),
        default=default.runtime,
        metavar="NAME|IMAGE",
        step="base",
        free=True,
        choices=runtime_choices,
    ),
    Question(
        key="registry",
        title="Registry mirror",
        help="A mirror put before every base image.",
        kind=TEXT,
        one=validate.registry,
        default=default.constant("", "base images come from their own registries"),
        metavar="HOST/PATH",
        step="machine",
    ),
    Question(
        key="pin",
        title="Pinned digests",
        help="Base images with the digest they are to have, which dockwright can look up.",
        kind=LIST,
        one=validate.pin,
        default=default.constant((), "tags follow the fixes of the images"),
        metavar="IMAGE@DIGEST",
        step="machine",
    ),
)
