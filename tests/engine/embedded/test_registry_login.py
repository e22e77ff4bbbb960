"""Logins and where they are sent; test_registry_pull has them with a real registry."""

from __future__ import annotations

import base64
import json
import threading
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.engine.embedded import handmade
from tests.engine.embedded.between import Handler, standing
from tests.engine.embedded.pulling import pulled
from tests.engine.embedded.shelf import serving
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.registry.credentials import Login, login
from tui.engine.embedded.registry.names import parse

SECRET = "hunter2"
HELPER = """#!/bin/sh
read server
echo "$server" >> "$DOCKER_CONFIG/asked"
{}
"""


@pytest.fixture
def helper(docker_config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the credential helper ``test`` is to be written."""
    monkeypatch.setenv("PATH", f"{docker_config}:/usr/bin:/bin")
    path = docker_config / "docker-credential-test"
    path.touch(mode=0o755)
    return path


def demanding_basic(expected: str, handler: Handler) -> bool:
    """Answers with a challenge unless the request has that login."""
    header = f"Basic {base64.b64encode(expected.encode()).decode()}"
    if handler.headers.get("Authorization") == header:
        return False
    handler.answer(401, {"WWW-Authenticate": 'Basic realm="test"'})
    return True


@pytest.mark.parametrize("key", ["credsStore", "credHelpers"])
def test_a_credential_helper_is_asked(
    key: str, helper: Path, docker_config: Path, made: Blobs, blobs: Blobs
) -> None:
    helper.write_text(HELPER.format(f"""echo '{{"Username":"me","Secret":"{SECRET}"}}'"""))
    wanted = handmade.image(made, b"x")
    with serving(made, wanted.manifest, lambda handler, data: demanding_basic(f"me:{SECRET}", handler)) as (
        reference,
        between,
    ):
        kept = "test" if key == "credsStore" else {between.host: "test"}
        (docker_config / "config.json").write_text(json.dumps({key: kept}))
        assert pulled(reference, blobs)[0] == wanted
        assert (docker_config / "asked").read_text().split() == [between.host], "once, for the registry"


@pytest.mark.parametrize(
    "does", [f"echo {SECRET}; exit 1", f"echo '{{\"{SECRET}\":1}}'", f"echo {SECRET}", "kill -9 $$"]
)
def test_a_helper_that_fails_is_told_of_without_what_it_said(
    does: str, helper: Path, docker_config: Path, made: Blobs, blobs: Blobs
) -> None:
    helper.write_text(HELPER.format(does))
    (docker_config / "config.json").write_text('{"credsStore": "test"}')
    wanted = handmade.image(made, b"x")
    with standing(fault=token_for_anybody) as server:

        def spoil(handler: Handler, data: bytes) -> bool:
            return challenged(handler, f"http://{server.host}/token")

        with serving(made, wanted.manifest, spoil) as (reference, _):
            found, told = pulled(reference, blobs)
    assert found == wanted
    assert len(told.notices) == 1 and "could not be read" in told.notices[0]
    assert SECRET not in str(list(told))


@pytest.mark.parametrize("key", ["https://index.docker.io/v1/", "docker.io", "https://index.docker.io/v1"])
def test_docker_hub_s_login_goes_by_an_old_name(key: str, docker_config: Path) -> None:
    auth = base64.b64encode(f"me:{SECRET}".encode()).decode()
    (docker_config / "config.json").write_text(json.dumps({"auths": {key: {"auth": auth}}}))
    found, notice = login(parse("alpine").registry)
    assert found == Login(f"Basic {auth}") and notice is None and SECRET not in repr(found)
    assert login("ghcr.io") == (Login(), None)


def test_a_helper_s_token_is_no_password(helper: Path, docker_config: Path) -> None:
    helper.write_text(HELPER.format("""echo '{"Username":"<token>","Secret":"renewed"}'"""))
    (docker_config / "config.json").write_text('{"credsStore": "test"}')
    assert login("ghcr.io") == (Login(identity="renewed"), None)


def challenged(handler: Handler, realm: str) -> bool:
    """Answers with a challenge unless the request has the token."""
    if handler.headers.get("Authorization") == "Bearer the-token":
        return False
    scope = "repository:base:pull"
    handler.answer(401, {"WWW-Authenticate": f'Bearer realm="{realm}",service="s",scope="{scope}"'})
    return True


def token_for_anybody(handler: Handler) -> bool:
    handler.answer(200, data=b'{"access_token": "the-token"}')
    return True


def test_a_token_is_asked_for_anonymously_and_once(docker_config: Path, made: Blobs, blobs: Blobs) -> None:
    wanted = handmade.image(made, b"1", b"2", b"3")
    with standing(fault=token_for_anybody) as server:

        def spoil(handler: Handler, data: bytes) -> bool:
            return challenged(handler, f"http://{server.host}/token?x=y")

        with serving(made, wanted.manifest, spoil) as (reference, _):
            assert pulled(reference, blobs)[0] == wanted
    assert server.count("GET") == 1 and "Authorization" not in server.headers[0]
    query = parse_qs(urlsplit(server.seen[0].partition(" ")[2]).query)
    assert query == {"x": ["y"], "service": ["s"], "scope": ["repository:base:pull"]}


def test_a_netrc_does_not_log_in(
    docker_config: Path, made: Blobs, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = docker_config / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    wanted = handmade.image(made, b"x")
    with standing(fault=token_for_anybody) as server:

        def spoil(handler: Handler, data: bytes) -> bool:
            return challenged(handler, f"http://{server.host}/token")

        with serving(made, wanted.manifest, spoil) as (reference, between):
            assert pulled(reference, blobs)[0] == wanted
    sent = {headers.get("Authorization") for headers in (*between.headers, *server.headers)}
    assert sent == {None, "Bearer the-token"}


def test_a_token_that_has_expired_is_renewed_once(docker_config: Path, made: Blobs, blobs: Blobs) -> None:
    """Two layers are on their way at the same time, and both are refused before either has a new one."""
    wanted = handmade.image(made, b"1", b"2")
    layers = tuple(layer.digest for layer in wanted.layers)
    both = threading.Barrier(2)

    def token(handler: Handler) -> bool:
        handler.answer(200, data=json.dumps({"token": f"token-{server.count('GET')}"}).encode())
        return True

    with standing(fault=token) as server:

        def spoil(handler: Handler, data: bytes) -> bool:
            told = handler.headers.get("Authorization")
            if told == "Bearer token-2" or (told == "Bearer token-1" and not handler.path.endswith(layers)):
                return False
            if told:
                both.wait(30)
            handler.answer(401, {"WWW-Authenticate": f'Bearer realm="http://{server.host}/token"'})
            return True

        with serving(made, wanted.manifest, spoil) as (reference, _):
            assert pulled(reference, blobs)[0] == wanted
    assert server.count("GET") == 2


@pytest.mark.parametrize(
    ("challenge", "what"),
    [
        ('Bearer realm="http://example.com/token"', "not trusted"),
        ('Bearer realm="ftp://127.0.0.1/token"', "not trusted"),
        ('Bearer realm="https://"', "not trusted"),
        ('Bearer realm="//[x"', "not trusted"),
        ("Bearer", "not trusted"),
        ("Bearer realm", "not trusted"),
        ("Negotiate", "does not let you"),
        ("", "does not let you"),
    ],
)
def test_a_challenge_that_cannot_be_answered_safely(
    challenge: str, what: str, docker_config: Path, made: Blobs, blobs: Blobs
) -> None:
    def spoil(handler: Handler, data: bytes) -> bool:
        handler.answer(401, {"WWW-Authenticate": challenge} if challenge else {})
        return True

    with serving(made, handmade.image(made, b"x").manifest, spoil) as (reference, between):
        auths = {between.host: {"auth": base64.b64encode(f"me:{SECRET}".encode()).decode()}}
        (docker_config / "config.json").write_text(json.dumps({"auths": auths}))
        with pytest.raises(EngineError) as refusal:
            pulled(reference, blobs)
        assert what in refusal.value.what and refusal.value.fix and SECRET not in str(refusal.value)
        assert not any("Authorization" in headers for headers in between.headers)


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"{}", b'{"token": "a\\r\\nb"}', b'{"token": "\xc3\xa4"}', bytes(2 << 20)],
    ids=["empty", "list", "none", "lines", "umlaut", "huge"],
)
def test_a_token_server_that_sends_none(
    answer: bytes, docker_config: Path, made: Blobs, blobs: Blobs
) -> None:
    def token(handler: Handler) -> bool:
        handler.answer(200, data=answer)
        return True

    with standing(fault=token) as server:

        def spoil(handler: Handler, data: bytes) -> bool:
            return challenged(handler, f"http://{server.host}/token")

        with serving(made, handmade.image(made, b"x").manifest, spoil) as (reference, _):
            with pytest.raises(EngineError, match=r"does not let you|too large") as refusal:
                pulled(reference, blobs)
            assert refusal.value.fix


def test_a_refusal_is_told_in_the_registry_s_words(docker_config: Path, made: Blobs, blobs: Blobs) -> None:
    def spoil(handler: Handler, data: bytes) -> bool:
        said = {"errors": [{"code": "DENIED", "message": "quota\x1b[31m used up"}]}
        handler.answer(403 if handler.command == "GET" else 200, data=json.dumps(said).encode())
        return True

    with serving(made, handmade.image(made, b"x").manifest, spoil) as (reference, _):
        with pytest.raises(EngineError) as refusal:
            pulled(reference, blobs)
        assert r"quota\x1b[31m used up" in refusal.value.why


@pytest.mark.parametrize(
    ("reference", "url", "login"),
    [
        ("alpine", "https://registry-1.docker.io/v2/library/alpine", "docker login"),
        ("docker.io/alpine:3", "https://registry-1.docker.io/v2/library/alpine", "docker login"),
        ("index.docker.io/team/app", "https://registry-1.docker.io/v2/team/app", "docker login"),
        ("team/app:1", "https://registry-1.docker.io/v2/team/app", "docker login"),
        ("ghcr.io/team/app", "https://ghcr.io/v2/team/app", "docker login ghcr.io"),
        ("localhost/app", "http://localhost/v2/app", "docker login localhost"),
        ("127.0.0.1:5000/a", "http://127.0.0.1:5000/v2/a", "docker login 127.0.0.1:5000"),
        (
            "127.0.0.1.example.com/a",
            "https://127.0.0.1.example.com/v2/a",
            "docker login 127.0.0.1.example.com",
        ),
        ("10.0.0.1:5000/a", "https://10.0.0.1:5000/v2/a", "docker login 10.0.0.1:5000"),
    ],
)
def test_where_a_reference_points_to(reference: str, url: str, login: str) -> None:
    name = parse(reference)
    assert (name.url, name.login) == (url, login)
    assert parse(f"{reference}@{handmade.digest(b'')}").digest == handmade.digest(b"")
