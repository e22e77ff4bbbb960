"""A long request to the engine whose answer comes line by line, and which can be broken off."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from typing import Any

from docker.errors import APIError
from requests import Response
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from tui.engine.threads import Stopped

Client = Any
"""docker.APIClient: its stubs know neither the private calls streams need nor every return type."""


class EngineRefused(Exception):
    """The engine says no, in its own words."""


class EngineLost(Exception):
    """The connection ended before the answer did."""


def words(error: Exception) -> str:
    """What the engine said, without the address the SDK asked."""
    return str(getattr(error, "explanation", None) or error)


class Wire:
    """Requests of one piece of work, one after another. ``cancel`` is called from another thread."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._response: Response | None = None
        self._cancelled = False

    def post(
        self,
        path: str,
        params: dict[str, str],
        headers: dict[str, str] | None = None,
        data: Iterable[bytes] | None = None,
    ) -> Generator[dict[str, Any], None, None]:
        """The answer's JSON objects as they come, without any read timeout.

        Closing the generator ends the request. Raises EngineRefused, EngineLost, and Stopped after
        ``cancel``.
        """
        body = None if data is None else self._until_cancelled(data)
        try:
            url = self._client._url(path)
            options = {"params": params, "headers": headers or {}, "stream": True, "timeout": None}
            response: Response = self._client._post(url, data=body, **options)
            with response:
                self._response = response
                if self._cancelled:
                    raise Stopped
                self._client._raise_for_status(response)
                for line in self._lines(response):
                    answer: dict[str, Any] = json.loads(line)
                    if "error" in answer:
                        raise EngineRefused(str(answer["error"]).strip())
                    yield answer
        except APIError as error:
            raise EngineRefused(words(error)) from error
        except (RequestException, HTTPError, OSError, ValueError) as error:
            if self._cancelled:
                raise Stopped from error
            raise EngineLost(str(error)) from error
        finally:
            self._response = None

    def cancel(self) -> None:
        """Close the connection: the engine stops what it did for it."""
        self._cancelled = True
        if (response := self._response) is not None:
            with suppress(OSError, ValueError, RuntimeError):
                response.raw.shutdown()

    def _until_cancelled(self, data: Iterable[bytes]) -> Iterator[bytes]:
        for piece in data:
            if self._cancelled:
                raise Stopped
            yield piece

    def _lines(self, response: Response) -> Iterator[bytes]:
        rest = b""
        for piece in response.raw.stream(decode_content=True):
            if self._cancelled:
                raise Stopped
            *lines, rest = (rest + piece).split(b"\n")
            yield from filter(bytes.strip, lines)
        if self._cancelled:
            raise Stopped
        if rest.strip():
            yield rest
