"""``dockwright releases --refresh`` against a registry that demands a token."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import registry
from tui.cli import main
from tui.core import releases
from tui.engine import tags

pytestmark = pytest.mark.engine

TAGS = ("1.28", "1.28-trixie", "1.28-alpine3.25", "1.27-trixie", "1.27-bookworm", "1.26-trixie", "latest")


@pytest.fixture
def mirror(tmp_path: Path, first_client: Any) -> Iterator[registry.Registry]:
    """A registry with a golang image below ``hub/``."""
    with registry.running(tmp_path) as known:
        _push(first_client, known)
        yield known


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder and a docker configuration of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    return tmp_path


def test_the_tag_list_of_a_mirror_is_read_and_kept(
    mirror: registry.Registry, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "config" / "config.json").write_text(json.dumps(mirror.configuration))
    monkeypatch.setattr(tags, "_PAGE", 2)
    mirror.granted.clear()
    assert main(["releases", "--refresh", "--registry", f"{mirror.host}/hub"]) == 0
    assert mirror.granted
    printed = capsys.readouterr().out
    assert "1.28  maintained         alpine3.25 trixie" in printed
    assert "1.26  no fixes any more  trixie" in printed
    kept = releases.stored()
    assert kept and kept.maintained == ("1.27", "1.28")
    assert str(releases.path()) in printed


def test_without_a_login_it_says_so(mirror: registry.Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["releases", "--refresh", "--registry", f"{mirror.host}/hub"]) == 1
    assert f"docker login {mirror.host}" in capsys.readouterr().err
    assert releases.stored() is None


def test_an_image_that_is_not_there(
    mirror: registry.Registry, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "config" / "config.json").write_text(json.dumps(mirror.configuration))
    assert main(["releases", "--refresh", "--registry", mirror.host]) == 1
    assert "has no image golang" in capsys.readouterr().err


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["releases", "--refresh", "--registry", "127.0.0.1:1"]) == 1
    error = capsys.readouterr().err
    assert "cannot be reached" in error and "--registry" in error


def _push(client: Any, known: registry.Registry) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("empty"))
    imported = json.loads(client.import_image_from_data(archive.getvalue()))["status"]
    repository = f"{known.host}/hub/golang"
    for tag in TAGS:
        client.tag(imported, repository, tag)
        for line in client.push(repository, tag, auth_config=known.login, stream=True, decode=True):
            assert "error" not in line, line
    client.remove_image(imported, force=True)
