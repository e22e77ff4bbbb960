"""Nothing a person types reaches a file unless it is on the allow-list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sample import PING
from tui.core.plan import answer_text, defaults
from tui.core.questions import QUESTIONS, question
from tui.core.questions.declare import LIST
from tui.core.render import render
from tui.core.validate import Invalid

HOSTILE = (
    "\nRUN touch /pwned",
    'x"',
    "x'; rm -rf /",
    "$(id)",
    "`id`",
    "x y",
    "x\\",
    "../../etc",
    "{{ 7*7 }}",
    "x\r",
    "x\x00",
    "x\u2028RUN id",
)
SHAPING = (
    "main",
    "binary",
    "tag",
    "go",
    "builder",
    "runtime",
    "user",
    "port",
    "platform",
    "registry",
    "writable-dir",
    "also",
    "node",
    "image",
    "build-tag",
    "build-package",
    "package",
    "user-name",
    "health",
    "file",
    "workdir",
    "version-variable",
    "private",
    "pin",
    "app-version",
)


@pytest.mark.parametrize(
    ("key", "text"),
    [(key, text) for key in SHAPING for text in HOSTILE if text != "x y" or question(key).kind != LIST],
)
def test_refuses_what_could_become_an_instruction(key: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        question(key).parse(text)
    message = str(refused.value)
    assert message.endswith(".")
    assert message.isprintable()


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("main", "./cmd/server", "./cmd/server"),
        ("binary", " ping ", "ping"),
        ("tag", "ping", "ping:latest"),
        ("tag", "registry.example.com:5000/team/ping:1.2", "registry.example.com:5000/team/ping:1.2"),
        ("go", "1.27.3", "1.27.3"),
        ("builder", "golang-alpine", "golang-alpine3.24"),
        ("runtime", "debian-slim", "debian-slim-trixie"),
        ("cgo", "ON", True),
        ("user", "1000", "1000:1000"),
        ("user", "0065532:5", "65532:5"),
        ("port", "8080, 53/UDP 8080", ("8080/tcp", "53/udp")),
        ("port", "none", ()),
        ("platform", "linux/arm/v7", ("linux/arm/v7",)),
        ("registry", "mirror.example.com:5000/hub/", "mirror.example.com:5000/hub"),
        ("env", "A=b=c\nD=", ("A=b=c", "D=")),
        ("writable-dir", "/data/, /var/lib/app", ("/data", "/var/lib/app")),
    ],
)
def test_takes_what_is_meant(key: str, text: str, value: object) -> None:
    assert question(key).parse(text) == value


@pytest.mark.parametrize(
    ("key", "text", "field"),
    [
        ("port", "0", "Port"),
        ("port", "65536", "Port"),
        ("port", "8080/sctp", "Port"),
        ("user", "non root", "User"),
        ("user", "99999999999", "User"),
        ("tag", "Ping:dev", "Image tag"),
        ("tag", "a" * 256, "Image tag"),
        ("binary", "-rf", "Binary name"),
        ("main", "cmd/server", "Main package"),
        ("main", "./cmd/../../x", "Main package"),
        ("go", "latest", "Go version"),
        ("runtime", "windows", "Runtime"),
        ("env", "=x", "Environment"),
        ("env", "A B=x", "Environment"),
        ("writable-dir", "data", "Directory"),
        ("writable-dir", "/", "Directory"),
        ("cgo", "maybe", "CGO"),
    ],
)
def test_says_which_field_is_wrong(key: str, text: str, field: str) -> None:
    with pytest.raises(Invalid, match=f"^{field} must"):
        question(key).parse(text)


@given(key=st.sampled_from([q.key for q in QUESTIONS]), text=st.text(max_size=80))
def test_any_text_is_refused_or_harmless(key: str, text: str) -> None:
    """Whatever passes adds no line to the Dockerfile that the same plan without it would not have."""
    plan = defaults(PING)
    try:
        changed = answer_text(PING, plan, key, text)
    except Invalid as refused:
        assert str(refused).isprintable()
        return
    words = {line.split(" ")[0] for line in render(PING, changed)[0].text.splitlines() if line[:1].isalpha()}
    asked = {"private": {"ENV"}, "label": {"LABEL"}, "health": {"HEALTHCHECK"}, "builder": {"ENV"}}
    usual = {"ARG", "FROM", "WORKDIR", "RUN", "COPY", "EXPOSE", "USER", "ENTRYPOINT"}
    assert words <= usual | asked.get(key, set())


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda q: q.key)
def test_every_default_is_an_answer_its_question_takes(asked) -> None:  # type: ignore[no-untyped-def]
    value = asked.default(PING, defaults(PING)).value
    assert asked.parse(asked.text(value)) == value


@pytest.mark.parametrize(
    ("text", "near"), [("destroless-static", "distroless-static"), ("zzz", "debian-slim")]
)
def test_an_unknown_image_is_answered_with_what_is_near(text: str, near: str) -> None:
    with pytest.raises(Invalid) as refused:
        question("runtime").parse(text)
    assert near in str(refused.value) and len(str(refused.value)) < 400
