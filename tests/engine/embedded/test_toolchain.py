"""Which Go compiles, and what is said where none does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.engine.embedded.golang import with_go, without_go
from tui.engine import EngineUnavailable
from tui.engine.embedded import toolchain
from tui.engine.embedded.toolchain import find
from tui.engine.embedded.toolchain import without_go as without_go_variables


def pretend(folder: Path, version: str) -> dict[str, str]:
    """An environment whose go says it is that release."""
    folder.mkdir()
    script = folder / "go"
    script.write_text(f"#!/bin/sh\necho go{version}\necho /usr/lib/go\n")
    script.chmod(0o755)
    return {"PATH": str(folder)}


@pytest.fixture(autouse=True)
def only_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "find_spec", lambda name: None)


def test_the_one_on_path() -> None:
    environ = with_go()
    found = find("", "1.21", environ)
    assert found.version.startswith("1.") and (found.root / "lib" / "time" / "zoneinfo.zip").is_file()
    assert str(found.go) == f"{environ['PATH'].split(':')[0]}/go"


def test_none(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"There is no Go on this machine.*dockwright\[go\]"):
        find("1.27", "1.26", without_go(tmp_path / "empty"))


def test_too_old(tmp_path: Path) -> None:
    environ = pretend(tmp_path / "bin", "1.25.4")
    with pytest.raises(EngineUnavailable, match=r"too old: 1\.25\.4 .*asks for Go 1\.26"):
        find("1.27", "1.26", environ)
    assert find("1.27", "1.25", environ).version == "1.25.4"


@pytest.mark.parametrize(
    ("wanted", "is_it"), [("1.27", True), ("1.27.3", True), ("1.27.2", False), ("1.26", False)]
)
def test_a_release_is_any_of_its_fixes(tmp_path: Path, wanted: str, is_it: bool) -> None:
    assert find(wanted, "", pretend(tmp_path / "bin", "1.27.3")).is_release(wanted) is is_it


def test_what_only_is_called_go(tmp_path: Path) -> None:
    environ = pretend(tmp_path / "bin", "")
    with pytest.raises(EngineUnavailable, match="There is no Go"):
        find("", "", environ)


def test_the_package_beside_another_release_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = pretend(tmp_path / "bin", "1.28.0")
    package = tmp_path / "site" / "go"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    pretend(package / "bin", "1.27.3")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setattr(toolchain, "find_spec", importlib.util.find_spec)
    assert find("1.27", "1.26", environ).version == "1.27.3"
    assert find("1.28", "1.26", environ).version == "1.28.0"
    assert find("1.26", "1.26", environ).version == "1.28.0"


def test_only_what_decides_how_go_compiles_is_taken_out() -> None:
    kept = {
        "GOOGLE_APPLICATION_CREDENTIALS": "f",
        "GOMAXPROCS": "2",
        "GOPHER": "x",
        "CCACHE_DIR": "c",
        "HOME": "/",
    }
    gone = dict.fromkeys(("GOFLAGS", "GOAMD64", "GOEXPERIMENT", "CGO_CFLAGS", "CC", "GOWORK", "GODEBUG"), "x")
    assert without_go_variables({**kept, **gone}) == kept
