"""Texts that an expression can have, and what becomes of them when they are put together."""

from __future__ import annotations

import re
from itertools import product
from typing import NamedTuple

HOLE = "\ufffd"
"""Stands in a value's text for what cannot be known from the code."""

MOST = 12
"""How many values of one expression are kept."""

_VERB = re.compile(r"%[-+# 0-9.]*([a-zA-Z%])")


class Value(NamedTuple):
    """One text an expression can have, and where it was written.

    ``env`` is the environment variable that overrides or provides it.
    """

    text: str
    file: str = ""
    line: int = 0
    env: str = ""
    is_number: bool = False


def added(left: list[Value], right: list[Value]) -> list[Value]:
    """The sums, where both are numbers."""
    if not all(value.is_number for value in (*left, *right)):
        return []
    sums = [(other, int(one.text) + int(other.text)) for one in left for other in right]
    return [value._replace(text=str(total)) for value, total in sums][:MOST]


def joined(parts: list[list[Value]]) -> list[Value]:
    """Every combination; a part nothing is known of is a hole."""
    combined = []
    for choice in product(*(part or [Value(HOLE)] for part in parts)):
        text = "".join(value.text for value in choice)
        # The digits of the port are the last ones: their place is the place to show.
        place = next((v for v in reversed(choice) if re.search(r"\d", v.text)), choice[-1])
        env = next((value.env for value in choice if value.env), "")
        combined.append(Value(text, place.file, place.line, env))
        if len(combined) >= MOST:
            break
    return combined


def path(elements: list[list[Value]]) -> list[Value]:
    """Path elements with a slash between them."""
    parts: list[list[Value]] = []
    for element in elements:
        parts += [element, [Value("/")]]
    return joined(parts[:-1])


def formatted(args: list[list[Value]]) -> list[Value]:
    if not args or not args[0]:
        return []
    layout, rest = args[0][0], iter(args[1:])
    parts: list[list[Value]] = []
    end = 0
    for verb in _VERB.finditer(layout.text):
        parts.append([Value(layout.text[end : verb.start()], layout.file, layout.line)])
        parts.append([Value("%")] if verb[1] == "%" else next(rest, []))
        end = verb.end()
    return joined([*parts, [Value(layout.text[end:], layout.file, layout.line)]])
