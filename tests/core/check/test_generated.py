"""What dockwright generates is never called drifted."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.test_inspect_samples import SAMPLES
from tests.core.txtar import unpack
from tests.golden.test_golden import CASES, HERE
from tui.cli import main
from tui.core.check import written


def test_what_was_just_generated_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For every sample of inspecting that has a program, with the saved answers and by its text alone."""
    count = 0
    for sample in SAMPLES:
        label = tomllib.loads(unpack(sample, tmp_path / sample.stem))
        folder = tmp_path / sample.stem / label.get("folder", "")
        (folder / "go.sum").touch()
        if main(["generate", str(folder), "--write", "--force"]) != 0:
            continue
        count += 1
        capsys.readouterr()
        assert main(["check", str(folder)]) == 0, capsys.readouterr().out
        next((tmp_path / sample.stem).rglob("dockwright.toml")).unlink()
        assert main(["check", str(folder)]) == 0, capsys.readouterr().out
    assert count >= 80


@pytest.mark.parametrize("name", CASES)
def test_what_is_generated_is_never_called_drifted(name: str) -> None:
    project, answers = CASES[name]
    text = (HERE / f"{name}.Dockerfile").read_text()
    found = list(written.drifted(replace(project, root=HERE), text, "Dockerfile", ()))
    assert not found or "main" in answers, found
