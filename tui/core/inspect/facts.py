"""What inspecting knows of the Go world, read from ``tui/core/facts/*.toml`` when first needed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

_FACTS = Path(__file__).parents[1] / "facts"
_MAJOR = re.compile(r"/v\d+(?=/|$)|\.v\d+(?=/|$)")

T = TypeVar("T")


def unversioned(path: str) -> str:
    """An import path without its major version, ``/v2`` or ``.v2``."""
    if "/v" not in path and ".v" not in path:
        return path
    return _MAJOR.sub("", path)


def unversioned_name(name: str) -> str:
    """``import/path.Name`` without the package's major version."""
    package, _, last = name.rpartition(".")
    return f"{unversioned(package)}.{last}"


class ByImport(Generic[T]):
    """Facts by import path: a fact about a path holds for every package below it and every /vN.

    A fact about one major version comes before that.
    """

    def __init__(self, facts: Iterable[tuple[str, T]]) -> None:
        self._exact = dict(facts)
        self._facts = {unversioned(path): fact for path, fact in reversed(self._exact.items())}
        self._asked: dict[str, T | None] = {}

    def get(self, path: str) -> T | None:
        """The fact of the longest path that covers ``path``."""
        if path not in self._asked:
            fact = _longest(self._exact, path) or _longest(self._facts, unversioned(path))
            self._asked[path] = fact
        return self._asked[path]


def _longest(facts: Mapping[str, T], path: str) -> T | None:
    while path:
        if path in facts:
            return facts[path]
        path = path.rpartition("/")[0]
    return None


class ByName(Generic[T]):
    """Facts by ``import/path.Name``, in every major version of the package."""

    def __init__(self, facts: Iterable[tuple[str, T]]) -> None:
        self._facts = dict(facts)

    def get(self, name: str) -> T | None:
        """The fact of a qualified name."""
        return self._facts.get(unversioned_name(name))

    def all(self) -> Iterable[T]:
        """Every fact."""
        return self._facts.values()

    def names(self) -> Iterable[str]:
        """Their ``import/path.Name``."""
        return self._facts.keys()


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


class Sign(NamedTuple):
    """What shows a need: ``what`` is the need, ``why`` ends the sentence "the program …"."""

    what: str
    why: str


class Opening(NamedTuple):
    """Calls that open files, with the index of the argument that names one (-1: each does).

    Methods also have the packages one of which their file imports. ``written`` make or change files.
    """

    functions: Mapping[str, int]
    methods: Mapping[str, tuple[frozenset[str], int]]
    written: frozenset[str]


class Needs(NamedTuple):
    """Signs by import path, by ``import/path.Name`` and by method; calls that start a program, with
    the index of the argument that names it; needs that an import brings into the binary; calls that
    open files."""

    imports: ByImport[Sign]
    names: Mapping[str, Sign]
    methods: Mapping[str, Sign]
    programs: Mapping[str, int]
    brought: Mapping[str, str]
    opened: Opening


class Listener(NamedTuple):
    """Code that listens. ``address`` and ``network`` are argument indexes, -1 for none.

    ``field`` and ``network_field`` are those of a composite literal. ``default`` is the port
    without an address, 0 for none. ``tls`` tells that what it takes is encrypted.
    """

    address: int = -1
    network: int = -1
    field: str = ""
    network_field: str = ""
    protocol: str = "tcp"
    default: int = 0
    tls: bool = False


class Listeners(NamedTuple):
    """Listeners by function, by (method, package) and by literal type, and how to judge a port."""

    functions: ByName[Listener]
    methods: Mapping[str, tuple[tuple[str, Listener], ...]]
    literals: ByName[tuple[Listener, ...]]
    names: Mapping[str, int]
    never: frozenset[int]
    side: tuple[str, ...]
    other: frozenset[str]
    settings: frozenset[str]
    client: frozenset[int]


class Route(NamedTuple):
    """A call that registers a route: the index of its path, and how many arguments it has at least.

    For a method, ``package`` is what its file imports.
    """

    path: int
    least: int
    package: str = ""


class Check(NamedTuple):
    """A method that registers a check at a path, at the port in a field of the server's options."""

    package: str
    method: str
    path: str
    field: str


class HealthSigns(NamedTuple):
    """Endings of paths and names of commands, the likeliest first, and what registers routes.

    ``mounting`` are the packages whose routers have a method Mount.
    """

    endings: tuple[str, ...]
    commands: tuple[str, ...]
    groups: frozenset[str]
    mounting: tuple[str, ...]
    functions: ByName[Route]
    methods: Mapping[str, tuple[Route, ...]]
    checks: tuple[Check, ...]


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


class Environment(NamedTuple):
    """What reads variables of the environment, ``structs`` by the fields of their second argument;
    ``system`` and ``prefixes`` are no settings of a program."""

    read: frozenset[str]
    methods: frozenset[str]
    functions: frozenset[str]
    structs: frozenset[str]
    system: frozenset[str]
    prefixes: tuple[str, ...]


class Signals(NamedTuple):
    """Calls that ask for signals, with the place of the first one; names of SIGTERM; calls that catch it."""

    notify: Mapping[str, int]
    terminations: frozenset[str]
    functions: frozenset[str]


@cache
def configuration() -> Configuration:
    """The places, from configuration.toml."""
    data = _load("configuration")
    endings, folders, names = (tuple(data[key]) for key in ("endings", "folders", "names"))
    first, last, never = (frozenset(data[key]) for key in ("first", "last", "never"))
    return Configuration(endings, folders, names, first, last, never)


@cache
def environment() -> Environment:
    """The calls and names, from environment.toml."""
    data = _load("environment")
    named, system = data["named"], data["system"]
    return Environment(
        frozenset(data["read"]),
        frozenset(named["methods"]),
        frozenset(named["functions"]),
        frozenset(named["structs"]),
        frozenset(system["names"]),
        tuple(system["prefixes"]),
    )


@cache
def signals() -> Signals:
    """The calls, from signals.toml."""
    data = _load("signals")
    return Signals(data["notify"], frozenset(data["terminations"]), frozenset(data["functions"]))


@cache
def deployment() -> DeploymentPlaces:
    """The places, from deployment.toml."""
    data = _load("deployment")
    keys = ("dockerfiles", "compose", "environment", "readme", "goreleaser", "makefiles")
    named = {key: tuple(data[key]) for key in keys}
    return DeploymentPlaces(answers=data["answers"], folders=frozenset(data["folders"]), **named)


@cache
def mains() -> Mains:
    """The names, from mains.toml."""
    data = _load("mains")
    usual, manifests = tuple(data["usual"]), tuple(data["manifests"])
    tools, examples, helpers = (frozenset(data[key]) for key in ("tools", "examples", "helpers"))
    return Mains(tools, examples, usual, helpers, manifests)


@cache
def cgo() -> CgoModules:
    """The known modules, from cgo.toml."""
    data = _load("cgo")
    return CgoModules(
        ByImport((path, entry["brings"]) for entry in data["required"] for path in entry["imports"]),
        ByImport((path, entry["brings"]) for entry in data["dynamic"] for path in entry["imports"]),
    )


@cache
def needs() -> Needs:
    """The signs, from needs.toml."""
    data = _load("needs")
    signs = [(Sign(entry["what"], entry["why"]), entry) for entry in data["need"]]
    return Needs(
        imports=ByImport((path, sign) for sign, entry in signs for path in entry.get("imports", ())),
        names={name: sign for sign, entry in signs for name in entry.get("names", ())},
        methods={name: sign for sign, entry in signs for name in entry.get("methods", ())},
        programs=data["programs"],
        brought=data["brought"],
        opened=_opening(data),
    )


def _opening(data: Mapping[str, Any]) -> Opening:
    methods: dict[str, tuple[frozenset[str], int]] = {}
    functions: dict[str, int] = {}
    for entry in data["opened"]:
        functions |= dict.fromkeys(entry.get("functions", ()), entry["argument"])
        for name in entry.get("methods", ()):
            methods[name] = (frozenset(entry["packages"]), entry["argument"])
    return Opening(functions, methods, frozenset(data["written"]["functions"]))


@cache
def secrets() -> tuple[str, ...]:
    """Patterns of files that must stay out of an image, from ignore.toml."""
    return tuple(pattern for g in _load("ignore")["group"] if g.get("secret") for pattern in g["patterns"])


@cache
def listeners() -> Listeners:
    """The idioms, from listeners.toml."""
    data = _load("listeners")
    methods: dict[str, tuple[tuple[str, Listener], ...]] = {}
    for entry in data["method"]:
        for name in entry["names"]:
            methods[name] = (*methods.get(name, ()), (entry["package"], _listener(entry)))
    literals: dict[str, tuple[Listener, ...]] = {}
    for entry in data["literal"]:
        for name in entry["types"]:
            literals[name] = (*literals.get(name, ()), _listener(entry))
    judgement = data["judgement"]
    return Listeners(
        functions=ByName((name, _listener(entry)) for entry in data["function"] for name in entry["names"]),
        methods=methods,
        literals=ByName(literals.items()),
        names=data["names"],
        never=frozenset(judgement["never"]),
        side=tuple(judgement["side"]),
        other=frozenset(judgement["other"]),
        settings=frozenset(judgement["settings"]),
        client=frozenset(judgement["client"]),
    )


@cache
def health() -> HealthSigns:
    """The signs, from health.toml."""
    data = _load("health")
    methods: dict[str, tuple[Route, ...]] = {}
    functions: dict[str, Route] = {}
    for entry in data["route"]:
        route = Route(entry["path"], entry["least"], entry.get("package", ""))
        for name in entry.get("methods", ()):
            methods[name] = (*methods.get(name, ()), route)
        functions |= dict.fromkeys(entry.get("functions", ()), route)
    return HealthSigns(
        tuple(data["endings"]),
        tuple(data["commands"]),
        frozenset(data["groups"]),
        tuple(data["mounting"]),
        ByName(functions.items()),
        methods,
        tuple(Check(**entry) for entry in data["check"]),
    )


@cache
def versions() -> Versions:
    """The variables, from versions.toml."""
    data = _load("versions")
    return Versions(tuple(data["names"]), frozenset(data["packages"]), frozenset(data["placeholders"]))


@cache
def repository() -> Repository:
    """Licences and hosts, from repository.toml."""
    data = _load("repository")
    hosts = data["hosts"]
    return Repository(
        licences=tuple((entry["id"], tuple(entry["signs"])) for entry in data["licence"]),
        public=frozenset(hosts["public"]),
        internal=tuple(hosts["internal"]),
        said_in=tuple(hosts["said_in"]),
    )


def _listener(entry: Mapping[str, Any]) -> Listener:
    literal = "field" in entry
    return Listener(
        address=entry.get("address", -1),
        network=-1 if literal else entry.get("network", -1),
        field=entry.get("field", ""),
        network_field=entry.get("network", "") if literal else "",
        protocol=entry.get("protocol", "tcp"),
        default=entry.get("default", 0),
        tls=entry.get("tls", False),
    )


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FACTS / f"{name}.toml").read_text(encoding="utf-8"))
