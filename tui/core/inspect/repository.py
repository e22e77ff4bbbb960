"""What lies around the code: Git LFS, the repository's address, the licence."""

from __future__ import annotations

import re
from pathlib import Path

from tui.core.inspect import facts, files, tree
from tui.core.inspect.files import Reader
from tui.core.inspect.seen import Seen

_LFS = re.compile(rb"(?m)^[^#\n]*\sfilter=lfs\b")
_LICENCE_FILES = ("license", "licence", "copying", "unlicense")
_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!/)(.+)", re.ASCII)
_URL = re.compile(
    r"(https?|ssh|git)://(?:[^@/\s]*@)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(\d{1,5}))?(/.*)",
    re.ASCII,
)
_ORIGIN = re.compile(r'^\s*\[remote "origin"\]([^\[]*)', re.MULTILINE)
_ADDRESS = re.compile(r"^\s*url\s*=\s*(\S+)\s*$", re.MULTILINE)
_PATH = re.compile(r"(?:/[A-Za-z0-9_~][A-Za-z0-9._~+-]*)+", re.ASCII)
# Hosts where the first three elements of a module's path are its repository.
_CODE_HOSTS = ("github.com/", "bitbucket.org/", "codeberg.org/")


def top(root: Path) -> Path:
    """The repository's root; without one, the project's."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def reader(root: Path, seen: Seen) -> Reader:
    """Reads the project and the folders above it up to the repository's root; without one, the project."""
    return Reader(root, top(root), seen)


def uses_lfs(around: Reader) -> bool:
    """Whether Git LFS tracks files, by the .gitattributes of the project and the folders above it."""
    found = (around.read(files.join(folder, ".gitattributes")) for folder in around.upwards())
    return any(data is not None and _LFS.search(data) for data in found)


def source_url(around: Reader, module: str) -> str:
    """The repository's https address, without credentials; empty when none is known for sure."""
    for folder in around.upwards():
        data = around.read(files.join(folder, ".git/config"))
        if data is not None:
            return https_url(_origin(data.decode("utf-8", "replace")))
    known = module.startswith(_CODE_HOSTS) and module.count("/") > 1
    return https_url("https://" + "/".join(module.split("/")[:3])) if known else ""


def https_url(remote: str) -> str:
    """A Git remote as an https address; empty for folders and for what is no address."""
    form = _SCP.fullmatch(remote)
    if form and "://" not in remote:
        remote = f"ssh://{form[1]}/{form[2]}"
    address = _URL.fullmatch(remote)
    path = address[4].rstrip("/").removesuffix(".git") if address else ""
    if address is None or not _PATH.fullmatch(path):
        return ""
    port = f":{address[3]}" if address[3] and address[1] == "https" else ""
    return f"https://{address[2].lower()}{port}{path}"


def licence(around: Reader) -> str:
    """The SPDX id of the licence's text, in the project or the nearest folder above; empty when not sure."""
    for folder in around.upwards():
        names = [n for n in tree.names(around, folder) if n.lower().partition(".")[0] in _LICENCE_FILES]
        for name in names:
            data = around.read(files.join(folder, name)) or b""
            text = " ".join(data.decode("utf-8", "replace").lower().split())
            known = facts.repository().licences
            fitting = (licence_id for licence_id, signs in known if all(sign in text for sign in signs))
            if text:
                return next(fitting, "")
    return ""


def _origin(text: str) -> str:
    section = _ORIGIN.search(text)
    address = _ADDRESS.search(section[1]) if section else None
    return address[1] if address else ""
