"""Imports point one way, and the command line costs nothing it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "tui" / "core").rglob("*.py")
)


def loaded(code: str) -> set[str]:
    """Top-level packages in memory after running the code in a fresh interpreter."""
    script = f"{code}\nimport sys; print(*sorted({{n.partition('.')[0] for n in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_core_imports_no_user_interface_and_no_engine() -> None:
    names = loaded("\n".join(f"import {module}" for module in CORE))
    assert not names & {"textual", "rich", "docker", "requests"}


def test_core_imports_nothing_above_it() -> None:
    code = "\n".join(f"import {module}" for module in CORE)
    script = f"{code}\nimport sys; print(*[n for n in sys.modules if n.startswith('tui.')])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {name.split(".")[1] for name in done.stdout.split()} == {"core"}


def test_engine_imports_no_user_interface() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "tui" / "engine").rglob("*.py")
    ]
    assert not loaded("\n".join(f"import {module}" for module in modules)) & {"textual", "rich"}


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_version_and_help_load_no_textual(flag: str) -> None:
    code = f"from tui.cli import main\ntry: main([{flag!r}])\nexcept SystemExit: pass"
    assert not loaded(code) & {"textual", "rich", "docker", "jinja2", "tree_sitter"}
