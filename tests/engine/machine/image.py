"""Makes layers and image archives without an engine.

``image.py layer OUT.tar.gz < LAYER.tar`` keeps a layer compressed, as a registry
would hand it over, with the digest of the uncompressed tar beside it.
``image.py pack OUT.tar --ref NAME:TAG --layer LAYER.tar.gz ...`` writes an
archive that ``docker load`` and Podman take.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

# Fixed, so that the same layers and settings always give the same image ID.
CREATED = "2026-01-01T00:00:00Z"
CHUNK = 1 << 20


def write_layer(out: Path) -> None:
    digest = hashlib.sha256()
    part = out.with_name(out.name + ".part")
    with part.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed:
        while chunk := sys.stdin.buffer.read(CHUNK):
            digest.update(chunk)
            packed.write(chunk)
    diff_id(out).write_text(f"sha256:{digest.hexdigest()}\n")
    part.replace(out)


def diff_id(layer: Path) -> Path:
    return layer.with_name(layer.name + ".diffid")


def architecture() -> str:
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def pack(args: argparse.Namespace) -> None:
    layers = [Path(layer) for layer in args.layer]
    settings: dict[str, object] = {}
    if args.env:
        settings["Env"] = args.env
    if args.entrypoint:
        settings["Entrypoint"] = args.entrypoint
    if args.cmd:
        settings["Cmd"] = args.cmd
    if args.user:
        settings["User"] = args.user
    if args.workdir:
        settings["WorkingDir"] = args.workdir
    if args.label:
        settings["Labels"] = dict(label.split("=", 1) for label in args.label)
    config = {
        "architecture": architecture(),
        "os": "linux",
        "created": CREATED,
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [diff_id(x).read_text().strip() for x in layers]},
        "history": [{"created": CREATED, "created_by": layer.name.split(".")[0]} for layer in layers],
    }
    blob = json.dumps(config, separators=(",", ":")).encode()
    name = hashlib.sha256(blob).hexdigest()
    manifest = [{"Config": f"{name}.json", "RepoTags": args.ref, "Layers": [x.name for x in layers]}]
    part = args.out.with_name(args.out.name + ".part")
    with tarfile.open(part, "w") as archive:
        for layer in layers:
            archive.add(layer, layer.name)
        add(archive, f"{name}.json", blob)
        add(archive, "manifest.json", json.dumps(manifest).encode())
    Path(part).replace(args.out)
    args.out.with_name(args.out.name + ".id").write_text(name + "\n")


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    layer = commands.add_parser("layer")
    layer.add_argument("out", type=Path)
    image = commands.add_parser("pack")
    image.add_argument("out", type=Path)
    for option in ("ref", "layer", "env", "entrypoint", "cmd", "label"):
        image.add_argument(f"--{option}", action="append", default=[])
    image.add_argument("--user")
    image.add_argument("--workdir")
    args = parser.parse_args()
    if args.command == "layer":
        write_layer(args.out)
    else:
        pack(args)


if __name__ == "__main__":
    main()
