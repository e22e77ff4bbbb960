"""How modules are fetched beside what the user's Go and Git are told: the request's own network settings."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

import certifi

from tui.core.text import printable
from tui.engine import BuildRequest, EngineError

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def access(request: BuildRequest, environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Variables for the go command; ``folder`` is for a file that belongs to this build.

    Raises EngineError where a file that was named cannot be read.
    """
    return dict(_variables(request, environ, folder))


def _variables(request: BuildRequest, environ: Mapping[str, str], folder: Path) -> Iterator[tuple[str, str]]:
    for name, value in request.build_args:
        if name in _PROXIES:
            yield from ((name, value), (name.lower(), value))
    secrets = dict(request.secrets)
    if netrc := secrets.get("netrc"):
        yield "NETRC", str(netrc)
    if company := secrets.get("company-ca"):
        bundle = folder / "ca.crt"
        bundle.write_bytes(_trusted(environ) + _read(company))
        yield from (("SSL_CERT_FILE", str(bundle)), ("GIT_SSL_CAINFO", str(bundle)))
    hosts = request.stages.build.ssh_hosts if request.stages else ()
    told = environ.get("GIT_CONFIG_COUNT") or "0"
    if not told.isdecimal():
        raise EngineError(
            f"GIT_CONFIG_COUNT is {printable(told)}, which is no number.", fix="Unset it, or correct it."
        )
    given = int(told)
    for number, host in enumerate(hosts, given):
        yield f"GIT_CONFIG_KEY_{number}", f"url.ssh://git@{host}/.insteadOf"
        yield f"GIT_CONFIG_VALUE_{number}", f"https://{host}/"
    if hosts:
        yield "GIT_CONFIG_COUNT", str(given + len(hosts))


def _trusted(environ: Mapping[str, str]) -> bytes:
    """What this machine trusts without the company's certificate."""
    known = environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or certifi.where()
    return _read(Path(known)) + b"\n"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EngineError(
            f"{file} cannot be read.", f"The system says: {error.strerror}.", "Name another with --ca-file."
        ) from error
