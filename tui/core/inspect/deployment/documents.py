"""YAML as plain nodes with their lines, bounded: no tag is obeyed, and an alias is never copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml.events import Event

LARGEST = 256 * 1024
"""Bytes of the largest file that is parsed; a manifest of a whole application has some 50 KB."""

_MOST_NODES = 20_000
# libyaml needs a minute for a line of 200,000 brackets, so that it is stopped long before.
_DEEPEST = 40
# Merges are followed so far and so wide: each could name all others.
_MERGED, _MERGES = 2, 8


@dataclass(slots=True)
class Node:
    """A scalar (``text``), a list (``items``) or a mapping (``entries``). ``line`` counts from 1."""

    line: int = 0
    text: str = ""
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)

    def get(self, *path: str) -> Node:
        """The node below these keys, an empty one where there is none; ``<<`` is followed."""
        node = self
        for key in path:
            node = node._entry(key, 0)
        return node

    def mapping(self) -> dict[str, Node]:
        """The entries with those that ``<<`` brings."""
        others = self._merged()
        return {k: v for other in reversed(others) for k, v in other.entries.items() if k != "<<"} | {
            k: v for k, v in self.entries.items() if k != "<<"
        }

    def __bool__(self) -> bool:
        return bool(self.text or self.items or self.entries)

    def _entry(self, key: str, depth: int) -> Node:
        if key in self.entries or depth > _MERGED:
            return self.entries.get(key, NOTHING)
        found = (other._entry(key, depth + 1) for other in self._merged())
        return next(filter(None, found), NOTHING)

    def _merged(self) -> list[Node]:
        merged = self.entries.get("<<")
        return [] if merged is None else (merged.items or [merged])[:_MERGES]


NOTHING = Node()


def read(data: bytes) -> list[Node]:
    """The documents up to the first that is no YAML or beyond the bounds. Any bytes give a list."""
    if len(data) > LARGEST:
        return []
    import yaml  # most projects have no such file, and it takes a twentieth of a second

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[Node] = []
    try:
        for document in _documents(yaml.parse(data, Loader=loader)):
            found.append(document)  # noqa: PERF402 - those before an error are kept
    except (yaml.YAMLError, ValueError):
        pass
    return found


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; ``key`` waits for its value."""

    node: Node
    is_sequence: bool
    key: str | None = None

    def add(self, node: Node) -> None:
        if self.is_sequence:
            self.node.items.append(node)
        elif self.key is None:
            self.key = node.text
        else:
            self.node.entries.setdefault(self.key, node)
            self.key = None


def _documents(events: Iterable[Event]) -> Iterator[Node]:
    stack: list[_Open] = []
    anchors: dict[str, Node] = {}
    for count, event in enumerate(events):
        kind = type(event).__name__
        if count > _MOST_NODES or len(stack) > _DEEPEST:
            return
        if kind == "DocumentStartEvent":
            anchors.clear()
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            done = stack.pop().node
            if not stack:
                yield done
        elif (node := _node(kind, event, anchors)) is not None:
            if stack:
                stack[-1].add(node)
            if kind in ("SequenceStartEvent", "MappingStartEvent"):
                stack.append(_Open(node, kind == "SequenceStartEvent"))


def _node(kind: str, event: Event, anchors: dict[str, Node]) -> Node | None:
    anchor = getattr(event, "anchor", None)
    if kind == "AliasEvent":
        return anchors.get(anchor or "", NOTHING)
    if kind not in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent"):
        return None
    node = Node(event.start_mark.line + 1, getattr(event, "value", ""))
    if anchor:
        anchors[anchor] = node
    return node
