"""Sizes of images against the engine's own export, read here by other means."""

from __future__ import annotations

import gzip
import io
import json
import posixpath
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import zstandard
from docker.errors import DockerException

from tests.engine import actors
from tests.engine.conftest import Endpoint
from tui.engine import layers
from tui.engine.daemon import sizes
from tui.engine.daemon.sizes import instruction, measure
from tui.engine.layercache import LIMIT, LayerCache

BASE = "gcr.io/distroless/static-debian13:nonroot"
BUILDER = "golang:1.27-trixie"
ON_BASE = f"FROM {BASE}\nCOPY actor /usr/local/bin/actor\nENV A=b\nWORKDIR /srv\n"


@pytest.fixture(autouse=True)
def cache_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "cache" / "layers.json"
    monkeypatch.setattr(sizes, "default_path", lambda: path)
    return path


@pytest.fixture
def saved(endpoint: Endpoint, client: Any, tmp_path: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """An image on a base, and the files of its export as the docker CLI saves it."""
    tag = actors.image(client, ON_BASE)
    target = tmp_path / "image.tar"
    subprocess.run(
        ["docker", "--host", endpoint.url, "save", "--output", target, tag], check=True, timeout=60
    )
    files: dict[str, bytes] = {}
    with tarfile.open(target) as tar:
        for member in tar:
            if content := tar.extractfile(member):
                files[member.name] = content.read()
    yield tag, files


def test_the_bytes_are_those_of_the_saved_image(client: Any, saved: tuple[str, dict[str, bytes]]) -> None:
    tag, files = saved
    blobs = [files[name] for name in json.loads(files["manifest.json"])[0]["Layers"]]
    plain = [gzip.decompress(blob) if blob.startswith(b"\x1f\x8b") else blob for blob in blobs]
    packed = blobs != plain

    size = measure(client, tag, None, [BASE])
    assert [layer.bytes for layer in size.layers] == [len(blob) for blob in plain]
    assert size.uncompressed == sum(map(len, plain))
    assert size.engine == client.inspect_image(tag)["Size"]
    assert size.compressed_exact is packed
    if packed:
        assert size.compressed == sum(map(len, blobs))
    else:
        assert size.compressed == sum(len(gzip.compress(blob, 6)) for blob in plain)


def test_layers_carry_their_instruction_and_the_bases_are_marked(client: Any) -> None:
    size = measure(client, actors.image(client, ON_BASE), None, [BASE, BUILDER])
    base = len(client.inspect_image(BASE)["RootFS"]["Layers"])
    assert [layer.base for layer in size.layers[: base + 1]] == [True] * base + [False]
    copied = size.layers[base]
    assert copied.instruction.startswith("COPY ")
    assert len(actors.program()) < copied.bytes < len(actors.program()) + 8192


def test_nothing_of_a_scratch_image_is_from_a_base(client: Any) -> None:
    size = measure(client, actors.image(client), None, ["scratch"])
    (layer,) = size.layers
    assert not layer.base
    assert size.uncompressed == layer.bytes
    assert size.single_stage is None


def test_the_base_layer_is_the_same_on_every_engine(client: Any) -> None:
    """Its tar is what the layer's digest is made of, so no store may say anything else."""
    size = measure(client, BASE, None, [BASE])
    assert size.uncompressed == 3_246_080
    assert all(layer.base for layer in size.layers)


def test_the_single_stage_image_is_the_builder_and_the_own_layers(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "GZIP_LEVEL", 0)  # only tars are looked at, and the builder is large
    tag = actors.image(client, ON_BASE)
    size = measure(client, tag, BUILDER, [BUILDER, BASE])
    own = sum(layer.bytes for layer in size.layers if not layer.base)
    assert size.single_stage is not None
    builder = size.single_stage - own
    tars = measure(client, BUILDER, None).uncompressed
    assert 0.9 * tars < builder < 1.15 * tars


def test_a_builder_that_is_not_there_gives_no_comparison(client: Any) -> None:
    assert measure(client, actors.image(client), "golang:0.1", ["golang:0.1"]).single_stage is None


def test_what_was_compressed_once_is_not_compressed_again(
    client: Any, cache_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = actors.image(client, ON_BASE)
    first = measure(client, tag, None, [BASE])
    monkeypatch.setattr(layers, "GZIP_LEVEL", 0)  # compressing again would give other figures
    second = measure(client, tag, None, [BASE])
    assert second.compressed is not None
    assert first.compressed is not None
    # only layers too small to remember are compressed anew, and level 0 makes those larger
    assert first.compressed <= second.compressed < first.compressed + 2 * layers.WORTH_REMEMBERING
    assert cache_file.exists() is not first.compressed_exact


@pytest.mark.parametrize(
    ("created_by", "expected"),
    [
        ("COPY /out/server /usr/local/bin/server # buildkit", "COPY /out/server /usr/local/bin/server"),
        ("RUN /bin/sh -c apk add tzdata # buildkit", "RUN apk add tzdata"),
        ("RUN |2 A=b C=d e /bin/sh -c apk add tzdata # buildkit", "RUN apk add tzdata"),
        ('/bin/sh -c #(nop)  ENTRYPOINT ["/app"]', 'ENTRYPOINT ["/app"]'),
        ("/bin/sh -c #(nop) COPY file:1f in /app ", "COPY file:1f in /app"),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("|1 A=b /bin/sh -c apt-get update", "RUN apt-get update"),
        ("RUN /bin/app write /tmp/x # buildkit", "RUN /bin/app write /tmp/x"),
        ("", ""),
    ],
)
def test_instructions_lose_what_builders_add(created_by: str, expected: str) -> None:
    assert instruction(created_by) == expected


def _export(**files: bytes) -> Iterator[bytes]:
    """The tar of these files, in pieces of an odd size."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("_", "/"))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("other/layer.tar")
        link.type, link.linkname = tarfile.SYMTYPE, "../plain/layer"
        tar.addfile(link)
    whole = packed.getvalue()
    return (whole[start : start + 997] for start in range(0, len(whole), 997))


def test_every_kind_of_layer_is_measured(cache_file: Path) -> None:
    content = bytes(range(256)) * 4000
    export = layers.read_export(
        _export(
            plain_layer=content,
            gz=gzip.compress(content[:5000]) + gzip.compress(content[5000:]),
            zst=zstandard.compress(content[:9000]) + zstandard.compress(content[9000:]),
            config=b'{"history": []}',
            manifest=json.dumps([]).encode(),
        ),
        LayerCache(cache_file),
    )
    assert {name: layer.uncompressed for name, layer in export.layers.items()} == {
        "plain/layer": len(content),
        "gz": len(content),
        "zst": len(content),
    }
    assert not export.layers["plain/layer"].exact
    assert export.layers["gz"].exact
    assert export.links == {posixpath.join("other", "layer.tar"): "plain/layer"}
    assert export.documents["config"] == b'{"history": []}'


@pytest.mark.parametrize("damage", [b"\x1f\x8b\x08broken", zlib.compress(b"x")])
def test_a_broken_layer_is_an_error_or_counted_as_it_is(cache_file: Path, damage: bytes) -> None:
    if damage.startswith(b"\x1f\x8b"):
        with pytest.raises(zlib.error):
            layers.read_export(_export(layer=damage), LayerCache(cache_file))
    else:
        export = layers.read_export(_export(layer=damage), LayerCache(cache_file))
        assert export.layers["layer"].uncompressed == len(damage)


@pytest.mark.parametrize("chunks", [[], [b"no tar at all" * 100], list(_export(layer=b"x")), [b"", b""]])
def test_an_export_that_is_none_is_refused_in_words(
    chunks: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Engine:
        def inspect_image(self, image: str) -> dict[str, int]:
            return {"Size": 1}

    monkeypatch.setattr(sizes, "_exported", lambda client, image: iter(chunks))
    with pytest.raises(DockerException, match=r"export of ping:dev cannot be read"):
        measure(cast(Any, Engine()), "ping:dev", None)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": ["x", 2]}'])
def test_a_broken_cache_is_an_empty_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layers.json"
    path.write_text(text)
    cache = LayerCache(path)
    assert cache.get("a") is None
    cache.put("a", (1, 2))
    cache.save()
    assert LayerCache(path).get("a") == (1, 2)


def test_the_cache_forgets_the_oldest(tmp_path: Path) -> None:
    path = tmp_path / "layers.json"
    cache = LayerCache(path)
    for number in range(LIMIT + 1):
        cache.put(str(number), (number, number))
    cache.save()
    assert LayerCache(path).get("0") is None
    assert LayerCache(path).get(str(LIMIT)) == (LIMIT, LIMIT)
