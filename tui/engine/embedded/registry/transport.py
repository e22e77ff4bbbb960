"""One HTTP request to a registry, its token server or its storage."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from tui.engine import EngineError
from tui.engine.embedded.registry import words
from tui.engine.embedded.registry.names import is_loopback

PIECE = 1 << 16
"""Bytes read at most between two looks at whether the work was given up."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: to ``connect``, for the next byte (``stall``), before the second of ``tries``
    (``pause``, doubled each time), and at ``most`` where a registry asks for patience.
    """

    connect: float = 10
    stall: float = 30
    pause: float = 1
    most: float = 60
    tries: int = 4


@dataclass(frozen=True, slots=True)
class Access:
    """How registries are reached. ``ca_file`` holds authorities trusted beside the system's."""

    ca_file: Path | None = None
    patience: Patience = field(default_factory=Patience)


class Transport:
    """A session for one piece of work; ``check`` raises when it was given up."""

    def __init__(self, access: Access, check: Callable[[], None]) -> None:
        self.patience, self.check = access.patience, check
        self._session = _Session()
        # Else requests puts what ~/.netrc has for the host over the token.
        self._session.auth = lambda request: request
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.mount("https://", _Trusting(access.ca_file))

    def send(self, method: str, url: str, headers: dict[str, str], body: Any = None) -> requests.Response:
        """The answer, its body still to be read and closed; redirects are not followed.

        Raises Unreachable.
        """
        self.check()
        host = urlsplit(url).netloc
        options: dict[str, Any] = {
            "headers": {"Accept-Encoding": "identity", "User-Agent": "dockwright", **headers},
            "data": body,
            "stream": True,
            "allow_redirects": False,
            "timeout": (self.patience.connect, self.patience.stall),
        }
        if is_loopback(host):  # no proxy can reach this machine's own address
            options["proxies"] = {"no_proxy": urlsplit(url).hostname}
        try:
            return self._session.request(method, url, **options)
        except (requests.RequestException, HTTPError, OSError) as error:
            slow = isinstance(error, requests.ConnectTimeout)
            raise words.unreachable(
                host, error, self.patience.connect if slow else self.patience.stall
            ) from None

    def pieces(self, response: requests.Response) -> Iterator[bytes]:
        """The body as it comes. Raises Broken when it stops, and what ``check`` raises."""
        host = urlsplit(response.url).netloc
        while True:
            self.check()
            try:
                piece: bytes = response.raw.read1(PIECE, decode_content=False)
            except (ReadTimeoutError, TimeoutError):
                raise words.stalled(host, self.patience.stall) from None
            except (HTTPError, OSError, ValueError):
                raise words.broke_off(host) from None
            if not piece:
                return
            yield piece

    def read(self, response: requests.Response, limit: int) -> bytes:
        """The whole body. Raises EngineError for more than ``limit`` bytes, and Broken."""
        data = bytearray()
        for piece in self.pieces(response):
            data += piece
            if len(data) > limit:
                raise EngineError(
                    f"The answer of {urlsplit(response.url).netloc} is too large.",
                    f"What it should send has at most {limit:,} bytes.",
                    "Check the image's name: this is no image, or a hostile registry.",
                )
        return bytes(data)

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: requests reads the whole body of a redirect, even of one it shall not follow."""


class _Trusting(HTTPAdapter):
    """HTTPS with the authorities of the system (or SSL_CERT_FILE), requests' own and a company's."""

    def __init__(self, ca_file: Path | None) -> None:
        try:
            self._context = ssl.create_default_context()
            if ca_file is not None:
                self._context.load_verify_locations(ca_file)
        except OSError as error:
            raise EngineError(
                f"The CA file {ca_file} cannot be used.",
                f"{error.strerror or error}.",
                "Name a file of certificates in PEM.",
            ) from None
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **options)
