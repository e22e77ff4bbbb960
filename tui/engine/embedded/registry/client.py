"""Requests to one registry: logged in, redirected, patient, and its refusals in words."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests

from tui.core.events import Event
from tui.core.text import printable
from tui.engine.embedded.registry import words
from tui.engine.embedded.registry.login import authorization
from tui.engine.embedded.registry.names import Name
from tui.engine.embedded.registry.transport import Access, Transport

T = TypeVar("T")

REDIRECTS = 5
ENOUGH = 1 << 20
"""Bytes after which a connection that breaks has still been worth it: the tries are counted anew."""
_MOVED = frozenset({301, 302, 303, 307, 308})
_SAID = 4096
"""Bytes read of a refusal's explanation."""


class Client:
    """A registry as ``name`` says it. ``scopes`` are what a token is asked for, as in
    ``repository:team/app:pull``. Threads may share it.
    """

    def __init__(
        self,
        name: Name,
        scopes: tuple[str, ...],
        access: Access,
        emit: Callable[[Event], None],
        check: Callable[[], None],
    ) -> None:
        self.name, self.transport = name, Transport(access, check)
        self._scopes, self.emit = scopes, emit
        self._authorization = ""
        self._lock = threading.Lock()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.transport.close()

    @contextlib.contextmanager
    def ask(
        self,
        method: str,
        url: str,
        subject: str,
        *,
        headers: dict[str, str] | None = None,
        body: Callable[[], Any] = lambda: None,
        also: tuple[int, ...] = (),
    ) -> Iterator[requests.Response]:
        """A good answer (2xx, or a status of ``also``), its body still to be read.

        ``subject`` is what is not there on a 404; ``body`` gives the request's body anew for each try.
        Raises EngineError: Missing, Broken, Unreachable.
        """
        with contextlib.closing(self._patiently(method, url, headers or {}, body)) as response:
            status = response.status_code
            if 200 <= status < 300 or status in also:
                yield response
                return
            raise self._refusal(response, subject)

    def persist(self, work: Callable[[], T], done: Callable[[], int] = lambda: 0) -> T:
        """The result of the work, tried again where it Broke. ``done`` counts the bytes it has moved."""
        tries = 0
        while True:
            had = done()
            try:
                return work()
            except words.Broken:
                tries = 1 if done() - had >= ENOUGH else tries + 1
                if tries >= self.transport.patience.tries:
                    raise
                self._wait(self.transport.patience.pause * 2 ** (tries - 1))

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.transport.check()
            time.sleep(min(left, 0.1))

    def _patiently(
        self, method: str, url: str, headers: dict[str, str], body: Callable[[], Any]
    ) -> requests.Response:
        for _ in range(self.transport.patience.tries):
            response = self._redirected(method, url, headers, body)
            if response.status_code != 429:
                return response
            with contextlib.closing(response):
                seconds = _retry_after(response, self.transport.patience.pause)
            if seconds > self.transport.patience.most:
                break
            self._wait(seconds)
        raise words.too_many(self.name)

    def _redirected(
        self, method: str, url: str, headers: dict[str, str], body: Callable[[], Any]
    ) -> requests.Response:
        for _ in range(REDIRECTS + 1):
            response = self._authorized(method, url, headers, body)
            if response.status_code not in _MOVED or "location" not in response.headers:
                return response
            response.close()
            url = self.location(response)
        raise words.not_trusted(self.name, f"It redirects more than {REDIRECTS} times.")

    def location(self, response: requests.Response) -> str:
        """Where an answer's Location points to. Raises EngineError for what must not be asked."""
        return self.place(response, response.headers.get("location", ""))

    def place(self, response: requests.Response, target: str) -> str:
        """The address an answer names. Raises EngineError for one that must not be asked."""
        try:
            url = urljoin(response.url, target)
        except ValueError:
            url = ""
        if not self.name.trusts(url):
            raise words.not_trusted(self.name, "It sends its data over a connection that is not encrypted.")
        return url

    def _authorized(
        self, method: str, url: str, headers: dict[str, str], body: Callable[[], Any]
    ) -> requests.Response:
        """With the login, where the request goes to the registry itself and nowhere else."""
        if _origin(url) != _origin(self.name.url):
            return self.transport.send(method, url, headers, body())
        used = self._authorization
        response = self.transport.send(method, url, _with(headers, used), body())
        if response.status_code != 401:
            return response
        with contextlib.closing(response), self._lock:
            if self._authorization == used:
                challenge = response.headers.get("WWW-Authenticate", "")
                self._authorization = authorization(
                    self.transport, self.name, challenge, self._scopes, self.emit
                )
        return self.transport.send(method, url, _with(headers, self._authorization), body())

    def _refusal(self, response: requests.Response, subject: str) -> Exception:
        status, host = response.status_code, urlsplit(response.url).netloc
        if status >= 500:
            return words.failing(host, status)
        if status == 404:
            return words.missing(self.name, subject, self._said(response))
        if status in (401, 403):
            if _origin(response.url) != _origin(self.name.url):  # a link to its storage that has expired
                return words.failing(host, status)
            return words.denied(self.name, "" if status == 401 else self._said(response))
        return words.refused(self.name, status, self._said(response))

    def _said(self, response: requests.Response) -> str:
        """The first error's message of a refusal, in the form the specification gives it."""
        try:
            errors = json.loads(next(self.transport.pieces(response), b"")[:_SAID])["errors"]
            return printable(str(errors[0].get("message") or errors[0]["code"])[:200])
        except (words.Broken, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return ""


def _with(headers: dict[str, str], authorization: str) -> dict[str, str]:
    return {**headers, "Authorization": authorization} if authorization else headers


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _retry_after(response: requests.Response, default: float) -> float:
    """Seconds; the header holds them or a date."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isdecimal() and len(told) < 10:
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return default
