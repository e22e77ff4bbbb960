"""The base images of a build: for which platform each is needed, and getting them into the store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing

from docker.errors import APIError, ImageNotFound

from tui.core.dockerfile import native_bases
from tui.core.events import Event
from tui.engine import BuildRequest, EngineInfo
from tui.engine.daemon.pull import pull
from tui.engine.daemon.wire import Client, EngineRefused, Wire, words
from tui.engine.threads import stream

Emit = Callable[[Event], None]


def platform_of(request: BuildRequest, reference: str) -> str | None:
    """The platform a base is needed for, None for the engine's own, where compiling is done."""
    return None if reference in native_bases(request.dockerfile) else request.platform


def fetch(client: Client, wire: Wire, request: BuildRequest, info: EngineInfo, emit: Emit) -> None:
    """Pull the bases that are not in the store for their platform. Raises what ``pull`` raises."""
    for reference in request.bases:
        wanted = platform_of(request, reference)
        there = any(fits(wanted or own_platform(info), found) for found in stored(client, reference))
        pull(client, wire, reference, wanted, there, emit)


async def correct(client: Client, request: BuildRequest) -> AsyncGenerator[Event, None]:
    """Before buildx: pull the bases that containerd's store has for other platforms only.

    BuildKit would build on the other platform's image, and call the result what was asked for.
    """
    wire = Wire(client)

    def work(emit: Emit) -> None:
        for reference in request.bases:
            wanted = platform_of(request, reference)
            image = _inspect(client, reference) if wanted else None
            found = list(_available(image)) if image else []
            if wanted and found and not any(fits(wanted, each) for each in found):
                pull(client, wire, reference, wanted, False, emit)

    async with aclosing(stream(work, wire.cancel)) as events:
        async for event in events:
            yield event


def own_platform(info: EngineInfo) -> str:
    """The platform the engine runs, like ``linux/amd64``."""
    return f"{info.os}/{info.architecture}"


def fits(wanted: str, found: str) -> bool:
    """Whether an image for ``found`` serves ``wanted``, which may leave the variant open."""
    return f"{found}/".startswith(f"{wanted}/")


def stored(client: Client, reference: str) -> list[str]:
    """The platforms of that image in the store, like ``linux/amd64``; none when it is not there.

    Raises EngineRefused.
    """
    image = _inspect(client, reference)
    if image is None:
        return []
    return list(_available(image)) or [named(image["Os"], image["Architecture"], image.get("Variant"))]


def _available(image: dict[str, object]) -> Iterator[str]:
    """The same where the store can hold one image for several platforms and says which; else none."""
    manifests = image.get("Manifests")
    for manifest in manifests if isinstance(manifests, list) else []:
        if manifest.get("Available") and (data := manifest.get("ImageData")):
            platform = data["Platform"]
            yield named(platform["os"], platform["architecture"], platform.get("variant"))


def _inspect(client: Client, reference: str) -> dict[str, object] | None:
    try:
        response = client._get(client._url("/images/{0}/json", reference), params={"manifests": "1"})
        found: dict[str, object] = client._result(response, True)
    except ImageNotFound:
        return None
    except APIError as error:
        raise EngineRefused(words(error)) from error
    return found


def named(system: object, architecture: object, variant: object) -> str:
    """A platform in one word, like ``linux/arm/v7``; arm64's one variant goes without saying."""
    return f"{system}/{architecture}" + (f"/{variant}" if variant and architecture == "arm" else "")
