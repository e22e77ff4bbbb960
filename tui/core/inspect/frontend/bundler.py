"""Where the bundlers of a script write."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from tui.core import frontend
from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend import literals, manifest
from tui.core.inspect.frontend.manifest import Manifest
from tui.core.inspect.frontend.paths import inside
from tui.core.inspect.frontend.scripts import Command, commands
from tui.core.project import Evidence

_SUFFIXES = (".ts", ".js", ".mts", ".mjs", ".cjs", ".cts")


class Output(NamedTuple):
    """Where a bundler writes. ``folder`` is relative to the project, None when it leaves the project.

    ``file`` is the one file it makes there, relative to the project, "" when it owns the folder.
    """

    folder: str | None
    file: str
    evidence: Evidence


class Config(NamedTuple):
    """A config file without its comments."""

    path: str
    folder: str
    text: str


def outputs(reader: Reader, package: Manifest, script: str) -> Iterator[Output]:
    """Of every bundler that ``script`` runs, in its order."""
    for command in commands(package.scripts, script):
        base = inside(package.folder, command.folder)
        if base is not None:
            yield from _Run(reader, package, command, base).outputs()


class _Run:
    """One command in the folder ``base``."""

    def __init__(self, reader: Reader, package: Manifest, command: Command, base: str) -> None:
        self.reader, self.command, self.base = reader, command, base
        words = " ".join([command.program, *command.arguments])[:80]
        self.shown = package.evidence(f"the script {command.script} runs {words}", "scripts", command.script)

    def outputs(self) -> Iterator[Output]:
        facts = frontend.facts()
        for bundler in facts["bundler"]:
            if self._runs(bundler):
                found = list(self._written(bundler))
                yield from found
                if found:
                    return
        if self.command.program in facts["scripts"]["runners"]:
            yield from self._program(facts["bundler"])

    def _runs(self, bundler: dict[str, Any]) -> bool:
        words = self._words()
        if self.command.program not in bundler["commands"]:
            return False
        if "subcommands" in bundler:
            return bool(words) and words[0] in bundler["subcommands"]
        return not {"serve", "--serve"} & set(self.command.arguments)

    def _written(self, bundler: dict[str, Any]) -> Iterator[Output]:
        config = self._config(bundler)
        if "marker" in bundler and not (config and bundler["marker"] in config.text):
            return
        root = self._root(bundler, config)
        options = [*((flag, False) for flag in bundler.get("flags", ())),
                   *((flag, True) for flag in bundler.get("file_flags", ()))]  # fmt: skip
        named = [(value, is_file) for flag, is_file in options if (value := self._option(flag))]
        if value := self.command.env.get(bundler.get("env", ""), ""):
            named.append((value, False))
        if named:
            yield _output(root, *named[0], self.shown)
        elif "workspace" in bundler:
            yield from self._angular(bundler["workspace"])
        elif config and (found := _configured(bundler, config, root)):
            yield found
        elif bundler["default"]:
            yield _output(root, bundler["default"], False, self.shown)

    def _program(self, bundlers: list[dict[str, Any]]) -> Iterator[Output]:
        """A script file that calls a bundler itself."""
        name = next((word for word in self._words() if word.endswith(_SUFFIXES)), "")
        config = self._read(name) if name else None
        for bundler in bundlers if config else ():
            module = bundler.get("module")
            if config and module and any(f"{q}{module}{q}" in config.text for q in "\"'"):
                if found := _configured(bundler, config, self.base):
                    yield found
                elif bundler["default"]:
                    yield _output(self.base, bundler["default"], False, self.shown)

    def _words(self) -> list[str]:
        return [word for word in self.command.arguments if not word.startswith("-")]

    def _option(self, flag: str) -> str:
        """The value of ``--flag value``, ``--flag=value``."""
        arguments = self.command.arguments
        for place, word in enumerate(arguments):
            if word.startswith(f"{flag}="):
                return word.removeprefix(f"{flag}=")
            if word == flag and place + 1 < len(arguments):
                return arguments[place + 1]
        return ""

    def _config(self, bundler: dict[str, Any]) -> Config | None:
        named = (self._option(flag) for flag in bundler.get("config_flags", ()))
        if given := next(filter(None, named), ""):
            return self._read(given)
        folder = self._positional(bundler)
        usual = (posixpath.join(folder, name + s) for name in bundler.get("configs", ()) for s in _SUFFIXES)
        return next((config for path in usual if (config := self._read(path)) is not None), None)

    def _positional(self, bundler: dict[str, Any]) -> str:
        return self._after_subcommand() if bundler.get("positional_root") else ""

    def _after_subcommand(self) -> str:
        word = next(iter(self.command.arguments[1:2]), "")
        return "" if word.startswith("-") else word

    def _root(self, bundler: dict[str, Any], config: Config | None) -> str | None:
        """The folder that an output's path is relative to."""
        root = inside(self.base, self._positional(bundler))
        found = (
            literals.folder(config.text, bundler["root_key"]) if config and "root_key" in bundler else None
        )
        if config is None or found is None or root is None:
            return root
        return inside(config.folder if found.anchored else root, found.path)

    def _read(self, path: str) -> Config | None:
        place = inside(self.base, path)
        text = manifest.read_text(self.reader, place) if place else None
        if place is None or text is None:
            return None
        return Config(place, place.rpartition("/")[0], literals.without_comments(text))

    def _angular(self, name: str) -> Iterator[Output]:
        path = files.join(self.base, name)
        text = manifest.read_text(self.reader, path) or ""
        data = manifest.parse(literals.without_comments(text))
        projects = data.get("projects") if isinstance(data, dict) else None
        chosen = self._after_subcommand()
        for project, settings in projects.items() if isinstance(projects, dict) else ():
            build = _below(settings, "architect", "build") or _below(settings, "targets", "build")
            if isinstance(build, dict) and chosen in ("", project):
                line = manifest.line_of(text, project, "build", "outputPath")
                evidence = Evidence(path, line, f"the project {project}")
                yield _output(self.base, _angular_path(project, build), False, evidence)


def _configured(bundler: dict[str, Any], config: Config, root: str | None) -> Output | None:
    for kind in ("key", "file_key"):
        found = literals.folder(config.text, bundler[kind]) if kind in bundler else None
        if found is not None:
            evidence = Evidence(config.path, found.line, f"{bundler[kind]} is {found.path}")
            base = config.folder if found.anchored else root
            return _output(base, found.path, kind == "file_key", evidence)
    return None


def _output(base: str | None, path: str, is_file: bool, evidence: Evidence) -> Output:
    place = inside(base, path) if base is not None else None
    if place is None or not is_file:
        return Output(place, "", evidence)
    return Output(place.rpartition("/")[0], place, evidence)


def _angular_path(project: str, build: dict[str, Any]) -> str:
    """The application builder writes the pages into a folder of its own, others do not."""
    path = _below(build, "options", "outputPath")
    base = path.get("base") if isinstance(path, dict) else path
    browser = path.get("browser", "browser") if isinstance(path, dict) else "browser"
    has_own = str(build.get("builder", "")).endswith(":application")
    folder = base if isinstance(base, str) else f"dist/{project}"
    return posixpath.join(folder, browser) if has_own and isinstance(browser, str) else folder


def _below(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data
