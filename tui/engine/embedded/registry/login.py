"""Answers a registry's challenge: a token of its token server, or the login itself."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from tui.core.events import Event
from tui.engine.embedded.registry import words
from tui.engine.embedded.registry.credentials import Login, login
from tui.engine.embedded.registry.names import Name
from tui.engine.embedded.registry.transport import Transport

_TOKEN_BYTES = 1 << 20


def authorization(
    transport: Transport,
    name: Name,
    challenge: str,
    scopes: tuple[str, ...],
    emit: Callable[[Event], None],
) -> str:
    """The Authorization header that answers it. Without a login it is asked for anonymously.

    Raises EngineError in words when there is none, and Unreachable.
    """
    kept, notice = login(name.registry)
    if notice is not None:
        emit(notice)
    kind, _, rest = challenge.partition(" ")
    if kind.lower() == "basic" and kept.basic:
        return kept.basic
    if kind.lower() != "bearer":
        raise words.denied(name, "")
    wanted = parse_keqv_list([part for part in parse_http_list(rest) if "=" in part])
    token = _token(transport, name, wanted, scopes, kept)
    if not (token.isascii() and token.isprintable() and token):
        raise words.denied(name, "")
    return f"Bearer {token}"


def _token(
    transport: Transport, name: Name, wanted: dict[str, str], scopes: tuple[str, ...], kept: Login
) -> str:
    realm = wanted.get("realm", "")
    asked = [("service", wanted["service"])] if wanted.get("service") else []
    every = dict.fromkeys((*scopes, *wanted.get("scope", "").split()))
    if not name.trusts(realm):
        raise words.not_trusted(name, "It names a token server that would get your login unencrypted.")
    if kept.identity:
        form = [
            *asked,
            ("grant_type", "refresh_token"),
            ("client_id", "dockwright"),
            ("scope", " ".join(every)),
            ("refresh_token", kept.identity),
        ]
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = transport.send("POST", realm, headers, urlencode(form))
    else:
        query = urlencode([*asked, *(("scope", scope) for scope in every)])
        url = f"{realm}{'&' if '?' in realm else '?'}{query}"
        response = transport.send("GET", url, {"Authorization": kept.basic} if kept.basic else {})
    with contextlib.closing(response):
        if response.status_code >= 500:
            raise words.failing(urlsplit(realm).netloc, response.status_code)
        if response.status_code != 200:
            raise words.denied(name, "")
        data = transport.read(response, _TOKEN_BYTES)
    try:
        body = json.loads(data)
        return str(body.get("token") or body.get("access_token") or "")
    except (ValueError, AttributeError, RecursionError):
        return ""
