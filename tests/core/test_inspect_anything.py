"""Whatever is in a project's files, and whatever they are: an inspection ends with notes and stays inside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.inspected import unprivileged
from tests.core.txtar import unpack
from tui.core.inspect import files, inspect
from tui.core.project import NotAProject
from tui.core.report import as_json, as_text

SAMPLES = sorted((Path(__file__).parents[1] / "projects" / "inspect").glob("*.txtar"))
SECRET = "what-lies-outside"
OUTSIDE = {
    "x.go": f'package main\n\nimport "C"\n\nvar version = "{SECRET}"\n\nfunc main() {{ _ = "{SECRET}" }}\n',
    "go.mod": f"module example.com/{SECRET}\n\ngo 1.27\n",
    "package.json": f'{{"scripts": {{"build": "vite build --outDir {SECRET}"}}}}',
    "Dockerfile": f"FROM {SECRET}\nUSER {SECRET}\nEXPOSE 4242\n",
    "compose.yaml": f"services: {{app: {{image: {SECRET}, build: ., ports: ['4242:4242']}}}}\n",
}
# Read by one reader or another; most samples have only some of them.
NAMES = [
    *("go.mod", "go.sum", "go.work", "main.go", "vendor/modules.txt", "vendor/a.b/c/c.go", "Gopkg.lock"),
    *("package.json", "package-lock.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", ".nvmrc"),
    *("vite.config.ts", "webpack.config.js", "angular.json", "Makefile", "Dockerfile", ".dockerignore"),
    *("compose.yaml", "Procfile", "deploy/app.yaml", "chart/Chart.yaml", "chart/values.yaml", "README.md"),
    *(".gitignore", ".gitmodules", ".gitattributes", ".git/config", "LICENSE", ".netrc", "sub/x.go"),
]
TEXTS = [b"{" * 3000, b"[" * 3000, b"(" * 3000, b"- " * 3000, b"a: &a [*a]\n", b"{{" * 500, b"\\\n" * 500]
TEXTS += [
    b"<<E\n",
    b"\xef\xbb\xbf",
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"%!s(",
    b"`",
    b'"',
    b"/*",
    b"*/",
    b"#cgo LDFLAGS: -l",
]


TEXTS += [b"replace a => ../../..\n", b"//go:embed ../*\n", b"//go:build a &&\n"]


def _nothing(path: Path, outside: Path) -> None:
    path.touch()


def _pipe(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def _huge(path: Path, outside: Path) -> None:
    path.touch()
    os.truncate(path, files.LARGEST + 1)


def _loop(path: Path, outside: Path) -> None:
    path.symlink_to(path.name)


def _folder(path: Path, outside: Path) -> None:
    path.mkdir()


def _closed(path: Path, outside: Path) -> None:
    path.write_bytes(b"package main\n")
    path.chmod(0)


def _closed_folder(path: Path, outside: Path) -> None:
    path.mkdir(mode=0)


def _link_up(path: Path, outside: Path) -> None:
    path.symlink_to("..")


def _link_out(path: Path, outside: Path) -> None:
    suffix = path.suffix if (outside / f"x{path.suffix}").exists() else ""
    path.symlink_to(outside / (path.name if (outside / path.name).exists() else f"x{suffix or '.go'}"))


def _folder_link_out(path: Path, outside: Path) -> None:
    """The folder the file would lie in, else the file itself, is a link to a project outside."""
    path.symlink_to(outside)


KINDS = [
    _nothing,
    _pipe,
    _huge,
    _loop,
    _folder,
    _closed,
    _closed_folder,
    _link_up,
    _link_out,
    _folder_link_out,
]


def _state(root: Path, name: str, make: Callable[[Path, Path], None], outside: Path) -> None:
    path = root / name
    if make is _folder_link_out and "/" in name:
        path = root / name.partition("/")[0]
    if os.path.lexists(path):
        if path.is_dir() and not path.is_symlink():
            return
        path.unlink()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path, outside)
    except (FileExistsError, NotADirectoryError):  # another state of this project is in the way
        return


@pytest.fixture(scope="module", autouse=True)
def everything_is_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is imported when it is first needed may lie where only root may read."""
    for sample in SAMPLES:
        root = tmp_path_factory.mktemp("sample")
        unpack(sample, root)
        with suppress(NotAProject):
            as_json(inspect(root))


def _judge(root: Path) -> None:
    """Nothing but a refusal in words is raised, and all that is found can be shown."""
    try:
        project = inspect(root)
    except NotAProject as refused:
        shown = str(refused)
    else:
        shown = json.dumps(as_json(project), ensure_ascii=False) + as_text(project)
    assert SECRET not in shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", shown)


def _open(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        Path(folder).chmod(0o755)


@settings(max_examples=150)
@given(
    sample=st.sampled_from(SAMPLES),
    states=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS)), max_size=4),
)
def test_any_kind_of_file(sample: Path, states: list[tuple[str, Callable[[Path, Path], None]]]) -> None:
    with TemporaryDirectory() as name:
        root, outside = Path(name).resolve() / "app", Path(name).resolve() / "outside"
        outside.mkdir()
        for file, text in OUTSIDE.items():
            (outside / file).write_text(text)
        unpack(sample, root)
        _open(Path(name))
        for file, make in states:
            _state(root, file, make, outside)
        with unprivileged():
            _judge(root)


@settings(max_examples=200)
@given(
    sample=st.sampled_from(SAMPLES),
    which=st.integers(0, 1000),
    start=st.integers(0, 400),
    removed=st.integers(0, 60),
    given_bytes=st.binary(max_size=12) | st.sampled_from(TEXTS),
    times=st.sampled_from([1, 1, 1, 3, 200]),
)
def test_any_bytes_in_a_real_file(
    sample: Path, which: int, start: int, removed: int, given_bytes: bytes, times: int
) -> None:
    with TemporaryDirectory() as name:
        root = Path(name).resolve() / "app"
        unpack(sample, root)
        found = sorted(path for path in root.rglob("*") if path.is_file())
        if not found:
            return
        file = found[which % len(found)]
        data = file.read_bytes()
        start %= len(data) + 1
        file.write_bytes(data[:start] + given_bytes * times + data[start + removed :])
        _judge(root)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=80) | st.sampled_from(TEXTS), max_size=8))
def test_any_bytes_in_every_file(texts: dict[str, bytes]) -> None:
    with TemporaryDirectory() as name:
        root = Path(name).resolve() / "app"
        for file, text in ({"go.mod": b"module a\n", "main.go": b"package main\n"} | texts).items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(text)
        _judge(root)


@pytest.mark.parametrize(
    "text",
    [b"(" * 600_000, b"{" * 600_000, b"1+" * 100_000 + b"1", b"f(a," * 100_000],
    ids=["parentheses", "braces", "sums", "calls"],
)
def test_what_nobody_writes_is_not_searched(tmp_path: Path, text: bytes) -> None:
    """Searching such a tree takes minutes."""
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n'
    )
    (tmp_path / "x.go").write_bytes(
        b'package main\n\nimport "os"\n\nvar x = os.Getenv("X")\n\nvar y = ' + text
    )
    assert [port.port for port in inspect(tmp_path).ports] == [8080]


@pytest.mark.parametrize(
    "text", ["Port,", "Port ", "Port \t", "(Port", "Var(Port", "func (", "Destination: Port "]
)
def test_what_nobody_writes_is_soon_searched(tmp_path: Path, text: str) -> None:
    """A field, a function and a flag are looked for in a long row that could be the beginning of each."""
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "net/http"\n\n'
        "func serve(c config) {\n\t_ = http.ListenAndServe(c.Port, nil)\n"
        "\t_ = http.ListenAndServe(c.Port(), nil)\n}\n"
        "func main() { serve(load()) }\n"
    )
    (tmp_path / "x.go").write_text("package main\n\n// " + text * 60_000)
    assert inspect(tmp_path).main == "."


def test_what_hangs_fails_with_its_place() -> None:
    code = "from tests.limit import limited\nwith limited(0.2):\n    while True:\n        pass\n"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert 'File "<string>", line ' in done.stderr
