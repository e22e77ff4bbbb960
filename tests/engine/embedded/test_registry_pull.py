"""Pulling without an engine from Debian's docker-registry."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.engine import registry
from tests.engine.embedded import handmade
from tests.engine.embedded.handmade import DOCKER
from tests.engine.embedded.pulling import HASTY, HERE, Told, pulled
from tui.core.events import Pull
from tui.engine import EngineError
from tui.engine.embedded import oci
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.names import Names
from tui.engine.embedded.registry.pull import digest, pull

pytestmark = pytest.mark.usefixtures("docker_config")


@pytest.mark.parametrize("kinds", [{}, DOCKER], ids=["oci", "docker"])
def test_an_image_is_pulled_once_and_is_whole(
    known: registry.Registry, made: Blobs, blobs: Blobs, kinds: dict[str, str]
) -> None:
    wanted = handmade.image(made, os.urandom(300_000), b"two", b"two", kinds=kinds)
    reference = handmade.put(known.host, "team/base", "1", made, wanted)

    found, told = pulled(reference, blobs)

    assert found == wanted
    assert all(blobs.read(each) == made.read(each) for each in (found.config_blob, *found.layers))
    assert told.states == ["pulling", "done"]
    last = told[-1]
    assert isinstance(last, Pull) and last.current == last.total == sum(x.size for x in {*wanted.layers})
    assert pulled(reference, blobs)[1].states == ["pulling", "present"]
    assert not handmade.files(blobs.root / "drafts")


@pytest.mark.parametrize("kinds", [{}, DOCKER], ids=["oci", "docker"])
def test_the_platform_is_chosen_from_an_index(
    known: registry.Registry, made: Blobs, blobs: Blobs, kinds: dict[str, str]
) -> None:
    platforms = ("linux/arm64", "linux/arm/v6", "linux/arm/v7", "linux/amd64", "windows/amd64")
    each = {name: handmade.image(made, name.encode(), platform=name, kinds=kinds) for name in platforms}
    top = handmade.index(made, *each.values(), kind=kinds.get(oci.INDEX, oci.INDEX))
    reference = handmade.put(known.host, "several", "1", made, *each.values(), top=top)

    for platform in platforms:
        assert pulled(reference, blobs, platform)[0].manifest == each[platform].manifest
    assert pulled(reference, blobs, "linux/arm")[0].manifest == each["linux/arm/v7"].manifest
    assert pulled(reference, blobs, "linux/amd64/v3")[0].manifest == each["linux/amd64"].manifest
    with pytest.raises(EngineError, match=r"not made for linux/s390x.*linux/arm/v6"):
        pulled(reference, blobs, "linux/s390x")
    assert digest(reference, None, blobs, lambda: None, HASTY) == top.digest
    assert digest(reference, "linux/arm64", blobs, lambda: None, HASTY) == top.digest
    with pytest.raises(EngineError, match="not made for linux/s390x"):
        digest(reference, "linux/s390x", blobs, lambda: None, HASTY)


def test_an_image_of_one_platform_is_not_taken_for_another(
    known: registry.Registry, made: Blobs, blobs: Blobs
) -> None:
    reference = handmade.put(known.host, "one", "1", made, handmade.image(made, b"x", platform="linux/arm64"))
    with pytest.raises(EngineError, match="not made for linux/amd64"):
        pulled(reference, blobs)
    with pytest.raises(EngineError, match="not made for linux/amd64"):
        digest(reference, HERE, blobs, lambda: None, HASTY)
    assert pulled(reference, blobs, "linux/arm64")[1].states == ["pulling", "done"]


def test_without_the_registry_the_store_knows(tmp_path: Path, made: Blobs, blobs: Blobs) -> None:
    wanted = handmade.image(made, b"content")
    top = handmade.index(made, wanted)
    with registry.running(tmp_path / "registry", demands="nothing") as known:
        reference = handmade.put(known.host, "base", "1", made, wanted, top=top)
        pulled(reference, blobs)
    Names(blobs).collect()

    pinned, told = pulled(f"{reference}@{top.digest}", blobs)
    assert pinned == wanted and told.states == ["present"] and not told.notices
    by_tag, told = pulled(reference, blobs)
    assert by_tag == wanted and told.states == ["pulling", "present"]
    assert "connection refused" in told.notices[0] and top.digest in told.notices[0]
    assert digest(reference, HERE, blobs, lambda: None, HASTY) == top.digest
    with pytest.raises(EngineError, match="cannot be reached"):
        pulled(reference.replace(":1", ":2"), blobs)


def test_what_was_spoiled_in_the_store_is_pulled_anew(
    known: registry.Registry, made: Blobs, blobs: Blobs
) -> None:
    wanted = handmade.image(made, b"content")
    reference = handmade.put(known.host, "base", "1", made, wanted)
    pulled(reference, blobs)
    for blob in (wanted.manifest, wanted.config_blob, wanted.layers[0]):
        blobs.path(blob.digest).write_bytes(b"cut")
        assert pulled(reference, blobs)[0] == wanted
        assert blobs.read(blob) == made.read(blob)


def test_a_tag_that_moved_is_pulled_anew(known: registry.Registry, made: Blobs, blobs: Blobs) -> None:
    first, second = (handmade.image(made, content) for content in (b"1", b"2"))
    assert pulled(handmade.put(known.host, "base", "1", made, first), blobs)[0] == first
    assert pulled(handmade.put(known.host, "base", "1", made, second), blobs)[0] == second


def test_what_is_not_there(known: registry.Registry, made: Blobs, blobs: Blobs) -> None:
    reference = handmade.put(known.host, "base", "1", made, handmade.image(made, b"x"))
    for wrong in (f"{known.host}/none:1", f"{reference}2", f"{reference}@{handmade.digest(b'none')}"):
        told = Told()
        with pytest.raises(EngineError) as refusal:
            pull(wrong, HERE, blobs, told.append, lambda: None, HASTY)
        assert "has no" in refusal.value.what and refusal.value.why and refusal.value.fix
        assert told.states == ["pulling", "failed"]


@pytest.mark.parametrize("demands", ["token", "password"])
def test_the_login_is_used_where_one_is_demanded(
    demands: str, tmp_path: Path, made: Blobs, blobs: Blobs, docker_config: Path
) -> None:
    wanted = handmade.image(made, b"private")
    with registry.running(tmp_path / "registry", demands="nothing") as known:
        port = int(known.host.rpartition(":")[2])
        reference = handmade.put(known.host, "private/base", "1", made, wanted)
    with registry.running(tmp_path / "registry", port, demands) as known:
        with pytest.raises(EngineError) as refusal:
            pulled(reference, blobs)
        assert f"docker login {known.host}" in refusal.value.fix
        (docker_config / "config.json").write_text(json.dumps(known.configuration))
        assert pulled(reference, blobs)[0] == wanted


def test_an_identity_token_is_renewed(tmp_path: Path, made: Blobs, blobs: Blobs, docker_config: Path) -> None:
    with registry.running(tmp_path / "registry", demands="nothing") as known:
        port = int(known.host.rpartition(":")[2])
        reference = handmade.put(known.host, "private/base", "1", made, handmade.image(made, b"private"))
    with registry.running(tmp_path / "registry", port) as known:
        auths = {known.host: {"auth": "", "identitytoken": registry.IDENTITY}}
        (docker_config / "config.json").write_text(json.dumps({"auths": auths}))
        assert pulled(reference, blobs)[1].states == ["pulling", "done"]
        assert known.granted == [registry.USER]
