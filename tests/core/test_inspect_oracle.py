"""Go itself as the oracle: ``go list`` must agree, platform by platform, over its own source and over every
module that the sample applications download."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tui.core.inspect import embeds, files, gomod, tree
from tui.core.inspect.buildtags import Target
from tui.core.inspect.mains import binary_name
from tui.core.inspect.packages import Graph, Package, Root
from tui.core.inspect.targets import Targets

GOROOT = Path(os.environ.get("DOCKWRIGHT_TEST_GO", "/usr/local/go"))
TARGETS = [Target("linux", "amd64", cgo) for cgo in (False, True)] + [
    Target("linux", "arm64", True),
    Target("windows", "amd64", True),
]

pytestmark = pytest.mark.skipif(
    not (GOROOT / "bin" / "go").exists(), reason="no Go: set DOCKWRIGHT_TEST_GO to a GOROOT"
)


PLATFORMS = pytest.mark.parametrize("target", TARGETS, ids=lambda t: f"{t.goos}-{t.goarch}-cgo{int(t.cgo)}")
PROJECTS = Path(__file__).parents[1] / "projects"
DOWNLOADING = sorted(path.parent for path in PROJECTS.rglob("go.sum") if path.read_text())


@PLATFORMS
@pytest.mark.parametrize("module", ["std", "cmd"])
def test_packages_are_those_of_go_list(module: str, target: Target) -> None:
    root = (GOROOT / "src" if module == "std" else GOROOT / "src" / "cmd").resolve()
    target = _experimental(root, target)
    listed = _go_list(root, target, "./...")
    # go list says nothing of the package that only documents.
    assert _differences(root, target, listed).keys() <= {"builtin"}


@pytest.mark.skipif(
    "DOCKWRIGHT_TEST_GO" not in os.environ,
    reason="it needs the Go release the sample applications name, and their modules: set DOCKWRIGHT_TEST_GO",
)
@PLATFORMS
@pytest.mark.parametrize("app", DOWNLOADING, ids=lambda app: str(app.relative_to(PROJECTS)))
def test_downloaded_modules_are_those_of_go_list(app: Path, target: Target, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(app, tmp_path / "app", ignore=shutil.ignore_patterns("vendor")))
    modules = _downloaded(folder)
    target = _experimental(folder, target)
    listed = _go_list(folder, target, *(f"{module['Path']}/..." for module in modules))
    assert listed
    for module in modules:
        own = [package for package in listed if package["Module"]["Path"] == module["Path"]]
        assert _differences(Path(module["Dir"]).resolve(), target, own) == {}


def test_the_sample_applications_download_modules() -> None:
    assert {"apps/echo", "apps/sqlite", "ping"} <= {str(app.relative_to(PROJECTS)) for app in DOWNLOADING}


def _differences(root: Path, target: Target, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """What was read and what go list says, by folder, where they are not the same."""
    expected = {os.path.relpath(p["Dir"], root): p for p in listed}
    wanted = {"" if path == "." else path: _listed(p) for path, p in expected.items()}
    found = dict(_found(root, target))
    both = {folder: (found.get(folder), wanted.get(folder)) for folder in found.keys() | wanted.keys()}
    return {folder: (read, said) for folder, (read, said) in both.items() if read != said}


def _found(root: Path, target: Target) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = files.Reader(root)
    mod = gomod.parse_mod(reader.read("go.mod") or b"")
    both = Targets((replace(target, cgo=False),), (target.having_cgo(),))
    graph = Graph(reader, tree.walk(reader, mod.ignored), [Root(root.name, "")], compiled_for=both)
    for package in graph.own():
        compiled = tuple(package.compiled(target))
        if compiled:
            part = Package(package.path, package.directory, compiled)
            embedded = {file for embed in embeds.find(reader, [part]) for file in embed.files}
            yield (
                package.directory,
                {
                    "name": {file.package for file in compiled},
                    "go": {_name(file.path) for file in compiled if not file.imports_c},
                    "cgo": {_name(file.path) for file in compiled if file.imports_c},
                    "imports": {imported.path for file in compiled for imported in file.imports},
                    "embeds": {os.path.relpath(file, package.directory or ".") for file in embedded},
                },
            )
    assert not reader.left_out


def _listed(package: dict[str, Any]) -> dict[str, Any]:
    written = {real: name for name, real in (package.get("ImportMap") or {}).items()}
    return {
        "name": {package["Name"]},
        "go": set(package.get("GoFiles") or ()),
        "cgo": set(package.get("CgoFiles") or ()),
        "imports": {written.get(path, path) for path in package.get("Imports") or ()},
        "embeds": set(package.get("EmbedFiles") or ()),
    }


def _experimental(folder: Path, target: Target) -> Target:
    """With the tags of the experiments that are on by default in this release of Go."""
    text = _go(folder, target, "list", "-f", "{{range context.ToolTags}}{{.}} {{end}}", "unsafe")
    return replace(target, tags=frozenset(text.split()))


def _go_list(folder: Path, target: Target, *patterns: str) -> list[dict[str, Any]]:
    """The packages that have a file for the target."""
    fields = "-json=Dir,Name,Module,GoFiles,CgoFiles,Imports,ImportMap,EmbedFiles"
    listed = _values(_go(folder, target, "list", "-e", fields, *patterns))
    return [package for package in listed if package.get("GoFiles") or package.get("CgoFiles")]


def _downloaded(folder: Path) -> list[dict[str, Any]]:
    """The modules of a build, downloaded where they were not yet; all tests share Go's module cache."""
    proxy = os.environ.get("GOPROXY", "")
    return _values(_go(folder, Target(), "mod", "download", "-json", GOPROXY=proxy))


def _values(text: str) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = json.loads("[" + text.replace("\n}\n{", "\n},\n{") + "]")
    return values


def _go(folder: Path, target: Target, *arguments: str, **more: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(Path.home()),
        "GOOS": target.goos,
        "GOARCH": target.goarch,
        "CGO_ENABLED": str(int(target.cgo)),
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOWORK": "off",
        "GOBIN": "" if target.goos == "windows" else "/bin",
    }
    given = {name: os.environ[name] for name in ("GOPATH", "GOMODCACHE", "GOCACHE") if name in os.environ}
    return subprocess.run(
        [str(GOROOT / "bin" / "go"), *arguments],
        cwd=folder,
        env=environment | given | more,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _name(path: str) -> str:
    return path.rpartition("/")[2]


@pytest.mark.parametrize(
    "module", ["example.com/a", "example.com/a/v2", "gopkg.in/tool.v3", "v2", "example.com/v1", "a.b/c/v10"]
)
def test_binary_names_are_those_go_gives(module: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(f"module {module}\n\ngo 1.21\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    target = _go(tmp_path, Target(), "list", "-f", "{{.Target}}", ".")
    assert f"/bin/{binary_name(module)}" == target.strip()
