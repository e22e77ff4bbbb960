"""Finds the module a folder belongs to, and says what to do when there is none."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tui.core.inspect import facts, files, gomod, gopath
from tui.core.inspect.gomod import GoMod
from tui.core.inspect.tree import walk
from tui.core.project import Gopath, NotAProject

_SHOWN = 5
# Someone may start it in their home folder.
_MOST_FOLDERS = 5000


class Located(NamedTuple):
    """A module's root (a real path), its go.mod, and the folder that was asked for, relative to the
    root (``""`` is the root itself). A project without go.mod is a module by its place in GOPATH."""

    root: Path
    mod: GoMod
    below: str
    gopath: Gopath | None = None


def locate(path: Path) -> Located:
    """The module of ``path``: its own, else that of the nearest folder above, not above a Git root.

    Raises NotAProject.
    """
    try:
        folder = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise _no_folder(path, "There is no such folder, or it cannot be read.") from error
    if not folder.is_dir():
        raise _no_folder(path, "It is a file.")
    root = _module_root(folder)
    if root is None:
        old = None if (folder / "go.work").exists() else gopath.find(folder, _upwards(folder)[-1])
        if old is None:
            raise _no_module(folder)
        return Located(old[0], GoMod(module=old[1].path), _below(folder, old[0]), old[1])
    reader = files.Reader(root)
    data = reader.read("go.mod")
    if data is None:
        why = next(iter(reader.left_out), "not there any more")
        raise NotAProject(f"{root / 'go.mod'} cannot be used: {why}. Put a regular, readable go.mod there.")
    mod = gomod.parse_mod(data)
    if not mod.module:
        raise NotAProject(
            f"{root / 'go.mod'} has no module line that Go understands. Go cannot build without the "
            "module's path. Add a line like: module example.com/app"
        )
    return Located(root, mod, _below(folder, root))


def _below(folder: Path, root: Path) -> str:
    below = folder.relative_to(root).as_posix()
    return "" if below == "." else below


def _module_root(folder: Path) -> Path | None:
    if (folder / "go.work").is_file() and not (folder / "go.mod").exists():
        return None
    return next((f for f in _upwards(folder) if (f / "go.mod").exists() or (f / "go.mod").is_symlink()), None)


def _upwards(folder: Path) -> list[Path]:
    chain = [folder, *folder.parents]
    top = next((i for i, f in enumerate(chain) if (f / ".git").exists()), len(chain) - 1)
    return chain[: top + 1]


def _no_folder(path: Path, why: str) -> NotAProject:
    return NotAProject(
        f"{path} is not a folder that can be inspected. {why} Name the folder that holds go.mod."
    )


def _no_module(folder: Path) -> NotAProject:
    tree = walk(files.Reader(folder), most=_MOST_FOLDERS)
    what = f"{folder} is not a Go module: neither it nor a folder above it in its repository has a go.mod."
    if len(tree.nested) == 1:
        return NotAProject(
            f"{what} The module is in {tree.nested[0]}. Run dockwright {folder / tree.nested[0]}"
        )
    if tree.nested:
        more = " …" * (len(tree.nested) > _SHOWN)
        shown = ", ".join(tree.nested[:_SHOWN]) + more
        return NotAProject(
            f"{what} It holds {len(tree.nested)} modules: {shown}. Run dockwright on one of them."
        )
    if tree.folders:
        lists = [name for name in facts.mains().manifests if (folder / name).is_file()]
        kept = f" {lists[0]} has the versions it was built with." if lists else ""
        return NotAProject(
            f"{what} It holds Go files from before modules, built in GOPATH, and no vendor/.{kept} "
            f"Run go mod init {gopath.read(folder, tree).path}, then go mod tidy, then dockwright again."
        )
    return NotAProject(f"{what} It holds no Go files either. Name the folder of a Go project.")
