"""Documents no honest registry sends, and places it must not send anybody to."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from tests.engine.embedded import handmade
from tests.engine.embedded.between import Handler, standing
from tests.engine.embedded.pulling import HASTY, HERE, pulled
from tests.engine.embedded.shelf import is_blob, serving
from tui.engine import EngineError
from tui.engine.embedded import oci
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.registry import manifests
from tui.engine.embedded.registry.pull import digest

pytestmark = pytest.mark.usefixtures("docker_config")

LAYER = {"mediaType": oci.LAYER, "digest": handmade.digest(b"layer"), "size": 5}
CONFIG = {"mediaType": oci.CONFIG, "digest": handmade.digest(b"config"), "size": 6}
MANIFEST = {"schemaVersion": 2, "mediaType": oci.MANIFEST, "config": CONFIG, "layers": [LAYER]}
ENTRY = {
    "mediaType": oci.MANIFEST,
    "digest": handmade.digest(b"manifest"),
    "size": 8,
    "platform": {"os": "linux", "architecture": "amd64"},
}
INDEX = {"schemaVersion": 2, "mediaType": oci.INDEX, "manifests": [ENTRY]}


def layer(**changed: Any) -> dict[str, Any]:
    return MANIFEST | {"layers": [LAYER | changed]}


def entry(**changed: Any) -> dict[str, Any]:
    return INDEX | {"manifests": [ENTRY | changed]}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "no JSON"),
        (b"[]", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        ({"schemaVersion": 1, "fsLayers": []}, "no image manifest"),
        (MANIFEST | {"schemaVersion": 1}, "no image manifest"),
        (MANIFEST | {"mediaType": oci.INDEX}, "no image manifest"),
        (MANIFEST | INDEX, "no image manifest"),
        (MANIFEST | {"config": None}, "not described"),
        (MANIFEST | {"config": CONFIG | {"mediaType": "application/vnd.cncf.helm.config.v1+json"}}, "helm"),
        (MANIFEST | {"config": CONFIG | {"size": (4 << 20) + 1}}, "more than 4,194,304 bytes"),
        (MANIFEST | {"layers": {}}, "no layers"),
        (MANIFEST | {"layers": [LAYER] * (manifests.MOST_LAYERS + 1)}, "more than 500"),
        (layer(size=manifests.LAYER_BYTES + 1), "more than 17,179,869,184 bytes"),
        (layer(size=-1), "not possible"),
        (layer(size=True), "not possible"),
        (layer(size=5.0), "not possible"),
        (layer(digest="sha256:../../../../etc/passwd"), "no sha256 digest"),
        (layer(digest="md5:0"), "no sha256 digest"),
        (layer(digest=7), "no sha256 digest"),
        (layer(mediaType="application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"), "foreign"),
        (layer(mediaType="\x1b[31m"), r"\\x1b\[31m"),
        (layer(mediaType={}), "cannot be used"),
        (INDEX | {"manifests": [ENTRY] * (manifests.MOST_PLATFORMS + 1)}, "more than 1,000"),
        (INDEX | {"manifests": "x"}, "no images"),
        (INDEX | {"manifests": [None, 7, {}]}, "none that is named"),
        (entry(platform=None), "none that is named"),
        (entry(platform={"os": [], "architecture": {}}), "none that is named"),
        (entry(platform={"os": "\x1b[2J", "architecture": "x"}), r"\\x1b\[2J/x"),
        (entry(mediaType=oci.INDEX), "none that is named"),
        (entry(digest="sha256:" + "g" * 64), "no sha256 digest"),
        (entry(size=1 << 40), "not possible"),
    ],
)
def test_a_document_that_cannot_be_used(document: Any, why: str, made: Blobs, blobs: Blobs) -> None:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    top = made.add(data or b" ", oci.MANIFEST)
    with serving(made, top) as (reference, _):
        with pytest.raises(EngineError, match=why) as refusal:
            pulled(reference, blobs)
        assert refusal.value.fix and str(refusal.value).isprintable()


@pytest.mark.parametrize("config", [b"[]", b"{}", b'{"rootfs":{"diff_ids":[]}}', b'{"rootfs":[]}'])
def test_a_configuration_of_other_layers(config: bytes, made: Blobs, blobs: Blobs) -> None:
    described = handmade.described(made.add(config, oci.CONFIG))
    layers = [handmade.described(made.add(b"layer", oci.LAYER))]
    document = MANIFEST | {"config": described, "layers": layers}
    with (
        serving(made, made.add(json.dumps(document).encode(), oci.MANIFEST)) as (reference, _),
        pytest.raises(EngineError, match=r"no JSON|other layers"),
    ):
        pulled(reference, blobs)


def test_an_index_within_an_index_is_not_followed(made: Blobs, blobs: Blobs) -> None:
    inner = handmade.index(made, handmade.image(made, b"x"))
    outer = INDEX | {"manifests": [ENTRY | {"digest": inner.digest, "size": inner.size}]}
    with (
        serving(made, made.add(json.dumps(outer).encode(), oci.INDEX)) as (reference, _),
        pytest.raises(EngineError, match="no layers"),
    ):
        pulled(reference, blobs)


@pytest.mark.parametrize("announced", [True, False])
def test_a_huge_manifest_is_not_read(announced: bool, made: Blobs, blobs: Blobs) -> None:
    sent = []

    def spoil(handler: Handler, data: bytes) -> bool:
        if handler.command != "GET":
            return False
        handler.send_response(200)
        handler.send_header(*(("Content-Length", str(64 << 20)) if announced else ("Connection", "close")))
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(64):
                handler.wfile.write(bytes(1 << 20))
                sent.append(1)
        handler.close_connection = True
        return True

    with (
        serving(made, handmade.image(made, b"x").manifest, spoil) as (reference, _),
        pytest.raises(EngineError, match="too large"),
    ):
        pulled(reference, blobs)
    assert len(sent) < 32


def test_a_manifest_of_another_digest_is_not_taken(made: Blobs, blobs: Blobs) -> None:
    wanted, other = handmade.image(made, b"x"), handmade.image(made, b"y")

    def spoil(handler: Handler, data: bytes) -> bool:
        if handler.command == "GET" and "/manifests/" in handler.path:
            handler.answer(200, data=made.read(other.manifest))
            return True
        return False

    with (
        serving(made, wanted.manifest, spoil) as (reference, _),
        pytest.raises(EngineError, match="something else than it announced"),
    ):
        pulled(reference, blobs)
    assert not handmade.files(blobs.root)


@pytest.mark.parametrize("told", ["", "sha256:../x", "md5:1"])
def test_a_digest_that_is_not_told_is_computed(told: str, made: Blobs, blobs: Blobs) -> None:
    wanted = handmade.image(made, b"x")

    def spoil(handler: Handler, data: bytes) -> bool:
        if handler.command == "HEAD":
            handler.answer(200, {"Docker-Content-Digest": told})
        return handler.command == "HEAD"

    with serving(made, wanted.manifest, spoil) as (reference, _):
        assert pulled(reference, blobs)[0] == wanted
        assert digest(reference, HERE, blobs, lambda: None, HASTY) == wanted.manifest.digest


@pytest.mark.parametrize(
    "place", ["http://example.com/blob", "ftp://127.0.0.1/x", "file:///etc/passwd", "https://", "//[x"]
)
def test_a_redirect_to_where_it_is_not_encrypted(place: str, made: Blobs, blobs: Blobs) -> None:
    wanted = handmade.image(made, b"x")

    def spoil(handler: Handler, data: bytes) -> bool:
        if is_blob(handler, wanted.layers[0]):
            handler.answer(307, {"Location": place})
            return True
        return False

    with (
        serving(made, wanted.manifest, spoil) as (reference, _),
        pytest.raises(EngineError, match="not trusted"),
    ):
        pulled(reference, blobs)


def test_what_comes_with_a_redirect_is_not_read(made: Blobs, blobs: Blobs) -> None:
    def spoil(handler: Handler, data: bytes) -> bool:
        if handler.command != "GET" or handler.path.endswith("?"):
            return False
        handler.answer(302, {"Location": f"{handler.path}", "Content-Length": str(1 << 40)}, b"x")
        return True

    with (
        serving(made, handmade.image(made, b"x").manifest, spoil) as (reference, _),
        pytest.raises(EngineError, match="redirects more than"),
    ):
        pulled(reference, blobs)


def test_redirects_end(made: Blobs, blobs: Blobs) -> None:
    def spoil(handler: Handler, data: bytes) -> bool:
        handler.answer(302, {"Location": handler.path})
        return True

    with (
        serving(made, handmade.image(made, b"x").manifest, spoil) as (reference, between),
        pytest.raises(EngineError, match="redirects more than"),
    ):
        pulled(reference, blobs)
    assert between.count("HEAD") == 6


def test_a_storage_elsewhere_gets_no_login(made: Blobs, blobs: Blobs, docker_config: Any) -> None:
    wanted = handmade.image(made, b"x" * 1000)
    authorized: list[str | None] = []

    def storage(handler: Handler) -> bool:
        authorized.append(handler.headers.get("Authorization"))
        handler.answer(200, data=made.path(handler.path[1:]).read_bytes())
        return True

    with standing(fault=storage) as elsewhere:

        def spoil(handler: Handler, data: bytes) -> bool:
            if not handler.headers.get("Authorization", "").startswith("Basic "):
                handler.answer(401, {"WWW-Authenticate": 'Basic realm="x"'})
                return True
            if handler.command == "GET" and "/blobs/" in handler.path:
                place = f"http://{elsewhere.host}/{handler.path.rpartition('/')[2]}"
                handler.answer(307, {"Location": place})
                return True
            return False

        with serving(made, wanted.manifest, spoil) as (reference, between):
            auths = {between.host: {"auth": "bmFtZTpzZWNyZXQ="}}
            (docker_config / "config.json").write_text(json.dumps({"auths": auths}))
            assert pulled(reference, blobs)[0] == wanted
    assert authorized == [None, None]
