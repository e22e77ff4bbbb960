"""Registries that are reached encrypted and through a proxy, and those that are not."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engine.embedded import handmade
from tests.engine.embedded.between import Between, Handler
from tests.engine.embedded.pulling import HASTY, pulled
from tests.engine.embedded.shelf import serving
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.registry.transport import Access

NAME = "registry.example.com"


@pytest.fixture(autouse=True)
def environment(docker_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own network settings."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of NAME that nobody trusts, in a file with its key."""
    folder = tmp_path_factory.mktemp("authority")
    command = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"),
        *("-addext", f"subjectAltName=DNS:{NAME}", "-addext", "keyUsage=digitalSignature,keyCertSign"),
        *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@contextmanager
def proxied(
    made: Blobs, monkeypatch: pytest.MonkeyPatch, authority: Path | None, status: int = 200
) -> Iterator[tuple[str, Between]]:
    """A reference below NAME, which the environment's proxy reaches; encrypted with that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if authority:
        context.load_cert_chain(authority / "cert.pem", authority / "key.pem")

    def connect(handler: Handler) -> None:
        handler.between.seen.append(f"CONNECT {handler.path}")
        handler.send_response(status)
        handler.end_headers()
        if authority:
            try:
                handler.connection = context.wrap_socket(handler.connection, server_side=True)
            except OSError:
                handler.close_connection = True
                return
            handler.rfile = handler.connection.makefile("rb")
            handler.wfile = handler.connection.makefile("wb", 0)
        handler.close_connection = status != 200

    monkeypatch.setattr(Handler, "do_CONNECT", connect, raising=False)
    with serving(made, handmade.image(made, b"x").manifest) as (_, between):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{between.host}")
        yield f"{NAME}/base:1", between


def test_through_a_proxy_with_a_company_s_authority(
    made: Blobs, blobs: Blobs, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxied(made, monkeypatch, authority) as (reference, between):
        with pytest.raises(EngineError, match="certificate is not trusted") as refusal:
            pulled(reference, blobs)
        assert NAME in refusal.value.what and "CA file" in refusal.value.fix
        access = Access(authority / "cert.pem", HASTY.patience)
        assert pulled(reference, blobs, access=access)[1].states == ["pulling", "done"]
        assert between.seen[0] == f"CONNECT {NAME}:443"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_an_authority_of_the_environment(
    variable: str, made: Blobs, blobs: Blobs, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(authority / "cert.pem"))
    with proxied(made, monkeypatch, authority) as (reference, _):
        assert pulled(reference, blobs)[1].states == ["pulling", "done"]


def test_the_name_must_be_the_certificate_s(
    made: Blobs, blobs: Blobs, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        proxied(made, monkeypatch, authority) as (reference, _),
        pytest.raises(EngineError, match="certificate is not trusted"),
    ):
        pulled(f"other.{reference}", blobs, access=Access(authority / "cert.pem", HASTY.patience))


def test_plain_http_is_not_spoken_with_others(
    made: Blobs, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxied(made, monkeypatch, None) as (reference, between):
        with pytest.raises(EngineError, match="does not speak TLS"):
            pulled(reference, blobs)
        assert not between.count("HEAD")


def test_a_proxy_that_lets_nothing_through(
    made: Blobs, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        proxied(made, monkeypatch, None, 403) as (reference, _),
        pytest.raises(EngineError, match="proxy") as refusal,
    ):
        pulled(reference, blobs)
    assert "HTTPS_PROXY" in refusal.value.fix


def test_no_proxy_stands_before_this_machine(
    made: Blobs, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(made, handmade.image(made, b"x").manifest) as (reference, _):
        assert pulled(reference, blobs)[1].states == ["pulling", "done"]


@pytest.mark.parametrize("content", [b"", b"no certificate", None])
def test_a_ca_file_that_cannot_be_used(content: bytes | None, tmp_path: Path, blobs: Blobs) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError, match="CA file") as refusal:
        pulled("localhost:1/base", blobs, access=Access(path))
    assert str(path) in refusal.value.what and refusal.value.fix


@pytest.mark.parametrize(
    ("reference", "why"),
    [("localhost:1/base", "connection refused"), ("registry.invalid/base", "no address for that name")],
)
def test_a_registry_that_is_not_there(reference: str, why: str, blobs: Blobs) -> None:
    with pytest.raises(EngineError, match=why) as refusal:
        pulled(reference, blobs)
    assert reference.partition("/")[0] in refusal.value.what and refusal.value.fix
