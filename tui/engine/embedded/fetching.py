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
        yield from _home_with(netrc, environ, folder / "home")
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


def _home_with(netrc: Path, environ: Mapping[str, str], home: Path) -> Iterator[tuple[str, str]]:
    """Go is told where the file is; Git's libcurl knows no other place than the home."""
    _read(netrc)
    yield "NETRC", str(netrc)
    own = Path(environ.get("HOME") or Path.home())
    if netrc == own / ".netrc":
        return
    home.mkdir(exist_ok=True)
    link = home / ".netrc"
    link.unlink(missing_ok=True)
    link.symlink_to(netrc.absolute())
    yield "HOME", str(home)
    yield "XDG_CONFIG_HOME", environ.get("XDG_CONFIG_HOME") or str(own / ".config")
    if (own / ".gitconfig").is_file():
        yield "GIT_CONFIG_GLOBAL", environ.get("GIT_CONFIG_GLOBAL") or str(own / ".gitconfig")


def _trusted(environ: Mapping[str, str]) -> bytes:
    """What this machine trusts without the company's certificate."""
    known = environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or certifi.where()
    return _read(Path(known)) + b"\n"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EngineError(
            f"{printable(str(file))} cannot be read.",
            f"The system says: {error.strerror}.",
            "Name another, or let this user read it.",
        ) from error
