"""What is remembered of a project is what a new look at it finds, whatever happened in between."""

from __future__ import annotations

import io
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.txtar import unpack
from tui.core.inspect import inspect, memory, seen
from tui.core.inspect.locate import locate
from tui.core.project import Project

SAMPLES = sorted((Path(__file__).parents[1] / "projects" / "inspect").glob("*.txtar"))
FILES = {
    "go.mod": "module example.com/app\n\ngo 1.27\n",
    "main.go": 'package main\n\nimport (\n\t"net/http"\n\t_ "embed"\n\t_ "example.com/app/a"\n)\n\n'
    '//go:embed web/*.txt\nvar s string\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n',
    "a/a.go": "package a\n",
    "web/x.txt": "x",
}


@contextmanager
def remembering(folder: Path) -> Iterator[Path]:
    """Every project counts as large and old; the folder its results are kept in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setattr(seen, "_MANY", 3)
        patch.setattr(seen, "_TICK", -(10**15))
        patch.setattr(seen, "_COARSE_TICK", -(10**15))
        yield folder / "dockwright" / "projects"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with remembering(tmp_path_factory.mktemp("cache")) as folder:
        yield folder


def fresh(root: Path) -> Project:
    """What an inspection finds that remembers nothing."""
    with TemporaryDirectory() as other, remembering(Path(other)):
        return inspect(root)


def test_a_second_look_reads_no_file(tmp_path: Path, kept: Path) -> None:
    root = write(tmp_path, FILES | {f"p{n}/f.go": f"package p{n}\n" for n in range(100)})
    first = inspect(root)
    (file,) = kept.iterdir()
    told: list[int] = []
    assert inspect(root, progress=told.append) == first == fresh(root)
    assert not told
    assert [entry.name for entry in kept.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600 and kept.stat().st_mode & 0o777 == 0o700


def test_each_question_has_an_answer_of_its_own(tmp_path: Path, kept: Path) -> None:
    root = write(tmp_path, FILES | {"cmd/b/b.go": "package main\n\nfunc main() {}\n"})
    assert [inspect(root, main).main for main in (None, "./cmd/b", None, "./cmd/b")] == [
        ".",
        "./cmd/b",
        ".",
        "./cmd/b",
    ]
    assert inspect(root / "cmd").main == "./cmd/b"
    (root / "main_arm64.go").write_text('package main\n\nimport "C"\n')
    needs = [inspect(root, platforms=(f"linux/{arch}",)).cgo.required for arch in ("amd64", "arm64") * 2]
    assert needs == [False, True] * 2
    assert len(list(kept.iterdir())) == 5


def _same_size_and_time(root: Path) -> None:
    file, text = root / "main.go", FILES["main.go"].replace("8080", "9090")
    before = file.stat()
    file.write_text(text)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _made_anew(path: Path) -> Path:
    path.unlink()
    return path


CHANGES: dict[str, Callable[[Path], object]] = {
    "another text, with size and time kept": _same_size_and_time,
    "a new file": lambda root: (root / "b.go").write_text('package main\n\nimport "C"\n'),
    "a new package": lambda root: write(root, {"b/b.go": "package b\n"}),
    "a file less": lambda root: (root / "a" / "a.go").unlink(),
    "a new embedded file": lambda root: (root / "web" / "y.txt").write_text(""),
    "another module": lambda root: (root / "go.mod").write_text("module example.com/other\n\ngo 1.26\n"),
    "a Dockerfile": lambda root: (root / "Dockerfile").write_text("FROM scratch\nEXPOSE 7000\n"),
    "a workspace": lambda root: (root / "go.work").write_text("go 1.27\n\nuse .\n"),
    "a repository": lambda root: write(root, {".git/config": '[remote "origin"]\nurl = https://a.b/c\n'}),
    "a licence": lambda root: (root / "LICENSE").write_text("Apache License\nVersion 2.0, January 2004\n"),
    "a vendor folder": lambda root: write(root, {"vendor/modules.txt": ""}),
    "a file that is a link": lambda root: _made_anew(root / "web" / "x.txt").symlink_to("../main.go"),
    "a file that is a folder": lambda root: _made_anew(root / "a" / "a.go").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_seen(tmp_path: Path, kept: Path, change: str) -> None:
    root = write(tmp_path / "app", FILES)
    before = inspect(root)
    CHANGES[change](root)
    assert inspect(root) == fresh(root) != before


@given(st.lists(st.sampled_from(sorted(CHANGES)), unique=True, max_size=4))
def test_any_order_of_changes_is_seen(changes: list[str]) -> None:
    with TemporaryDirectory() as name, remembering(Path(name) / "cache"):
        root = write(Path(name).resolve() / "app", FILES)
        for change in changes:
            inspect(root)
            try:
                CHANGES[change](root)
            except OSError:  # an earlier change took what this one is about
                continue
            assert inspect(root) == fresh(root)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_place_that_is_looked_at_is_noted(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a change there would not be seen."""
    folder = tomllib.loads(unpack(sample, tmp_path)).get("folder", "")
    touched: set[str] = set()
    noted: set[str] = set()

    def spied(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **options: Any) -> Any:
            touched.add(os.path.normpath(path) if isinstance(path, str | os.PathLike) else str(path))
            return function(path, *args, **options)

        return call

    class Noting(seen.Seen):
        def note(self, path: str, status: os.stat_result | None, is_read: bool = False) -> None:
            noted.add(os.path.normpath(path))
            super().note(path, status, is_read)

    monkeypatch.setattr("tui.core.inspect.Seen", Noting)
    for module, name in ((os, "stat"), (os, "scandir"), (os, "open"), (io, "open")):
        monkeypatch.setattr(module, name, spied(getattr(module, name)))
    locate(tmp_path / folder)
    located = set(touched)
    inspect(tmp_path / folder)
    monkeypatch.undo()
    inside = {path for path in touched if path.startswith(f"{tmp_path}/")}
    assert inside
    # The key holds what lies above the code and what locating the project says, which is always done.
    inside = {path for path in inside - located if path.rpartition("/")[2] != ".git"}
    assert inside - noted <= {str(tmp_path / folder)}


def test_what_has_just_changed_is_not_kept(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its next change could bear the same time."""
    monkeypatch.setattr(seen, "_TICK", 10**15)
    monkeypatch.setattr(seen, "_COARSE_TICK", 10**15)
    inspect(write(tmp_path, FILES))
    assert not kept.exists()


def test_a_small_project_is_not_kept(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_MANY", 1000)
    inspect(write(tmp_path, FILES))
    assert not kept.exists()


def _signed(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).hexdigest().encode() + b"\n" + text


def _evil(text: bytes) -> bytes:
    plain = json.loads(text.partition(b"\n")[2])
    return _signed(json.dumps(plain).replace('[".", "app"', '["./$(id)", "app"').encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: text[:-5],
        lambda text: text.replace(b"8080", b"8081"),
        lambda text: b"\xff" * 40,
        lambda text: _signed(b"{}"),
        lambda text: _signed(b"[" * 100_000),
        lambda text: _signed(b'{"seen": {}, "project": []}'),
        lambda text: _signed(b'{"seen": [], "project": {}}'),
        lambda text: _signed(text.partition(b"\n")[2].replace(b'"seen":', b'"sean":')),
        lambda text: _signed(text.partition(b"\n")[2].replace(b"8080", b"80808080")),
        lambda text: _signed(text.partition(b"\n")[2].replace(b"8080", b'"8080"')),
        _evil,
    ],
)
def test_a_damaged_result_is_not_used(tmp_path: Path, kept: Path, damage: Callable[[bytes], bytes]) -> None:
    root = write(tmp_path, FILES)
    first = inspect(root)
    (file,) = kept.iterdir()
    text = file.read_bytes()
    file.write_bytes(damage(text))
    assert file.read_bytes() != text
    assert inspect(root) == first
    assert file.read_bytes() == text


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=40))
def test_any_values_are_no_project(plain: Any) -> None:
    with TemporaryDirectory() as name, remembering(Path(name) / "cache") as kept:
        root = write(Path(name).resolve() / "app", FILES)
        first = inspect(root)
        (file,) = kept.iterdir()
        file.write_bytes(_signed(json.dumps({"seen": {}, "project": plain}).encode()))
        assert inspect(root) == first


def test_what_others_may_write_is_not_used(tmp_path: Path, kept: Path) -> None:
    root = write(tmp_path, FILES)
    first = inspect(root)
    (file,) = kept.iterdir()
    text = file.read_bytes().partition(b"\n")[2].replace(b'[8080,"tcp"', b'[8081,"tcp"')
    file.write_bytes(_signed(text))
    assert inspect(root).ports[0].port == 8081
    file.chmod(0o666)
    assert inspect(root) == first


def test_only_the_latest_are_kept(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST_FILES", 3)
    for number in range(5):
        inspect(write(tmp_path / str(number), FILES))
    assert len(list(kept.iterdir())) == 3


def test_a_folder_that_cannot_be_made_costs_nothing(tmp_path: Path, kept: Path) -> None:
    kept.parent.parent.mkdir(exist_ok=True)
    shutil.rmtree(kept.parent, ignore_errors=True)
    kept.parent.write_text("in the way")
    root = write(tmp_path, FILES)
    assert inspect(root) == inspect(root)
    assert kept.parent.read_text() == "in the way"
