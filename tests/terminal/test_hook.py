"""The hook that the repository offers, installed by pre-commit itself and run by git."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tui.cli import main

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
AUTHOR = {
    f"GIT_{role}_{what}": "test@localhost" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def run(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=cwd, env=os.environ | AUTHOR | env, capture_output=True, text=True, check=False
    )


def repository(source: Path, folder: Path) -> Path:
    """A copy of a folder as a repository with one commit."""
    left_out = shutil.ignore_patterns(
        ".git", ".venv", "build", "dist", ".*_cache", ".hypothesis", "__pycache__"
    )
    shutil.copytree(source, folder, ignore=left_out)
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "all")):
        assert run("git", *words, cwd=folder).returncode == 0
    return folder


def test_the_manifest_and_the_example_are_valid(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    valid = run(*PRE_COMMIT, "validate-manifest", str(MANIFEST), cwd=tmp_path, PRE_COMMIT_HOME=store)
    assert valid.returncode == 0, valid.stdout
    example = re.search(r"```yaml\n(repos:.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert example
    (tmp_path / "config.yaml").write_text(example[1])
    valid = run(*PRE_COMMIT, "validate-config", "config.yaml", cwd=tmp_path, PRE_COMMIT_HOME=store)
    assert valid.returncode == 0, valid.stdout
    assert re.findall(r"id: (\S+)", MANIFEST.read_text()) == re.findall(r"id: (\S+)", example[1])


@pytest.mark.slow
def test_git_refuses_a_commit_whose_dockerfile_drifted(tmp_path: Path) -> None:
    offered = repository(ROOT, tmp_path / "dockwright")
    revision = run("git", "rev-parse", "HEAD", cwd=offered).stdout.strip()
    project = repository(ROOT / "tests" / "projects" / "ping", tmp_path / "ping")
    (project / ".pre-commit-config.yaml").write_text(
        f"repos: [{{repo: {offered}, rev: {revision}, hooks: [{{id: dockwright-check}}]}}]\n"
    )
    assert main(["generate", str(project), "--write"]) == 0
    assert run(*PRE_COMMIT, "install", cwd=project).returncode == 0

    def commit() -> tuple[int, str]:
        run("git", "add", ".", cwd=project)
        done = run(
            "git", "commit", "--message", "change", cwd=project, PRE_COMMIT_HOME=str(tmp_path / "store")
        )
        return done.returncode, done.stdout + done.stderr

    code, text = commit()
    assert code == 0 and re.search(r"dockwright check\.+Passed", text), text

    (project / "go.mod").write_text((project / "go.mod").read_text().replace("go 1.27", "go 1.27.9"))
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("GO_VERSION=1.27", "GO_VERSION=1.26"))
    code, text = commit()
    assert code == 1 and "golang:1.26-trixie has Go 1.26, and go.mod:3 asks for 1.27.9." in text, text

    assert main(["generate", str(project), "--write", "--force"]) == 0
    assert commit()[0] == 0

    (project / "main.go").unlink()
    code, text = commit()
    assert code == 1 and re.search(r"dockwright check\.+Failed", text), text
