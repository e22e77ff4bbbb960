"""Projects from before modules: where they lie in GOPATH, and which Go they were written for."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui.core import validate
from tui.core.dockerfile import instructions
from tui.core.inspect import constraints, facts, files, repository, source
from tui.core.inspect.deployment import documents
from tui.core.inspect.files import Reader
from tui.core.inspect.seen import Seen
from tui.core.inspect.tree import Tree, walk
from tui.core.project import DECLARATION, DOCUMENT, NAME, Evidence, Gopath

ASSUMED = "1.16"
"""The language Go takes for a module without a go line, https://go.dev/ref/mod#go-mod-file-go"""

_COMMENT = re.compile(rb'^package[ \t]+\w+[ \t]*(?://|/\*)[ \t]*import[ \t]+"([^"\n]+)"', re.MULTILINE)
_GLIDE = re.compile(r"^package:\s*[\"']?([^\s\"']+)", re.MULTILINE)
_MINOR = re.compile(r"1\.(\d{1,2})(?=\.|$|[^0-9])")
_MOST_FILES = 2000
_MOST_FOLDERS = 5000


class _Place(NamedTuple):
    path: str
    evidence: Evidence


def find(folder: Path, top: Path) -> tuple[Path, Gopath] | None:
    """The nearest folder up to ``top`` with Go files and a vendor/, and what it is in GOPATH; else None."""
    for root in (folder, *folder.parents):
        if (root / "vendor").is_dir() and not (root / "vendor").is_symlink():
            tree = walk(Reader(root), most=_MOST_FOLDERS)
            return (root, read(root, tree)) if tree.folders and not tree.nested else None
        if root == top:
            return None
    return None


def read(root: Path, tree: Tree) -> Gopath:
    """What the project is in GOPATH. Its folder's name stands where nothing tells its import path."""
    reader, around = Reader(root), repository.reader(root, Seen())
    found = (place for place in _places(reader, around, tree) if _is_valid(place.path))
    name = root.name if _is_valid(root.name) else "app"
    place = next(found, _Place(name, Evidence(".", 1, "the folder's name", NAME)))
    language, evidence = _language(reader)
    return Gopath(place.path, place.evidence, language, evidence)


def _places(reader: Reader, around: Reader, tree: Tree) -> Iterator[_Place]:
    """Import paths, the surest first: what the code says, what vendoring tools noted, the Git remote."""
    imported: Counter[str] = Counter()
    first: dict[str, Evidence] = {}
    paths = [files.join(folder, name) for folder, names in tree.folders.items() for name in names]
    for path in paths[:_MOST_FILES]:
        data = reader.read(path) or b""
        folder = path.rpartition("/")[0]
        if (comment := _COMMENT.search(data)) and (stem := _without(_text(comment[1]), folder)):
            line = data[: comment.start()].count(b"\n") + 1
            yield _Place(stem, Evidence(path, line, f'import "{_text(comment[1])}"', DECLARATION))
        for imported_path, line in _imports(path, data):
            for stem in _stems(reader, tree, imported_path):
                imported[stem] += 1
                first.setdefault(stem, Evidence(path, line, f'import "{imported_path}"'))
    for stem, _ in imported.most_common(1):
        yield _Place(stem, first[stem])
    yield from _noted(reader)
    if url := repository.source_url(around, ""):
        yield _Place(url.removeprefix("https://"), Evidence(".git/config", 1, url, DOCUMENT))


def _imports(path: str, data: bytes) -> Iterator[tuple[str, int]]:
    try:
        yield from ((found.path, found.line) for found in source.read(path, data).imports)
    except (source.NotGo, source.NotText, constraints.MalformedConstraint):
        return


def _stems(reader: Reader, tree: Tree, path: str) -> Iterator[str]:
    """What stands before a folder of the project in an import path that vendor/ does not have."""
    if "." not in path.partition("/")[0] or ".." in path or (reader.root / "vendor" / path).is_dir():
        return
    parts = path.split("/")
    for count in range(1, len(parts)):
        if "/".join(parts[count:]) in tree.folders:
            yield "/".join(parts[:count])
            return


def _without(path: str, folder: str) -> str:
    """An import path without the folder at its end; empty where it does not end so."""
    return path if not folder else path.removesuffix(f"/{folder}") if path.endswith(f"/{folder}") else ""


def _noted(reader: Reader) -> Iterator[_Place]:
    """What Godeps, govendor and glide wrote down; vndr's and trash's lists begin with it."""
    for name, key in (("Godeps/Godeps.json", "ImportPath"), ("vendor/vendor.json", "rootPath")):
        data = reader.read(name)
        try:
            value = json.loads(data or b"{}")
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and isinstance(path := value.get(key), str):
            yield _Place(path, Evidence(name, 1, f"{key} {path}", DOCUMENT))
    if match := _GLIDE.search(_text(reader.read("glide.yaml") or b"")):
        yield _Place(match[1], Evidence("glide.yaml", 1, f"package: {match[1]}", DOCUMENT))
    for name in ("vendor.conf", "trash.conf"):
        head = _text(reader.read(name) or b"").strip().partition("\n")[0].split("#")[0].split()
        if len(head) == 1:
            yield _Place(head[0], Evidence(name, 1, head[0], DOCUMENT))


def _language(reader: Reader) -> tuple[str, Evidence | None]:
    """The newest Go that the project was tried with, not older than Go itself assumes."""
    for named, evidence in _tried(reader):
        minors = [int(number) for text in named for number in _MINOR.findall(text)]
        if minors:
            newest = max(minors)
            return f"1.{max(newest, int(ASSUMED[2:]))}", evidence
    return ASSUMED, None


def _tried(reader: Reader) -> Iterator[tuple[list[str], Evidence]]:
    if data := reader.read(".travis.yml"):
        for document in documents.read(data)[:1]:
            listed = document.get("go")
            texts = [listed.text, *(item.text for item in listed.items)]
            yield texts, Evidence(".travis.yml", max(listed.line, 1), "go", DOCUMENT)
    for name in facts.deployment().dockerfiles:
        for found in instructions(_text(reader.read(name) or b"")):
            if found.keyword == "FROM" and "golang:" in found.rest:
                tag = found.rest.partition("golang:")[2]
                yield [tag], Evidence(name, found.line, f"FROM {found.rest}", DOCUMENT)
            elif "-lang=go" in found.rest:
                said = found.rest.partition("-lang=go")[2].split()[0:1]
                yield said, Evidence(name, found.line, f"{found.keyword} {found.rest}", DOCUMENT)
    for name in (".go-version", ".golang-version"):
        yield [_text(reader.read(name) or b"")[:20]], Evidence(name, 1, "the Go version", DOCUMENT)


def _is_valid(path: str) -> bool:
    try:
        return bool(validate.import_path(path))
    except validate.Invalid:
        return False


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
