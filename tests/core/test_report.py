"""The report of inspecting: read by people at 80 columns, by programs through its schema."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.core.test_inspect_samples import SAMPLES
from tests.core.txtar import unpack
from tui import plain
from tui.cli import main
from tui.core.findings import findings
from tui.core.inspect import inspect
from tui.core.project import (
    CONFIDENCE,
    GUESS,
    LITERAL,
    NAME,
    Embed,
    Evidence,
    ListenPort,
    Need,
    Note,
    Project,
)
from tui.core.report import SCHEMA, as_json, as_text
from tui.core.text import columns, wrapped

LONG = "cmd/" + "a" * 70 + "/main.go"
WIDE = "データ" * 8


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def project(**fields: Any) -> Project:
    return Project(Path("/src"), "example.com/app", **fields)


def inspected(sample: Path, folder: Path) -> Project:
    label = tomllib.loads(unpack(sample, folder))
    return inspect(folder / label.get("folder", ""))


def test_the_schema_is_one_and_names_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    for definition in (schema(), *schema()["$defs"].values()):
        assert definition["additionalProperties"] is False
        assert definition["required"] == list(definition["properties"])
    names = {field.name for field in dataclasses.fields(Project)}
    assert set(schema()["properties"]) == names | {"schema_version", "main", "findings"}


def test_every_sample_keeps_to_the_schema(tmp_path: Path) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for sample in SAMPLES:
        found = as_json(inspected(sample, tmp_path / sample.stem))
        validator.validate(found)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate(found | {"further": 1})


def test_every_sample_fits_80_columns(tmp_path: Path) -> None:
    for sample in SAMPLES:
        text = as_text(inspected(sample, tmp_path / sample.stem))
        for line in text.splitlines():
            assert columns(line) <= 80 or " " not in line[13:].strip(), (sample.stem, line)
            assert line == line.rstrip()


def test_every_finding_says_what_it_means() -> None:
    here = Evidence("main.go", 3, "os.TempDir()")
    needs = tuple(
        Need(what, here) for what in ("ca-certificates", "tzdata", "tmp", "users", "libc", "program:git")
    )
    found = findings(project(needs=needs, ports=(ListenPort(80, "tcp", here, loopback=True),)))
    assert all(finding.means for finding in found if finding.topic != "module")
    assert {"executes git", "80/tcp, loopback only"} <= {finding.text for finding in found}


def test_a_finding_with_its_place_its_confidence_and_its_meaning() -> None:
    ports = (
        ListenPort(8080, "tcp", Evidence("main.go", 7, "", LITERAL)),
        ListenPort(53, "udp", Evidence("dns.go", 9, "", NAME)),
    )
    lines = as_text(project(ports=ports)).splitlines()
    at = lines.index("listens on   8080/tcp  main.go:7  certain")
    assert lines[at + 1 : at + 3] == [
        "             53/udp  dns.go:9  guess",
        "             → the image exposes it",
    ]


def test_a_long_place_stands_below_and_a_longer_one_alone() -> None:
    embeds = (
        Embed("*", ".", ("a",), Evidence("b" * 45 + ".go", 12, "")),
        Embed("x", ".", ("a",), Evidence(LONG, 1, "")),
    )
    lines = as_text(project(embeds=embeds)).splitlines()
    at = lines.index("embeds       *: 1 file")
    assert lines[at + 1] == f"             {'b' * 45}.go:12  likely"
    assert lines[at + 3 : at + 5] == [f"             {LONG}:1", "             likely"]


def test_many_of_a_kind_are_counted() -> None:
    here = Evidence("main.go", 1, "")
    text = as_text(project(ports=tuple(ListenPort(port, "tcp", here) for port in range(1, 20))))
    assert "6/tcp" in text and "7/tcp" not in text
    assert "and 13 more; --json has them all" in text


def test_notes_are_wrapped_and_nothing_of_the_project_controls_the_terminal() -> None:
    hostile = Note("\x1b[31mred " + "word " * 40 + "\u202e", Evidence("a\x1b]0;x\x07.go", 1, ""))
    lines = as_text(project(notes=(hostile,))).splitlines()
    assert all(line.isprintable() and columns(line) <= 80 for line in lines)
    assert sum(line.startswith("note ") for line in lines) == 1
    assert json.dumps(as_json(project(notes=(hostile,))), ensure_ascii=False).isprintable()


def test_colour_changes_no_letter() -> None:
    found = inspect(Path(__file__).parents[1] / "projects" / "ping")
    coloured = as_text(found, colour=True)
    assert "\x1b[32mcertain\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == as_text(found)


def test_a_narrow_terminal_gets_narrow_lines() -> None:
    found = inspect(Path(__file__).parents[1] / "projects" / "ping")
    lines = as_text(found, width=40).splitlines()
    assert all(columns(line) <= 40 or " " not in line[13:].strip() for line in lines)


def test_confidence_follows_from_the_kind_of_evidence() -> None:
    assert Evidence("a", 1, "", NAME).confidence == GUESS
    kinds = schema()["$defs"]["evidence"]["properties"]
    assert kinds["kind"]["enum"] == list(CONFIDENCE)
    assert kinds["confidence"]["enum"] == list(dict.fromkeys(CONFIDENCE.values()))


def test_the_command_prints_the_schema_and_no_colour_into_a_pipe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    assert main(["inspect", str(Path(__file__).parents[1] / "projects" / "ping")]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_wrapped_by_columns() -> None:
    assert wrapped("", 10) == [""]
    assert wrapped("one two  three", 8) == ["one two ", "three"]
    assert [columns(line) for line in wrapped(f"{WIDE} {WIDE}", 60)] == [48, 48]
    assert columns("e\u0301") == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("term", "no_color", "stream", "expected"),
    [
        ("xterm-256color", "", Terminal(), True),
        ("xterm-256color", "1", Terminal(), False),
        ("dumb", "", Terminal(), False),
        ("", "", Terminal(), False),
        ("xterm-256color", "", io.StringIO(), False),
    ],
)
def test_only_a_terminal_that_wants_colours_gets_them(
    monkeypatch: pytest.MonkeyPatch, term: str, no_color: str, stream: io.StringIO, expected: bool
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert plain.colours(stream) is expected


@pytest.mark.parametrize(("terminal", "expected"), [("30", 40), ("72", 72), ("200", 100)])
def test_lines_follow_the_terminal_within_limits(
    monkeypatch: pytest.MonkeyPatch, terminal: str, expected: int
) -> None:
    monkeypatch.setenv("COLUMNS", terminal)
    assert plain.columns(Terminal()) == expected
    assert plain.columns(io.StringIO()) == 80
