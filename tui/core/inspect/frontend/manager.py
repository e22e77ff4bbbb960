"""Which package manager installs, where, and from which files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tui.core import frontend
from tui.core.frontend import Manager
from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend import manifest
from tui.core.inspect.frontend.manifest import Manifest
from tui.core.inspect.frontend.scripts import commands
from tui.core.project import Evidence

_DECLARED = re.compile(r"(npm|pnpm|yarn|bun)@([0-9]+(?:\.[0-9]+){0,2}(?:-[0-9A-Za-z.-]+)?)(?:\+\S*)?")
_LOCK_HEAD = 2000
_PNPM_WORKSPACE = "pnpm-workspace.yaml"
_ITEM = re.compile(r"""^\s*-\s*['"]?([^'"#\n]+?)['"]?\s*(?:#.*)?$""")
_TOKEN = re.compile(r"(?im)^[^#;\n]*(_auth|_authToken|_password|npmAuthToken)\s*[=:](?!\s*['\"]?\$\{)")


class Install(NamedTuple):
    """``manifests`` is empty when the step may read any file. ``secrets`` are settings with a token."""

    folder: str
    manager: str
    version: str
    manifests: tuple[str, ...]
    has_lockfile: bool
    secrets: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def find(reader: Reader, package: Manifest, packages: dict[str, Manifest]) -> Install:
    """How the dependencies of ``package`` are installed. ``packages`` are the project's, by folder."""
    root = workspace(reader, package, packages)
    declared = next((d for p in (package, root) if (d := _declared(p))), None)
    locked = _locked(reader, root)
    if declared:
        name, version, evidence = declared
        entry = frontend.manager_for(name, version)
        locks = [name for name in locked if name in entry.lockfiles]
    else:
        entry = _by_lockfile(reader, root, locked)
        locks = [name for name in locked if name in entry.lockfiles]
        version = _version(reader, root, entry, locks)
        evidence = _lock_evidence(root, entry, locks)
    members = [packages[folder] for folder in _members(reader, root, packages)]
    given, secrets = _settings(reader, root, entry)
    names = [manifest.NAME, *locks[:1], *given]
    read = [files.join(root.folder, name) for name in names] + [member.path for member in members]
    return Install(
        folder=root.folder,
        manager=entry.name,
        version=version,
        manifests=() if _reads_sources([root, package, *members]) else tuple(dict.fromkeys(read)),
        has_lockfile=bool(locks),
        secrets=secrets,
        evidence=(evidence,),
    )


def workspace(reader: Reader, package: Manifest, packages: dict[str, Manifest]) -> Manifest:
    """The nearest package above whose workspace this one belongs to, else itself."""
    folder = package.folder
    while folder:
        folder = folder.rpartition("/")[0]
        above = packages.get(folder)
        if above and package.folder in _members(reader, above, packages):
            return above
    return package


def _members(reader: Reader, root: Manifest, packages: dict[str, Manifest]) -> list[str]:
    """Folders of the workspace that ``root`` declares."""
    patterns = [*_declared_members(root.data.get("workspaces")), *_pnpm_members(reader, root)]
    wanted = [_below(root.folder, p) for p in patterns if not p.startswith("!")]
    never = [_below(root.folder, p[1:]) for p in patterns if p.startswith("!")]
    return [
        folder
        for folder in packages
        if folder != root.folder and _fits(folder, wanted) and not _fits(folder, never)
    ]


def _declared_members(value: Any) -> list[str]:
    given = value.get("packages") if isinstance(value, dict) else value
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []


def _pnpm_members(reader: Reader, root: Manifest) -> Iterator[str]:
    """The items under ``packages:``, the only block of the file that is looked at."""
    text = manifest.read_text(reader, files.join(root.folder, _PNPM_WORKSPACE)) or ""
    inside = False
    for line in text.splitlines():
        if line.strip() and not line.startswith((" ", "-", "#", "\t")):
            inside = line.startswith("packages:")
        elif inside and (match := _ITEM.match(line)):
            yield match[1]


def _below(folder: str, pattern: str) -> str:
    return files.join(folder, pattern.removeprefix("./").strip("/"))


def _fits(folder: str, patterns: list[str]) -> bool:
    """Whether a pattern names the folder; ``*`` is one level, ``**`` any number."""
    for pattern in patterns:
        if "**" in pattern and fnmatchcase(folder, pattern):
            return True
        if fnmatchcase(folder, pattern) and folder.count("/") == pattern.count("/"):
            return True
    return False


def _declared(package: Manifest) -> tuple[str, str, Evidence] | None:
    match = _DECLARED.fullmatch(package.string("packageManager").strip())
    if match is None:
        return None
    shown = f"packageManager is {match[1]}@{match[2]}"
    return match[1], match[2], package.evidence(shown, "packageManager")


def _locked(reader: Reader, root: Manifest) -> list[str]:
    names = (name for manager in frontend.managers() for name in manager.lockfiles)
    return [n for n in dict.fromkeys(names) if reader.is_file(files.join(root.folder, n))]


def _by_lockfile(reader: Reader, root: Manifest, locked: list[str]) -> Manager:
    for entry in frontend.managers():
        if any(name in locked for name in entry.lockfiles):
            version = _version(reader, root, entry, locked)
            return frontend.manager_for(entry.name, version)
    return frontend.manager_for("npm", "")


def _version(reader: Reader, root: Manifest, entry: Manager, locks: list[str]) -> str:
    """The version that wrote the lockfile, "" when it does not tell."""
    name = next((name for name in locks if name in entry.lockfiles), "")
    data = reader.read(files.join(root.folder, name)) if name else None
    head = (data or b"")[:_LOCK_HEAD].decode("utf-8", "replace")
    for manager in frontend.managers():
        match = re.search(manager.lock_version, head) if manager.lock_version else None
        if manager.name == entry.name and match:
            return manager.versions.get(match[1], manager.default)
    return ""


def _lock_evidence(root: Manifest, entry: Manager, locks: list[str]) -> Evidence:
    if locks:
        return Evidence(files.join(root.folder, locks[0]), 1, f"{entry.name}'s lockfile")
    return Evidence(root.path, 1, "no lockfile, so npm installs")


def _settings(reader: Reader, root: Manifest, entry: Manager) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The manager's other files that are there; those with a token apart."""
    given: list[str] = []
    secrets: list[str] = []
    for name in entry.files:
        path = files.join(root.folder, name)
        if reader.is_folder(path):
            given.append(name)
        elif (text := manifest.read_text(reader, path)) is not None:
            (secrets if _TOKEN.search(text) else given).append(name)
    return tuple(given), tuple(secrets)


def _reads_sources(packages: list[Manifest]) -> bool:
    """Whether installing runs scripts of the project, or installs folders of it that are no members."""
    facts = frontend.facts()["scripts"]
    for package in packages:
        for name in facts["lifecycle"]:
            if any(c.program not in facts["harmless"] for c in commands(package.scripts, name)):
                return True
        for kind in ("dependencies", "devDependencies", "optionalDependencies", "resolutions"):
            given = package.data.get(kind)
            values = given.values() if isinstance(given, dict) else ()
            if any(str(value).startswith(("file:", "link:", "portal:", "patch:")) for value in values):
                return True
        if package.data.get("patchedDependencies") or _pnpm_patches(package):
            return True
    return False


def _pnpm_patches(package: Manifest) -> bool:
    settings = package.data.get("pnpm")
    return isinstance(settings, dict) and bool(settings.get("patchedDependencies"))
