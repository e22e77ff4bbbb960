"""Stages, steps and lines of a Dockerfile."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core import stages
from tui.core.dockerfile import (
    Instruction,
    base_of,
    frontend,
    instructions,
    native_bases,
    without_frontend,
)
from tui.core.stages import line_of, with_platform

TEXT = r"""# syntax=docker/dockerfile:1
# check=skip=all

ARG GO_VERSION=1.27

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
WORKDIR /src
# a comment
COPY go.mod ./
RUN --mount=type=cache,target=/x \
    # inside
    go mod download \
    && true
ENV A=b
COPY . .

from scratch
COPY --from=build /out /app
USER 65532

FROM build
RUN one
"""


def test_stages_and_the_lines_of_their_steps() -> None:
    assert [(stage.name, stage.has_image, tuple(stage.lines)) for stage in stages.read(TEXT)] == [
        ("build", True, (6, 7, 9, 10, 15)),
        ("stage-1", False, (18,)),
        ("stage-2", False, (22,)),
    ]


def test_line_of_a_step() -> None:
    assert line_of(TEXT, "build", 4) == 10
    assert line_of(TEXT, "stage-1", 1) == 18
    assert [line_of(TEXT, "build", 0), line_of(TEXT, "build", 6), line_of(TEXT, "none", 1)] == [0, 0, 0]


def test_continuations_are_joined() -> None:
    joined = next(found for found in instructions(TEXT) if found.keyword == "RUN")
    assert joined == Instruction(10, "RUN", "--mount=type=cache,target=/x go mod download && true")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a\\\nb \\ \n\n  c\nUSER 1", ["1 RUN ab c", "5 USER 1"]),
        ("RUN a\\\\\nUSER 1", ["1 RUN a\\\\", "2 USER 1"]),
        ("# escape=`\nCOPY a `\n  C:\\\nUSER 1", ["2 COPY a C:\\", "4 USER 1"]),
        ("\ufeff# escape=`\r\nRUN a `\r\n b\r\nUSER 1\r\n", ["2 RUN a b", "4 USER 1"]),
        ("# a comment\n# escape=`\nRUN a \\\nb", ["3 RUN a b"]),
        (
            "RUN <<EOF\nFROM x \\\n# no comment\nEOF\nUSER 1",
            ["1 RUN <<EOF | FROM x \\/# no comment", "5 USER 1"],
        ),
        ("COPY <<-'A' <<B /to\n1\n\tA\n2\n\tB\nB\nUSER 1", ["1 COPY <<-'A' <<B /to | 1/2/\tB", "7 USER 1"]),
        ("ONBUILD RUN <<A\n1\nA\nUSER 1", ["1 ONBUILD RUN <<A | 1", "4 USER 1"]),
        ('RUN echo "x <<A" <<<A\nUSER 1', ['1 RUN echo "x <<A" <<<A', "2 USER 1"]),
        ("ENV A=<<B\nUSER 1", ["1 ENV A=<<B", "2 USER 1"]),
        ("RUN <<A\nnever ends", ["1 RUN <<A | never ends"]),
        ("RUN a  b\x0bc\u2028d \\", ["1 RUN a  b\x0bc\u2028d"]),
        ("\\\n\n\\", []),
        ("FROM", ["1 FROM "]),
    ],
)
def test_instructions_are_read_as_buildkit_does(text: str, expected: list[str]) -> None:
    found = instructions(text)
    shown = [f"{i.line} {i.keyword} {i.rest}{i.body and ' | '}{i.body.replace(chr(10), '/')}" for i in found]
    assert shown == expected


@given(st.text(st.sampled_from("RUN<-\"'\\`\n \tA#1")))
def test_any_text_is_read_once(text: str) -> None:
    lines = [instruction.line for instruction in instructions(text)]
    assert lines == sorted(set(lines))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# syntax=docker/dockerfile:1\nFROM x", "docker/dockerfile:1"),
        ("#syntax = a/b:c\nFROM x", "a/b:c"),
        ("# check=skip=all\n# syntax=a\nFROM x", "a"),
        ("# a comment\n# syntax=a\nFROM x", None),
        ("\n# syntax=a\nFROM x", None),
        ("FROM x\n# syntax=a", None),
        ("", None),
    ],
)
def test_the_frontend(text: str, expected: str | None) -> None:
    assert frontend(text) == expected


def test_without_the_frontend_the_lines_stay() -> None:
    assert without_frontend(TEXT) == TEXT.replace("# syntax=docker/dockerfile:1", "")
    untouched = "# a comment\n# syntax=a\nFROM x\n"
    assert without_frontend(untouched) == untouched


@pytest.mark.parametrize("rest", ["alpine:3 AS x", "--platform=linux/arm64 alpine:3 as x", "alpine:3"])
def test_the_base_of_a_from(rest: str) -> None:
    assert base_of(rest) == "alpine:3"


def test_every_generated_dockerfile_is_understood() -> None:
    files = sorted((Path(__file__).parents[1] / "golden").glob("*.Dockerfile"))
    assert files
    for file in files:
        text = file.read_text()
        on_windows = 'SHELL ["cmd"' in text
        assert (frontend(text) or "").endswith("" if on_windows else "docker/dockerfile:1"), file
        assert bool(frontend(text)) != on_windows, file
        assert all(stage.lines for stage in stages.read(text)), file


def test_native_bases() -> None:
    text = (
        "ARG GO_VERSION=1.27\nARG NODE='24'\n"
        "FROM --platform=$BUILDPLATFORM node:${NODE}-slim AS ui\n"
        "FROM --platform=${BUILDPLATFORM} golang:$GO_VERSION AS build\nARG GO_VERSION=9\n"
        "FROM --platform=$BUILDPLATFORM alpine AS a\nFROM alpine\nFROM --platform=linux/arm64 x\nFROM ${Y}\n"
    )
    assert native_bases(text) == {"node:24-slim", "golang:1.27"}


def test_with_platform_changes_only_images_without_one() -> None:
    text = (
        "FROM --platform=$BUILDPLATFORM golang AS build\nRUN echo FROM x\n"
        "from  alpine AS a\nFROM build\nFROM scratch\n"
    )
    changed = text.replace("from  alpine", "from  --platform=linux/arm64 alpine")
    assert with_platform(text, "linux/arm64") == changed
    assert with_platform(changed, "linux/arm64") == changed
