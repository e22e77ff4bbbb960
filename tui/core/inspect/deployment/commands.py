"""Command lines of deployment files: the program and its arguments, what is built, what is asked."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator

from tui.core.gobuild import packages

# Characters of the longest command that is taken apart: shlex takes the square of the time.
_LONGEST = 8192
_INIT = frozenset({"tini", "dumb-init", "catatonit", "--", "-g", "exec"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "cmd", "env"})
_SHELL_SIGNS = re.compile(r"[$;&|<>`]")
_SCRIPT = re.compile(r"-[a-z]*c")
_URL = re.compile(r"https?://[\w.\[\]-]+(?::(\d{1,5}))?(/[A-Za-z0-9._~/-]*)?(?=[\s'|;)\]\"]|$)")
_BUILD = re.compile(r"\bgo[ \t]+(?:build|install|run)\b([^&|;\n#)`]*)")


def words(text: str) -> list[str]:
    """A command line as a shell splits it; a JSON list of words as it is; nothing where it needs a shell."""
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            return []
        return listed if isinstance(listed, list) and all(isinstance(word, str) for word in listed) else []
    try:
        return [] if len(text) > _LONGEST or _SHELL_SIGNS.search(text) else shlex.split(text)
    except ValueError:
        return []


def started(command: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The name of the program that a command starts, and its arguments; empty where a script decides."""
    parts = without_shell(command)
    while parts and posixpath.basename(parts[0]) in _INIT:
        parts.pop(0)
    name = posixpath.basename(parts[0]) if parts else ""
    if not name or name in _SHELLS or name.endswith(".sh") or "$" in name:
        return "", ()
    return name, tuple(parts[1:])


def without_shell(command: Iterable[str]) -> list[str]:
    """The words of the one command that a shell is started for: ``sh -c "app --port 9000"``."""
    parts = list(command)
    starts = len(parts) == 3 and posixpath.basename(parts[0]) in _SHELLS and _SCRIPT.fullmatch(parts[1])
    return (words(parts[2]) or parts) if starts else parts


def asked(command: Iterable[str], program: str) -> str:
    """What a health check asks, as an answer: ``http 8080/healthz`` or ``command health``; or empty."""
    parts = [word for word in command if word not in ("CMD", "CMD-SHELL")]
    text = " ".join(parts)
    if any(posixpath.basename(word) in ("curl", "wget") for word in text.split()):
        url = _URL.search(text)
        return f"http {url[1] or ''}{url[2] or '/'}" if url else ""
    name, args = started(parts if len(parts) > 1 else words(text))
    return f"command {' '.join(args)}" if name and args and name == program else ""


def built(text: str, module: str) -> Iterator[str]:
    """The package patterns of every ``go build``, ``install`` and ``run`` in a text."""
    for match in _BUILD.finditer(text.replace("\\\n", " ")):
        try:
            parts = shlex.split(match[1][:_LONGEST])
        except ValueError:
            continue
        yield pattern(packages(parts)[1][0], module)


def pattern(word: str, module: str) -> str:
    """A package argument as a pattern below the module: ``./cmd/x`` for ``example.com/app/cmd/x@latest``.

    Files name their folder: ``cmd/x/main.go`` and ``cmd/x/*``.
    """
    word = word.partition("@")[0]
    if word.endswith((".go", "/*")):
        word = "./" + posixpath.dirname(word)
    if word == module or word.startswith(f"{module}/"):
        word = f".{word[len(module) :]}"
    path = posixpath.normpath(word) if word.startswith(".") else ""
    return "." if path == "." else f"./{path}" if path and not path.startswith("..") else ""
