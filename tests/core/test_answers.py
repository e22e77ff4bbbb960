"""The answers file and the command line give back the same plan."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import PING
from tui import flags
from tui.commands.plans import answered
from tui.core.answers import command_line, read, to_toml
from tui.core.plan import Plan, answer_text, defaults
from tui.core.questions import QUESTIONS
from tui.core.validate import Invalid

ANSWERS = {
    "main": ["./cmd/server", "."],
    "binary": ["server"],
    "tag": ["a/b:c"],
    "go": ["1.26.1"],
    "builder": ["golang-alpine"],
    "cgo": ["on", "off"],
    "runtime": ["scratch", "golang"],
    "user": ["0", "1000:2000"],
    "port": ["none", "80, 53/udp"],
    "comments": ["on", "off"],
    "registry": ["mirror.example.com/hub"],
    "engine": ["embedded", "docker"],
    "deliver": ["oci:image\narchive:a b.tar\nregistry"],
    "transport": ["api"],
    "env": ["A=1\nB= x 'y' \""],
    "writable": ["on", "off"],
    "writable-dir": ["/data, /var/x"],
    "also": ["./cmd/tool"],
    "platform": ["linux/amd64", "linux/arm64, linux/arm/v7"],
    "front-end": ["build", "skip"],
    "node": ["24"],
    "image": ["registry.example.com/base:1 libc=glibc"],
    "link": ["static"],
    "build-tag": ["netgo, musl"],
    "build-package": ["libvips-dev"],
    "package": ["libvips42t64, tzdata", "none"],
    "pin": [f"alpine:3.24@sha256:{'0' * 64}"],
    "user-name": ["app", ""],
    "health": ["none", "http 8080/healthz", "command healthcheck --quick"],
    "zones": ["embed"],
    "file": ["templates, config.yaml"],
    "workdir": ["/app", ""],
    "version-variable": ["main.version"],
    "label": ["org.opencontainers.image.title=A b\nx=y"],
    "private": ["git.example.com, *.corp.example.com/team"],
    "private-access": ["ssh"],
    "test": ["on"],
    "debug": ["on", "off"],
    "export": ["on"],
    "ca-file": ["/etc/ssl/company ca.crt"],
    "app-version": ["1.2.3+x"],
    "netrc": ["~/.netrc"],
    "proxy": ["http://proxy.example.com:3128"],
    "args": ["-v\n--name\na b"],
}
chosen = st.fixed_dictionaries({}, optional={key: st.sampled_from(texts) for key, texts in ANSWERS.items()})


def planned(answers: dict[str, str]) -> Plan:
    plan = defaults(PING)
    for key, text in answers.items():
        plan = answer_text(PING, plan, key, text)
    return plan


def test_every_question_has_an_example() -> None:
    assert set(ANSWERS) == {question.key for question in QUESTIONS}


@given(chosen)
def test_the_file_gives_the_same_plan(
    tmp_path_factory: pytest.TempPathFactory, answers: dict[str, str]
) -> None:
    unsaved = {question.key for question in QUESTIONS if not question.saved}
    plan = planned({key: text for key, text in answers.items() if key not in unsaved})
    file = tmp_path_factory.mktemp("answers") / "dockwright.toml"
    file.write_text(to_toml(PING, plan))
    assert read(PING, defaults(PING), file) == plan


@given(chosen)
def test_the_command_line_gives_the_same_plan(answers: dict[str, str]) -> None:
    plan = planned(answers)
    words, arguments = flags.split(shlex.split(command_line(PING, plan, "run"))[2:])
    options = flags.parser("run").parse_args(words)
    options.args = arguments
    assert answered(PING, options) == plan


def test_secrets_are_not_saved() -> None:
    assert "hunter2" not in to_toml(PING, planned({"env": "PASSWORD=hunter2"}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("version = 2", "version 2"),
        ("runtime = 'windows'", "Runtime must be one of"),
        ("colour = 'red'", "no question"),
        ("runtime = [", "not valid TOML"),
        ("tag = ['a', 'b']", "Image tag must"),
        ("tag = {a = 1}", "Image tag must be text"),
        ("binary = 'x\\nRUN id'", "Binary name must"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "dockwright.toml"
    file.write_text(text)
    with pytest.raises(Invalid, match=says) as refused:
        read(PING, defaults(PING), file)
    assert "dockwright.toml" in str(refused.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read(PING, defaults(PING), tmp_path / "none.toml")
