"""The tag list of the official Go image, asked of its registry or of a mirror."""

from __future__ import annotations

import requests

from tui.engine import EngineError
from tui.engine.embedded.registry.client import Client
from tui.engine.embedded.registry.manifests import read
from tui.engine.embedded.registry.names import parse
from tui.engine.embedded.registry.transport import Access

_PAGE, _PAGES, _BYTES = 1000, 50, 8 << 20


def golang_tags(mirror: str = "") -> tuple[str, ...]:
    """Every tag of the golang image: Docker Hub's, or the one below ``mirror`` (host and path).

    The login of ``docker login`` is used where the registry asks for one. A mirror on this machine is
    spoken to without TLS, as the engines do. Raises EngineError.
    """
    name = parse(f"{mirror}/golang" if mirror else "golang")
    scopes = (f"repository:{name.repository}:pull",)
    with Client(name, scopes, Access(), lambda event: None, lambda: None) as client:
        url, found = f"{name.url}/tags/list?n={_PAGE}", list[str]()
        for _ in range(_PAGES):
            with client.ask("GET", url, f"image {name.repository}") as response:
                found += _tags(client, response)
                following = response.links.get("next", {}).get("url")
                if not following:
                    return tuple(found)
                url = client.place(response, following)
    raise EngineError(
        f"The tag list of {name.registry} does not end.",
        f"It has more than {_PAGES} pages.",
        "Ask another registry.",
    )


def _tags(client: Client, response: requests.Response) -> list[str]:
    listed = read(client.transport.read(response, _BYTES)).get("tags")
    return [tag for tag in listed if isinstance(tag, str)] if isinstance(listed, list) else []
