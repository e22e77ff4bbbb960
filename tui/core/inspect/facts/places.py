"""What is known of the files and names of projects, and of the modules they require."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tui.core.inspect.facts.lookup import ByImport, load


class Mains(NamedTuple):
    """Names of folders and programs that tell what one is for; files of the tools before modules."""

    tools: frozenset[str]
    examples: frozenset[str]
    usual: tuple[str, ...]
    helpers: frozenset[str]
    manifests: tuple[str, ...]


class CgoModules(NamedTuple):
    """Modules that need cgo, with what C they bring; and those that link the C library without it."""

    required: ByImport[str]
    dynamic: ByImport[str]


class Versions(NamedTuple):
    """Names of variables, the likeliest first, the packages they are in, and values that say nothing."""

    names: tuple[str, ...]
    packages: frozenset[str]
    placeholders: frozenset[str]


class Repository(NamedTuple):
    """Licences with the texts that show them; how to judge the hosts of modules, and what names them."""

    licences: tuple[tuple[str, tuple[str, ...]], ...]
    public: frozenset[str]
    internal: tuple[str, ...]
    said_in: tuple[str, ...]


class DeploymentPlaces(NamedTuple):
    """Names of deployment files, the first that is there counts, and the folders of manifests."""

    answers: str
    dockerfiles: tuple[str, ...]
    compose: tuple[str, ...]
    environment: tuple[str, ...]
    readme: tuple[str, ...]
    goreleaser: tuple[str, ...]
    makefiles: tuple[str, ...]
    folders: frozenset[str]


class Configuration(NamedTuple):
    """Files of settings: the endings of their names, folders where all count, names that count elsewhere.

    ``first``, ``last`` and ``never`` are words of the names of those an image runs with, or not.
    """

    endings: tuple[str, ...]
    folders: tuple[str, ...]
    names: tuple[str, ...]
    first: frozenset[str]
    last: frozenset[str]
    never: frozenset[str]


@cache
def configuration() -> Configuration:
    """The places, from configuration.toml."""
    data = load("configuration")
    endings, folders, names = (tuple(data[key]) for key in ("endings", "folders", "names"))
    first, last, never = (frozenset(data[key]) for key in ("first", "last", "never"))
    return Configuration(endings, folders, names, first, last, never)


@cache
def deployment() -> DeploymentPlaces:
    """The places, from deployment.toml."""
    data = load("deployment")
    keys = ("dockerfiles", "compose", "environment", "readme", "goreleaser", "makefiles")
    named = {key: tuple(data[key]) for key in keys}
    return DeploymentPlaces(answers=data["answers"], folders=frozenset(data["folders"]), **named)


@cache
def mains() -> Mains:
    """The names, from mains.toml."""
    data = load("mains")
    usual, manifests = tuple(data["usual"]), tuple(data["manifests"])
    tools, examples, helpers = (frozenset(data[key]) for key in ("tools", "examples", "helpers"))
    return Mains(tools, examples, usual, helpers, manifests)


@cache
def cgo() -> CgoModules:
    """The known modules, from cgo.toml."""
    data = load("cgo")
    return CgoModules(
        ByImport((path, entry["brings"]) for entry in data["required"] for path in entry["imports"]),
        ByImport((path, entry["brings"]) for entry in data["dynamic"] for path in entry["imports"]),
    )


@cache
def secrets() -> tuple[str, ...]:
    """Patterns of files that must stay out of an image, from ignore.toml."""
    return tuple(pattern for g in load("ignore")["group"] if g.get("secret") for pattern in g["patterns"])


@cache
def versions() -> Versions:
    """The variables, from versions.toml."""
    data = load("versions")
    return Versions(tuple(data["names"]), frozenset(data["packages"]), frozenset(data["placeholders"]))


@cache
def repository() -> Repository:
    """Licences and hosts, from repository.toml."""
    data = load("repository")
    hosts = data["hosts"]
    return Repository(
        licences=tuple((entry["id"], tuple(entry["signs"])) for entry in data["licence"]),
        public=frozenset(hosts["public"]),
        internal=tuple(hosts["internal"]),
        said_in=tuple(hosts["said_in"]),
    )
