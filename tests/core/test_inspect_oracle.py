"""Go itself as the oracle: ``go list`` over its own source must agree, platform by platform."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tui.core.inspect import embeds, files
from tui.core.inspect.buildtags import Target
from tui.core.inspect.mains import binary_name
from tui.core.inspect.packages import Graph, Package, Root

GOROOT = Path(os.environ.get("DOCKWRIGHT_TEST_GO", "/usr/local/go"))
TARGETS = [Target("linux", "amd64", cgo) for cgo in (False, True)] + [
    Target("linux", "arm64", True),
    Target("windows", "amd64", True),
]

pytestmark = pytest.mark.skipif(
    not (GOROOT / "bin" / "go").exists(), reason="no Go: set DOCKWRIGHT_TEST_GO to a GOROOT"
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: f"{t.goos}-{t.goarch}-cgo{int(t.cgo)}")
@pytest.mark.parametrize("module", ["std", "cmd"])
def test_packages_are_those_of_go_list(module: str, target: Target) -> None:
    root = (GOROOT / "src" if module == "std" else GOROOT / "src" / "cmd").resolve()
    # The experiments that are on by default in this release of Go.
    experiments = _go(root, target, "-f", "{{range context.ToolTags}}{{.}} {{end}}", "unsafe").split()
    target = replace(target, tags=frozenset(experiments))
    expected = {p["Dir"]: _listed(p, root) for p in _go_list(root, target)}
    found = dict(_found(root, target))
    # go list says nothing of the package that only documents.
    found.pop("builtin", None)
    assert found.keys() == expected.keys()
    differing = {path for path in found if found[path] != expected[path]}
    assert {path: (found[path], expected[path]) for path in differing} == {}


def _found(root: Path, target: Target) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = files.Reader(root)
    graph = Graph(reader, files.walk(reader), [Root(root.name, "")], platform=target)
    for package in graph.own():
        compiled = tuple(package.compiled(target))
        if compiled:
            part = Package(package.path, package.directory, compiled)
            yield (
                package.directory,
                {
                    "name": {file.package for file in compiled},
                    "go": {_name(file.path) for file in compiled if not file.imports_c},
                    "cgo": {_name(file.path) for file in compiled if file.imports_c},
                    "imports": {imported.path for file in compiled for imported in file.imports},
                    "embeds": {file for embed in embeds.find(reader, [part]) for file in embed.files},
                },
            )
    assert not reader.left_out


def _listed(package: dict[str, Any], root: Path) -> dict[str, Any]:
    directory = "" if package["Dir"] == "." else package["Dir"] + "/"
    written = {real: name for name, real in (package.get("ImportMap") or {}).items()}
    return {
        "name": {package["Name"]},
        "go": set(package.get("GoFiles") or ()),
        "cgo": set(package.get("CgoFiles") or ()),
        "imports": {written.get(path, path) for path in package.get("Imports") or ()},
        "embeds": {f"{directory}{file}" for file in package.get("EmbedFiles") or ()},
    }


def _go_list(root: Path, target: Target) -> list[dict[str, Any]]:
    text = _go(root, target, "-json=Dir,Name,GoFiles,CgoFiles,Imports,ImportMap,EmbedFiles", "./...")
    packages: list[dict[str, Any]] = json.loads("[" + text.replace("\n}\n{", "\n},\n{") + "]")
    kept = [package for package in packages if package.get("GoFiles") or package.get("CgoFiles")]
    for package in kept:
        package["Dir"] = os.path.relpath(package["Dir"], root)
    return [package | {"Dir": "" if package["Dir"] == "." else package["Dir"]} for package in kept]


def _go(folder: Path, target: Target, *arguments: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(Path.home()),
        "GOOS": target.goos,
        "GOARCH": target.goarch,
        "CGO_ENABLED": str(int(target.cgo)),
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOBIN": "" if target.goos == "windows" else "/bin",
    }
    command = [str(GOROOT / "bin" / "go"), "list", "-e", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def _name(path: str) -> str:
    return path.rpartition("/")[2]


@pytest.mark.parametrize(
    "module", ["example.com/a", "example.com/a/v2", "gopkg.in/tool.v3", "v2", "example.com/v1", "a.b/c/v10"]
)
def test_binary_names_are_those_go_gives(module: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(f"module {module}\n\ngo 1.21\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    target = _go(tmp_path, Target(), "-f", "{{.Target}}", ".")
    assert f"/bin/{binary_name(module)}" == target.strip()
