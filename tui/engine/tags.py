"""The tag list of the official Go image, asked of its registry or of a mirror."""

from __future__ import annotations

import base64
import ipaddress
import json
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

import requests

_HUB, _HUB_REPOSITORY = "registry-1.docker.io", "library/golang"
_TIMEOUT = (10, 30)
_PAGE, _PAGES, _BYTES = 1000, 50, 8 << 20


class RegistryError(Exception):
    """The tags cannot be had; the message says why and what to do."""


def golang_tags(mirror: str = "") -> tuple[str, ...]:
    """Every tag of the golang image: Docker Hub's, or the one below ``mirror`` (host and path).

    The login of ``docker login`` is used where the registry asks for one. A mirror on this machine is
    spoken to without TLS, as the engines do. Raises RegistryError.
    """
    host, _, folder = mirror.partition("/")
    repository = f"{folder}/golang" if folder else "golang"
    return _Repository(host, repository).tags() if mirror else _Repository(_HUB, _HUB_REPOSITORY).tags()


class _Repository:
    def __init__(self, host: str, repository: str) -> None:
        self._host, self._repository = host, repository
        self._session = requests.Session()
        # Else requests puts what ~/.netrc has for the host over the token.
        self._session.auth = lambda request: request

    def tags(self) -> tuple[str, ...]:
        scheme = "http" if _is_loopback(self._host) else "https"
        url = f"{scheme}://{self._host}/v2/{self._repository}/tags/list?n={_PAGE}"
        found: list[str] = []
        for _ in range(_PAGES):
            response = self._authorized(url)
            found += [tag for tag in self._body(response).get("tags") or () if isinstance(tag, str)]
            following = response.links.get("next", {}).get("url")
            if not following:
                return tuple(found)
            url = urljoin(url, following)
            if urlsplit(url).netloc != self._host:
                raise RegistryError(
                    f"{self._host} sends the rest of its tag list to another host. It is not read."
                )
        raise RegistryError(
            f"The tag list of {self._host} does not end. Name another mirror with --registry."
        )

    def _authorized(self, url: str) -> requests.Response:
        response = self._get(url)
        if response.status_code == 401:
            self._log_in(response.headers.get("WWW-Authenticate", ""))
            response = self._get(url)
        if response.status_code in (401, 403):
            raise RegistryError(
                f"{self._host} does not let you list the tags of {self._repository}. "
                f"Log in with docker login {self._host}, then try again."
            )
        if response.status_code == 404:
            raise RegistryError(f"{self._host} has no image {self._repository}. Check --registry.")
        if response.status_code != 200:
            raise RegistryError(f"{self._host} answers with HTTP {response.status_code}. Try again later.")
        return response

    def _log_in(self, challenge: str) -> None:
        """Does what the registry asks for: a token of its token server, or the login itself."""
        kind, _, rest = challenge.partition(" ")
        login = _login(self._host)
        if kind.lower() == "basic":
            self._session.headers["Authorization"] = login
            return
        wanted = parse_keqv_list([part for part in parse_http_list(rest) if "=" in part])
        realm = wanted.get("realm") or ""
        server = urlsplit(realm)
        if server.scheme != "https" and not _is_loopback(server.netloc):
            raise RegistryError(f"{self._host} names no token server that can be trusted. Nothing was sent.")
        asked = {key: wanted[key] for key in ("service", "scope") if wanted.get(key)}
        answer = self._get(realm, params=asked, headers={"Authorization": login} if login else {})
        body = self._body(answer) if answer.status_code == 200 else {}
        token = body.get("token") or body.get("access_token")
        if isinstance(token, str) and token.isprintable():
            self._session.headers["Authorization"] = f"Bearer {token}"

    def _get(self, url: str, **options: Any) -> requests.Response:
        try:
            return self._session.get(url, timeout=_TIMEOUT, stream=True, allow_redirects=False, **options)
        except requests.Timeout:
            raise RegistryError(self._unreachable("does not answer in time")) from None
        except requests.exceptions.SSLError:
            raise RegistryError(self._unreachable("shows a certificate that is not trusted here")) from None
        except requests.RequestException:
            raise RegistryError(self._unreachable("cannot be reached")) from None

    def _unreachable(self, what: str) -> str:
        return f"{self._host} {what}. Check the network, or name a mirror with --registry."

    def _body(self, response: requests.Response) -> dict[str, Any]:
        data = b""
        try:
            for part in response.iter_content(1 << 16):
                data += part
                if len(data) > _BYTES:
                    raise RegistryError(f"{self._host} answers with more than a tag list. It is not read.")
            body = json.loads(data)
        except (requests.RequestException, ValueError):
            body = None
        if not isinstance(body, dict):
            raise RegistryError(f"{self._host} does not answer as a registry does. Check --registry.")
        return body


def _login(host: str) -> str:
    """The Authorization header of the login that docker login keeps for that registry; empty for none."""
    from docker import auth, errors

    try:
        kept = auth.load_config().resolve_authconfig(None if host == _HUB else host) or {}
    except errors.DockerException:
        return ""
    name, password = (kept.get(key) or kept.get(key.lower()) for key in ("Username", "Password"))
    if not name or not password:
        return ""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def _is_loopback(netloc: str) -> bool:
    name = urlsplit(f"//{netloc}").hostname or ""
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
