"""A plan's finished image out of its base and compiled programs: the Dockerfile's final stage, by hand.

Layers come in the order in which they change: the system's files, the project's, the programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tui.core.catalog import CERTIFICATES, ZONES
from tui.core.final_image import PROBE, SCRATCH_FOLDERS, Accounts, FinalImage
from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.config import configuration
from tui.engine.embedded.copied import folder, project_files
from tui.engine.embedded.layer import NewEntry, write_layer
from tui.engine.embedded.manifest import add_image
from tui.engine.embedded.oci import LAYER, Descriptor, Image
from tui.engine.embedded.staging import Staging
from tui.engine.embedded.tree import DIRECTORY, FILE, read_file
from tui.engine.embedded.tree_cache import known_tree

PASSWD, GROUP = "/etc/passwd", "/etc/group"
ACCOUNTS_LIMIT = 1 << 20
"""Bytes of a base's passwd or group file that are read at most."""

_SYSTEM, _FILES, _PROGRAMS = range(3)
_HOLDS = {_SYSTEM: "system files", _FILES: "files of the project", _PROGRAMS: "programs"}
_LAYERS = {
    "application/vnd.docker.image.rootfs.diff.tar": "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip": LAYER,
    "application/vnd.docker.image.rootfs.diff.tar.zstd": "application/vnd.oci.image.layer.v1.tar+zstd",
}
"""Docker's media types of layers as the specification's: the bytes are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the builder stage would make: ``programs`` by name, ``probe`` where the plan has one.

    ``certificates`` is the text of the CA file, ``zones`` the folder of time zones; both are used where
    the plan copies them. ``sources`` is the build context, which the plan's files are taken from.
    """

    programs: Mapping[str, Path]
    probe: Path | None
    certificates: bytes
    zones: Path
    sources: Path


def assemble(
    blobs: Blobs,
    final: FinalImage,
    base: Image | None,
    platform: str,
    parts: Parts,
    epoch: int,
    check: Callable[[], None],
) -> Image:
    """The finished image for ``platform``, in the store. ``base`` is None for scratch.

    The same arguments give the same digest everywhere; ``epoch`` (seconds since 1970, SOURCE_DATE_EPOCH
    or 0) dates everything. Raises EngineError, and what ``check`` raises.
    """
    lower = base.layers if base else ()
    tree = known_tree(blobs, lower, check)
    staging = Staging(tree)
    staging.begin(_SYSTEM)
    _stage_system(staging, final, parts, lambda path: read_file(blobs, lower, tree, path, ACCOUNTS_LIMIT))
    staging.begin(_PROGRAMS)
    _stage_programs(staging, final, parts.programs)
    staging.begin(_FILES)
    if final.files:
        staging.copy_into(final.workdir or "/", project_files(parts.sources, final.files))
    staging.begin(_SYSTEM)
    _make_folders(staging, final)
    layers = [(group, write_layer(blobs, entries, epoch, check)) for group, entries in staging.layers()]
    new = [(layer.diff_id, _HOLDS[group]) for group, layer in layers]
    config = _configuration(final, base, platform, new, epoch)
    everything = (*(_oci(layer) for layer in lower), *(layer.blob for _, layer in layers))
    return add_image(blobs, platform, config, everything)


def _configuration(
    final: FinalImage, base: Image | None, platform: str, layers: list[tuple[str, str]], epoch: int
) -> dict[str, Any]:
    """The base's configuration comes from a registry, and may be anything."""
    try:
        if base and len(base.config["rootfs"]["diff_ids"]) != len(base.layers):
            raise ValueError("it lists other layers than its manifest")
        return configuration(final, base.config if base else None, platform, layers, epoch)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise EngineError(
            f"The configuration of the base image {printable(final.base)} cannot be used.",
            f"It is not as the image specification says: {printable(str(error))}.",
            "Choose another base image.",
        ) from error


def _stage_system(
    staging: Staging, final: FinalImage, parts: Parts, read: Callable[[str], bytes | None]
) -> None:
    if final.is_scratch:
        for path, mode in SCRATCH_FOLDERS:
            staging.make_folder(path)
            staging.copy_into("/", [NewEntry(path.lstrip("/"), DIRECTORY, int(mode, 8))])
    if final.accounts:
        staging.copy_into("/etc", _account_files(final.accounts, read))
    if final.certificates:
        staging.copy_file(NewEntry(CERTIFICATES, FILE, 0o644, content=parts.certificates))
    if final.zones:
        staging.copy_into(ZONES, folder(parts.zones))
    if parts.probe:
        staging.copy_file(NewEntry(f"{final.program_dir}/{PROBE}", FILE, 0o755, content=parts.probe))


def _account_files(accounts: Accounts, read: Callable[[str], bytes | None]) -> list[NewEntry]:
    """The base's lines and the new ones after them, as ``grep .`` and ``echo`` write them."""
    return [
        NewEntry(path.removeprefix("/etc/"), FILE, 0o644, content=_filled(read(path)) + _lines(lines))
        for path, lines in ((PASSWD, accounts.passwd), (GROUP, accounts.group))
    ]


def _filled(text: bytes | None) -> bytes:
    """The lines that are not empty, the last one ended too."""
    return b"".join(line + b"\n" for line in (text or b"").split(b"\n") if line)


def _lines(lines: tuple[str, ...]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _stage_programs(staging: Staging, final: FinalImage, programs: Mapping[str, Path]) -> None:
    """Several are copied as a folder's content, whose destination's own links are not followed."""
    entries = [NewEntry(name, FILE, 0o755, content=programs[name]) for name in final.programs]
    if len(entries) > 1:
        staging.copy_into(final.program_dir, entries)
    else:
        staging.copy_file(replace(entries[0], path=f"{final.program_dir}/{entries[0].path}"))


def _make_folders(staging: Staging, final: FinalImage) -> None:
    """WORKDIR, which the user owns with every parent it makes."""
    uid, _, gid = final.user.partition(":")
    wanted = [*final.writable_dirs, final.workdir]
    for path in filter(None, wanted):
        staging.make_folder(path, (int(uid), int(gid)))


def _oci(layer: Descriptor) -> Descriptor:
    return replace(layer, media_type=_LAYERS.get(layer.media_type, layer.media_type))
