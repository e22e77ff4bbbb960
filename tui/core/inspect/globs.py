"""Shell patterns as Go's path.Match reads them, for one path element."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_PART = re.compile(
    r"""(?P<many>\*+) | (?P<one>\?) | (?P<escaped>\\.)
      | \[(?P<negated>\^?)(?P<ranges>(?:(?:\\.|[^\\\]\-])(?:-(?:\\.|[^\\\]\-]))?)+)\]
      | (?P<plain>[^\\\[*?]+) | (?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_RANGE = re.compile(r"(\\.|[^\\\]\-])(?:-(\\.|[^\\\]\-]))?", re.DOTALL)


@cache
def compile_part(pattern: str) -> Callable[[str], bool]:
    """A test for names. A malformed pattern matches nothing."""
    between_stars = [""]
    for match in _PART.finditer(pattern):
        match match.lastgroup:
            case "bad":
                return lambda name: False
            case "many":
                between_stars.append("")
            case "one":
                between_stars[-1] += "."
            case "ranges":
                between_stars[-1] += _ranges(match["negated"], match["ranges"])
            case _:
                between_stars[-1] += re.escape(match[0].removeprefix("\\"))
    compiled = re.compile(_joined(between_stars), re.DOTALL)
    return lambda name: compiled.fullmatch(name) is not None


def _joined(parts: list[str]) -> str:
    """Stars as atomic groups, which never try twice: no pattern takes exponential time."""
    if len(parts) == 1:
        return parts[0]
    first, *middle, last = parts
    return first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"


def _ranges(negated: str, text: str) -> str:
    pairs = [(low[-1], (high or low)[-1]) for low, high in _RANGE.findall(text)]
    inside = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in pairs if low <= high)
    if not inside:
        return "." if negated else "(?!)"
    return f"[{negated}{inside}]"
