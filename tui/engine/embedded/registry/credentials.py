"""The user's logins, as `docker login` and its credential helpers keep them."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from docker import auth
from docker.errors import DockerException

from tui.core.events import Notice
from tui.core.text import printable


@dataclass(frozen=True, slots=True)
class Login:
    """``basic`` is the Authorization header of name and password, ``identity`` a token to be renewed.

    Both are empty for nobody's. Neither is ever shown.
    """

    basic: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)


def login(registry: str) -> tuple[Login, Notice | None]:
    """What is kept for that registry. The notice says that something is kept which cannot be read."""
    try:
        kept = auth.load_config().resolve_authconfig(registry) or {}
        found = {str(key).lower(): str(value) for key, value in kept.items() if value}
    except (DockerException, OSError, ValueError, LookupError, TypeError) as error:
        what = printable(type(error).__name__)
        text = f"The stored credentials for {registry} could not be read ({what}); going on without."
        return Login(), Notice(text)
    if identity := found.get("identitytoken"):
        return Login(identity=identity), None
    name, password = found.get("username"), found.get("password")
    if not name or not password:
        return Login(), None
    return Login(f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"), None
