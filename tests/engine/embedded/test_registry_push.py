"""Pushing without an engine to Debian's docker-registry."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.engine import registry
from tests.engine.conftest import Endpoint
from tests.engine.embedded import handmade
from tests.engine.embedded.between import Handler, standing
from tests.engine.embedded.pulling import HASTY, pulled
from tests.engine.test_registry import PODMAN_PORT
from tui.core.events import Event, Step, StepProgress
from tui.core.validate import Invalid
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry.push import push

pytestmark = pytest.mark.usefixtures("docker_config")


def pushed(images: list[Image], reference: str, made: Blobs, base: str = "") -> tuple[str, list[Event]]:
    told: list[Event] = []
    return push(images, reference, made, told.append, lambda: None, base, HASTY), told


def test_what_is_pushed_can_be_pulled(known: registry.Registry, made: Blobs, blobs: Blobs) -> None:
    wanted = handmade.image(made, os.urandom(300_000), b"two")
    with standing(known.host) as between:
        reference = f"{between.host}/team/app:1"
        digest, told = pushed([wanted], reference, made)
        assert digest == wanted.manifest.digest
        assert pulled(reference, blobs)[0] == wanted
        steps = [event for event in told if isinstance(event, Step)]
        assert steps[0].started and not steps[0].completed and steps[-1].completed and not steps[-1].error
        last = {event.id: event.current for event in told if isinstance(event, StepProgress)}
        assert last == {blob.digest: blob.size for blob in (*wanted.layers, wanted.config_blob)}

        between.seen.clear()
        assert pushed([wanted], f"{between.host}/team/app:2", made)[0] == digest
        assert not between.count("POST") and not between.count("PATCH"), "all of it is there"


def test_several_platforms_are_an_index(known: registry.Registry, made: Blobs, blobs: Blobs) -> None:
    platforms = ("linux/amd64", "linux/arm64", "linux/arm/v7")
    several = [handmade.image(made, b"same", name.encode(), platform=name) for name in platforms]
    reference = f"{known.host}/team/app:1"
    digest, _ = pushed(several, reference, made)
    for platform, image in zip(platforms, several, strict=True):
        assert pulled(f"{reference}@{digest}", blobs, platform)[0] == image


def test_layers_of_the_base_are_taken_over_inside_the_registry(known: registry.Registry, made: Blobs) -> None:
    below = os.urandom(50_000)
    base = handmade.put(known.host, "team/base", "1", made, handmade.image(made, below))
    with standing(known.host) as between:
        named = base.replace(known.host, between.host)
        pushed([handmade.image(made, below, b"program")], f"{between.host}/team/app:1", made, named)
        assert between.count("POST") == 3
        assert between.count("PATCH") == 2, "the program's layer and the configuration"


def test_an_upload_that_broke_off_goes_on(known: registry.Registry, made: Blobs, blobs: Blobs) -> None:
    """Debian's registry keeps its state in the address; here it is kept for the client, as newer ones do."""
    wanted = handmade.image(made, os.urandom(400_000))
    ranges: list[str] = []
    kept: dict[str, str] = {}

    def break_off(handler: Handler) -> bool:
        size = int(handler.headers.get("Content-Length", 0))
        if handler.command == "GET" and (place := kept.get(handler.path)):
            handler.path = place
        if handler.command != "PATCH" or size < 100_000:
            return False
        ranges.append(handler.headers.get("Content-Range", ""))
        if len(ranges) < 3:
            before = handler.path
            del handler.headers["Content-Range"]
            kept[before] = handler.ask(handler.body(100_000))[1]["Location"].partition(handler.between.host)[
                2
            ]
            handler.hang_up()
        return len(ranges) < 3

    with standing(known.host, break_off) as between:
        reference = f"{between.host}/team/app:1"
        pushed([wanted], reference, made)
        assert pulled(reference, blobs)[0] == wanted
        last = wanted.layers[0].size - 1
        assert ranges == ["", f"100000-{last}", f"200000-{last}"]


def test_an_upload_the_registry_has_forgotten_begins_anew(
    known: registry.Registry, made: Blobs, blobs: Blobs
) -> None:
    wanted = handmade.image(made, os.urandom(400_000))
    spoiled: list[str] = []

    one_at_a_time = threading.Lock()

    def forget(handler: Handler) -> bool:
        """Of the uploads under way at once one alone, at its first PATCH and when it is asked for."""
        with one_at_a_time:
            spoils = (
                "/uploads/" in handler.path
                and handler.command == (["PATCH", "GET"][len(spoiled) :] or [""])[0]
            )
            if spoils:
                spoiled.append(handler.command)
        if spoils:
            handler.body()
            handler.answer(500 if handler.command == "PATCH" else 404)
        return spoils

    with standing(known.host, forget) as between:
        reference = f"{between.host}/team/app:1"
        pushed([wanted], reference, made)
        assert "GET" in spoiled and pulled(reference, blobs)[0] == wanted


def test_a_registry_that_keeps_failing_is_given_up_in_words(known: registry.Registry, made: Blobs) -> None:
    def fail(handler: Handler) -> bool:
        if handler.command == "PATCH":
            handler.body()
            handler.answer(503)
        return handler.command == "PATCH"

    with standing(known.host, fail) as between:
        told: list[Event] = []
        with pytest.raises(EngineError, match="fails for now"):
            push(
                [handmade.image(made, b"x")],
                f"{between.host}/a:1",
                made,
                told.append,
                lambda: None,
                "",
                HASTY,
            )
        assert isinstance(told[-1], Step) and "503" in told[-1].error
        assert not between.count("PUT", "/manifests/"), "no image without its layers"


@pytest.mark.parametrize("demands", ["token", "password"])
def test_pushing_takes_a_login(
    demands: str, tmp_path: Path, made: Blobs, blobs: Blobs, docker_config: Path
) -> None:
    wanted = handmade.image(made, b"private")
    with registry.running(tmp_path / "registry", demands=demands) as known:
        reference = f"{known.host}/private/app:1"
        with pytest.raises(EngineError) as refusal:
            pushed([wanted], reference, made)
        assert f"docker login {known.host}" in refusal.value.fix
        (docker_config / "config.json").write_text(json.dumps(known.configuration))
        pushed([wanted], reference, made)
        assert pulled(reference, blobs)[0] == wanted
        other = handmade.image(made, b"private", b"program")
        pushed([other], f"{known.host}/private/other:1", made, reference)
        assert pulled(f"{known.host}/private/other:1", blobs)[0] == other


def test_a_digest_is_no_place_to_push_to(made: Blobs) -> None:
    with pytest.raises(Invalid):
        pushed([handmade.image(made, b"x")], f"localhost:1/a@{handmade.digest(b'')}", made)


def test_an_engine_pulls_what_was_pushed(
    endpoint: Endpoint, client: Any, tmp_path: Path, made: Blobs
) -> None:
    several = [handmade.image(made, b"x" * 9, platform=name) for name in ("linux/arm64", "linux/amd64")]
    port = PODMAN_PORT if endpoint.is_podman else 0
    with registry.running(tmp_path / "registry", port, "nothing") as known:
        reference = f"{known.host}/team/app:1"
        digest, _ = pushed(several, reference, made)
        lines = list(client.pull(f"{known.host}/team/app", tag="1", stream=True, decode=True))
    assert not [line for line in lines if "error" in line], lines
    try:
        found = client.inspect_image(reference)
        assert f"{known.host}/team/app@{digest}" in found["RepoDigests"]
        assert found["Config"]["Entrypoint"] == ["/none"] and found["Architecture"] == "amd64"
    finally:
        client.remove_image(reference, force=True)
