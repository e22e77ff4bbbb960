"""What Git tracks, by its index in every form that Git writes, with Git itself as the oracle."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.core.inspect import gitindex, inspect
from tui.core.inspect.files import Reader

NAMES = [f"pkg/{'deep/' * (n % 4)}file{n}.go" for n in range(150)] + ["go.mod", "link", "a b/ü.go"]


def git(root: Path, *words: str) -> str:
    if shutil.which("git") is None:
        pytest.skip("no git here")
    options = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "core.quotePath=false")
    command = ["git", "-C", str(root), *options, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def repository(root: Path, *options: str) -> Path:
    for name in NAMES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    git(root, "init", "-q", *options)
    git(root, "add", ".")
    git(root, "commit", "-qm", "all")
    return root


def tracked(root: Path) -> set[str]:
    found = gitindex.read(Reader(root))
    assert found is not None
    # Each path stands in it from its first byte to a zero byte; bytes of other fields may stand before.
    return {name for name in [*NAMES, "new.go"] if f"{name}\0".encode() in found}


FORMS: dict[str, list[tuple[str, ...]]] = {
    "version 2": [("update-index", "--index-version", "2")],
    "version 3": [("update-index", "--skip-worktree", "pkg/file100.go")],
    "version 4": [("update-index", "--index-version", "4")],
    "split": [("update-index", "--split-index")],
    "split, version 4": [("update-index", "--index-version", "4"), ("update-index", "--split-index")],
}


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
@pytest.mark.parametrize("form", FORMS)
def test_what_git_lists_is_tracked(tmp_path: Path, form: str, kind: str) -> None:
    root = repository(tmp_path, f"--object-format={kind}")
    for words in FORMS[form]:
        git(root, *words)
    # What is changed after a split stands in the index, what is removed in a bitmap, even whole words of it.
    (root / "new.go").write_text("new")
    (root / "go.mod").write_text("changed")
    git(root, "add", "new.go", "go.mod")
    git(root, "rm", "-q", "--cached", *NAMES[:70], "link")
    assert tracked(root) == set(git(root, "ls-files").splitlines())
    assert "new.go" in tracked(root) and "link" not in tracked(root)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"DIRC\0\0\0\5\0\0\0\1" + bytes(80), "version 5"),
        (b"other", "damaged"),
        (b"DIRC\0\0\0\4\0\0\0\7short", "damaged"),
        (b"DIRC\0\0\0\2\0\0\0\0link\0\0\0\24" + b"\1" * 20 + bytes(20), "shared part"),
    ],
)
def test_an_index_that_is_not_understood_is_said(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(data)
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (tmp_path / ".gitignore").write_text("cache/\n")
    (tmp_path / "cache").mkdir()
    (note,) = [note.text for note in inspect(tmp_path).notes if "index" in note.text]
    assert says in note


def test_the_index_of_a_linked_working_tree_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere/.git/worktrees/app\n")
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (tmp_path / ".gitignore").write_text("cache/\n")
    (tmp_path / "cache").mkdir()
    (note,) = [note.text for note in inspect(tmp_path).notes if "index" in note.text]
    assert "working tree" in note


def test_where_nothing_is_ignored_the_index_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(b"other")
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    assert not [note.text for note in inspect(tmp_path).notes if "index" in note.text]


@settings(max_examples=40)
@given(version=st.integers(2, 4), data=st.binary(max_size=300), shared=st.binary(max_size=300))
def test_any_index(
    tmp_path_factory: pytest.TempPathFactory, version: int, data: bytes, shared: bytes
) -> None:
    root = tmp_path_factory.mktemp("index")
    (root / ".git").mkdir()
    text = b"DIRC\0\0\0%c%b" % (version, data)
    link = b"link\0\0\0\x1e" + bytes([7]) * 20 + shared[:10]
    (root / ".git" / "index").write_bytes(text + link + bytes(20))
    (root / ".git" / f"sharedindex.{'07' * 20}").write_bytes(b"DIRC\0\0\0\2\0\0\0\1" + shared)
    with suppress(gitindex.UnknownIndex):
        gitindex.read(Reader(root))
