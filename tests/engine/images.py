"""Images for the tests: of a Dockerfile, made once and kept, or of a tar, for what no Dockerfile can say."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from docker.errors import APIError, ImageNotFound

from tests.alone import alone


def layer(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """The tar of these members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def file(name: str, content: bytes = b"", mode: int = 0o644) -> tuple[tarfile.TarInfo, bytes]:
    """A regular file."""
    member = tarfile.TarInfo(name)
    member.mode = mode
    return member, content


def folder(name: str, mode: int = 0o755) -> tuple[tarfile.TarInfo, bytes]:
    """A directory."""
    member = tarfile.TarInfo(name)
    member.type, member.mode = tarfile.DIRTYPE, mode
    return member, b""


def link(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    """A symbolic link."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    return member, b""


def load(client: Any, content: bytes, platform: str = "linux/amd64", **settings: Any) -> str:
    """A new image with that layer; its tag. ``settings`` are those of the image's configuration."""
    tag = f"localhost/dockwright-test/image:{uuid.uuid4().hex[:12]}"
    system, architecture, variant, *_ = [*platform.split("/"), ""]
    config = {
        "os": system,
        "architecture": architecture,
        **({"variant": variant} if variant else {}),
        "created": "2026-01-01T00:00:00Z",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(content).hexdigest()}"]},
        "history": [{"created_by": "layer"}],
    }
    blob = json.dumps(config).encode()
    name = f"{hashlib.sha256(blob).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": [tag], "Layers": ["layer.tar"]}]).encode()
    archive = layer(file("layer.tar", content), file(name, blob), file("manifest.json", manifest))
    answers = list(client.load_image(archive))
    assert not [answer for answer in answers if "error" in answer], answers
    return tag


def kept(client: Any, repository: str, dockerfile: str, *files: tuple[tarfile.TarInfo, bytes]) -> str:
    """The tag of an image of that Dockerfile and these files: made once, while they and its bases stay."""
    bases = re.findall(r"(?:^FROM |--from=)(?!scratch)(\S+)", dockerfile, re.MULTILINE)
    ids = " ".join(client.inspect_image(base)["Id"] for base in bases)
    context = layer(file("Dockerfile", dockerfile.encode()), *files)
    key = hashlib.sha256(ids.encode() + context).hexdigest()[:12]
    tag = f"{repository}:{key}"
    # Folders that a build makes have its time: a second build would be another image of this name.
    with alone(Path(tempfile.gettempdir()) / f"dockwright-{repository.replace('/', '-')}-{key}.lock"):
        try:
            client.inspect_image(tag)
        except ImageNotFound:
            packed = io.BytesIO(context)
            answers = list(
                client.build(fileobj=packed, custom_context=True, tag=tag, decode=True, rm=True, forcerm=True)
            )
            assert not [answer for answer in answers if "error" in answer], answers
    return tag


def changed(client: Any, base: str, name: str) -> None:
    """An image under that name which is ``base`` and one small file more, so that nobody else has it."""
    container = client.create_container(base, ["/none"])["Id"]
    try:
        client.put_archive(container, "/", layer(file("of-a-test", name.encode())))
        client.commit(container, *name.split(":"))
    finally:
        client.remove_container(container, force=True)


def named(client: Any, name: str | None = None) -> list[dict[str, Any]]:
    """The images of that name, else all. Podman fails when one is removed meanwhile: then once more."""
    for _ in range(9):
        with suppress(APIError):
            return list(client.images(name))
        time.sleep(0.3)
    return list(client.images(name))
