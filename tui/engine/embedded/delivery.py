"""Hands an image over to where the user wants it, beside the engine's own store."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from docker.errors import DockerException
from requests.exceptions import RequestException

from tui.core.events import Event, Notice
from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.daemon.connect import candidates, open_engine
from tui.engine.daemon.wire import Client
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.layout import refuse_other, write_archive, write_folder
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry.push import push
from tui.engine.embedded.registry.transport import Access

_LOAD_SECONDS = 600


def refuse(where: str, environ: Mapping[str, str]) -> None:
    """Raises EngineError for what is known beforehand: the image would be made in vain."""
    kind, _, path = where.partition(":")
    if kind == "oci":
        refuse_other(Path(path).expanduser())
    elif kind == "engine":
        open_engine(candidates(environ, Path.home())).close()


def deliver(
    where: str,
    images: Sequence[Image],
    tag: str,
    base: str,
    blobs: Blobs,
    emit: Callable[[Event], None],
    check: Callable[[], None],
    registries: Access,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Hand the images over: ``where`` is ``oci:FOLDER``, ``archive:FILE``, ``engine`` or ``registry``.

    ``base`` is the reference they stand on, ``registries`` how they are reached. Raises EngineError.
    """
    kind, _, path = where.partition(":")
    if kind == "oci":
        write_folder(blobs, images, tag, Path(path).expanduser(), check)
        done = f"Wrote the OCI layout {path}."
    elif kind == "archive":
        write_archive(blobs, images, tag, Path(path).expanduser(), check)
        done = f"Wrote {path}."
    elif kind == "engine":
        _load(blobs, images, tag, check, environ)
        done = f"Loaded {tag} into the engine."
    else:
        done = f"Pushed {tag}, {push(images, tag, blobs, emit, check, base, registries)}."
    emit(Notice(printable(done)))


def _load(
    blobs: Blobs, images: Sequence[Image], tag: str, check: Callable[[], None], environ: Mapping[str, str]
) -> None:
    """Into the store of the Docker or Podman that answers. Raises EngineUnavailable too."""
    with (
        closing(open_engine(candidates(environ, Path.home()))) as connection,
        tempfile.TemporaryDirectory(dir=blobs.root) as folder,
    ):
        archive = Path(folder) / "image.tar"
        write_archive(blobs, images, tag, archive, check)
        try:
            with archive.open("rb") as file:
                client: Client = connection.client
                client.timeout = _LOAD_SECONDS
                refused = [answer["error"] for answer in client.load_image(file) if "error" in answer]
        except (DockerException, RequestException) as error:
            raise _not_taken(tag, str(error)) from error
    if refused:
        raise _not_taken(tag, str(refused[0]))


def _not_taken(tag: str, said: str) -> EngineError:
    return EngineError(
        f"The engine does not take {tag}.", f"It says: {printable(said)}", "Deliver to archive:FILE instead."
    )
