"""What goes wrong between here and a registry, in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import requests
from urllib3.exceptions import NameResolutionError

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.registry.names import Name


class Unreachable(EngineError):
    """The registry gives no answer at all, or none that says anything about the image."""


class Broken(Unreachable):
    """It broke off or failed for now: another try may do."""


class Missing(EngineError):
    """The registry does not have it."""


def unreachable(host: str, error: Exception, seconds: float) -> Unreachable:
    """Why a request was not answered. ``seconds`` is how long was waited."""
    what = f"{printable(host)} cannot be reached."
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Unreachable(
            what,
            "Its certificate is not trusted here.",
            "Behind a company proxy, name the company's CA file, or set SSL_CERT_FILE to a bundle with it.",
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(
            what,
            "It does not speak TLS as a registry should.",
            "Plain HTTP is spoken only with a registry on this machine: give this one a certificate.",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        why = "The proxy that the environment names does not let it through."
        return Unreachable(what, why, "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
    if any(isinstance(cause, NameResolutionError) for cause in causes):
        return Unreachable(what, "There is no address for that name.", "Check the network and the name.")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Unreachable(what, "Nothing listens there (connection refused).", "Check the name and port.")
    if isinstance(error, requests.Timeout):
        return Unreachable(what, f"It did not answer for {seconds:g} seconds.", "Check the network.")
    return Broken(what, "The connection broke.", "Check the network, then try again.")


def stalled(host: str, seconds: float) -> Broken:
    """The answer stopped in the middle."""
    return Broken(
        f"{printable(host)} stopped sending.",
        f"No byte came for {seconds:g} seconds.",
        "Check the network, then try again: what came is kept.",
    )


def broke_off(host: str) -> Broken:
    """The answer ended in the middle."""
    return Broken(
        f"{printable(host)} broke off in the middle.",
        "The connection ended before the answer did.",
        "Try again: what came is kept.",
    )


def failing(host: str, status: int) -> Broken:
    """HTTP 5xx."""
    what = f"{printable(host)} fails for now."
    return Broken(what, f"It answers with HTTP {status}.", "Try again later: what came is kept.")


def too_many(name: Name) -> Unreachable:
    """HTTP 429, over and over."""
    return Unreachable(
        f"{name.registry} refuses more requests for now.",
        "It answers with HTTP 429: too many in a short time.",
        f"Wait, or log in with `{name.login}`, which may raise the limit.",
    )


def denied(name: Name, said: str) -> EngineError:
    """HTTP 401 or 403."""
    return EngineError(
        f"{name.registry} does not let you have or change {name.repository}.",
        f"It says: {said}" if said else "It wants a login that may do this, or there is no such image.",
        f"Run `{name.login}`, and check the image's name.",
    )


def missing(name: Name, subject: str, said: str) -> Missing:
    """HTTP 404. ``subject`` is an image with that tag, a part …"""
    return Missing(
        f"{name.registry} has no {subject}.",
        f"It answers with HTTP 404{f': {said}' if said else ''}.",
        "Check the image's name and tag.",
    )


def refused(name: Name, status: int, said: str) -> EngineError:
    """Any other answer that is not what was asked for."""
    return EngineError(
        f"{name.registry} does not do what it was asked for {name.repository}.",
        f"It answers with HTTP {status}{f': {said}' if said else ''}.",
        "See what the registry's operator says about it.",
    )


def not_trusted(name: Name, what: str) -> EngineError:
    """The registry wants something unsafe."""
    return EngineError(
        f"{name.registry} is not trusted any further.",
        what,
        "Tell the registry's operator; nothing was sent there.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised for; requests and urllib3 keep that in several places."""
    found: list[BaseException] = [error]
    for each in found:
        yield each
        further = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        found += [one for one in further if isinstance(one, BaseException) and one not in found]
