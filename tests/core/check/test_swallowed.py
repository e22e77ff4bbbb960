"""What a .dockerignore leaves out that the build needs, and a context above the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.check.application import BY_HAND, MAIN, Check, generate


@pytest.mark.parametrize(
    ("ignore", "says"),
    [
        ("# all\n*.md\n**/*.txt\n", ':3: "**/*.txt" leaves out what cmd/server/main.go:8 embeds (hello'),
        ("cmd\n", '.dockerignore:1: "cmd" leaves out the Go files in cmd/server'),
        ("**\n!cmd\n", '.dockerignore:1: "**" leaves out go.mod'),
        ("[\n", "is no valid pattern"),
    ],
)  # fmt: skip
def test_what_the_dockerignore_swallows(app: Path, check: Check, ignore: str, says: str) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / ".dockerignore").write_text(ignore)
    code, text = check()
    assert (code, says in text) == (1, True), text
    (app / ".dockerignore").write_text(f"{ignore.replace('[', '')}!cmd\n!go.mod\n")
    assert check()[0] == 0


def test_a_dockerfile_that_compiles_nothing_needs_no_source(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text("FROM scratch\nCOPY server /\nEXPOSE 8080\n")
    (app / ".dockerignore").write_text("*\n!server\n")
    assert check()[0] == 0
    (app / "Dockerfile").write_text("FROM example.com/go:1\nCOPY . .\nRUN go build ./cmd/server\n")
    assert '"*" leaves out go.mod' in check()[1]


def test_an_embed_that_keeps_a_file_is_not_swallowed(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / "cmd/server/hello.md").write_text("hello\n")
    source = MAIN.replace("embed hello.txt\nvar hello string", "embed hello.*\nvar hello embed.FS")
    (app / "cmd/server/main.go").write_text(source.replace("_ ", ""))
    (app / ".dockerignore").write_text("**/*.md\n")
    assert check()[0] == 0
    (app / ".dockerignore").write_text("**/*.md\n**/*.txt\n")
    assert '.dockerignore:1: "**/*.md" leaves out what cmd/server/main.go:8 embeds' in check()[1]


def test_the_ignore_file_beside_the_dockerfile_counts(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / ".dockerignore").write_text("cmd\n")
    (app / "Dockerfile.dockerignore").write_text("bin\n")
    assert check()[0] == 0
    (app / "Dockerfile.dockerignore").write_text("go.*\n")
    assert check()[1].startswith('Dockerfile.dockerignore:1: "go.*" leaves out go.mod')


def test_a_context_above_the_project(app: Path, check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    (app.parent / "go.work").write_text("go 1.27\n\nuse (\n\t./app\n\t./word\n)\n")
    word = app.parent / "word"
    word.mkdir()
    (word / "go.mod").write_text("module example.com/word\n\ngo 1.27\n")
    (word / "word.go").write_text("package word\n")
    source = MAIN.replace('"net/http"', '"net/http"\n\t_ "example.com/word"')
    (app / "cmd/server/main.go").write_text(source)
    generate(app, capsys)
    assert check()[0] == 0
    ignore = app / "Dockerfile.dockerignore"
    ignore.write_text(ignore.read_text() + "word\n")
    text = check()[1]
    assert '"word" leaves out the Go files in ../word' in text
    assert "write !word/word.go below it." in text
