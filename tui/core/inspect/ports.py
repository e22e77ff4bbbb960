"""Which ports a program listens on: its listeners' addresses, followed to where they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from tui.core.inspect import facts, listening
from tui.core.inspect.code import Scope
from tui.core.inspect.configured import Configured
from tui.core.inspect.expressions import Expression
from tui.core.inspect.listening import Listening
from tui.core.inspect.packages import Package
from tui.core.inspect.program import Program
from tui.core.inspect.texts import HOLE, Value
from tui.core.inspect.values import Values
from tui.core.project import LITERAL, NAME, Evidence, ListenPort, Note

_PROFILER = "net/http/pprof"
_REGISTERED = ("net/http.HandleFunc", "net/http.Handle")
_ANY_HOST = frozenset({"", "0.0.0.0", "[::]", "[::0]", "*"})
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})

# A quoted name that ends like a setting's (its quote is looked for first, which is quicker), or a field
# named so whose tag has a default.
_ENDINGS = ("port", "addr", "address", "listen", "bind")
_QUOTED = '"(?:' + "|".join(f'(?<=(?i:{ending})")' for ending in _ENDINGS) + ")"
_TAGGED = rf"(?i)(?:{'|'.join(_ENDINGS)})\s+\w+\s+`[^`\n]*default"


class Server(NamedTuple):
    """What answers at some TCP ports; ``tls`` tells that it speaks HTTPS. ``field`` holds its address."""

    handler: Expression | None
    scope: Scope
    ports: tuple[int, ...]
    tls: bool
    field: str = ""


class Findings(NamedTuple):
    """Ranked ports; ``notes`` name listeners whose port only the environment knows.

    ``variables`` are those of the environment that addresses are taken from.
    """

    ports: tuple[ListenPort, ...]
    notes: tuple[Note, ...]
    variables: frozenset[str] = frozenset()
    servers: tuple[Server, ...] = ()


def find(program: Program, packages: Iterable[Package], configured: Configured) -> Findings:
    """Ports of ``packages``, those of the program; settings that look like one where none listens."""
    imported = {p.path: {facts.unversioned(i.path) for f in p.files for i in f.imports} for p in packages}
    values = Values(program, configured)
    places = listening.find(program, imported, values)
    places.sort(key=lambda place: (_is_side(place.source), program.order(place.scope.file), place.line))
    ports: list[ListenPort] = []
    notes: list[Note] = []
    debugging: list[Note] = []
    if any(_PROFILER in paths for paths in imported.values()):
        places, debugging = _without_profiler(program, places)
    variables: set[str] = set()
    servers: list[Server] = []
    for place in places:
        found, env = _ports(place, values)
        tcp = tuple(port.port for port in found if port.protocol == "tcp")
        servers.append(Server(place.handler, place.scope, tcp, place.tls, place.listener.field))
        ports += map(_guessed, found) if place.unsure else found
        variables.add(env)
        if env and not found:
            evidence = Evidence(place.scope.file, place.line, place.source)
            notes.append(
                Note(f"The port comes from the environment variable {env}, without a default.", evidence)
            )
    ranked = _ranked(ports or _settings(program, values))
    said = (*debugging, *(notes[:1] if not ports else ()))
    return Findings(tuple(ranked), said, frozenset(variables - {""}), tuple(servers))


def _without_profiler(program: Program, places: list[Listening]) -> tuple[list[Listening], list[Note]]:
    """Without listeners that serve pprof alone: beside others, with nothing else registered for them."""
    program.words(_REGISTERED)
    registers = any(call.name in _REGISTERED for call, _ in program.calls)
    shared = [place for place in places if place.shared]
    if registers:
        return places, []
    if len(shared) == len(places):
        return [place._replace(unsure=True) for place in places], []
    text = "This listener serves profiles for debugging; its port is not exposed."
    notes = [Note(text, Evidence(place.scope.file, place.line, place.source)) for place in shared]
    return [place for place in places if not place.shared], notes


def _ports(place: Listening, values: Values) -> tuple[list[ListenPort], str]:
    """The ports of one place, and the environment variable that gives its port."""
    protocol = place.listener.protocol
    if place.network is not None:
        networks = [value.text for value in values.of(place.network, place.scope)]
        if any(text.startswith("unix") for text in networks):
            return [], ""
        protocol = "udp" if any(text.startswith("udp") for text in networks) else protocol
    here = Evidence(place.scope.file, place.line, place.source)
    if place.address is None:
        default = place.listener.default
        return ([ListenPort(default, protocol, here)] if default else []), ""
    found: list[ListenPort] = []
    followed = values.of(place.address, place.scope)
    for value in sorted(followed, key=_has_variable_host):
        is_alone = place.listener.member and ":" not in value.text
        port = parse_port(f":{value.text}" if is_alone else value.text)
        if not port or port in facts.listeners().never:
            continue
        # A host that the environment may give is the fallback's where that gives none.
        same = [n for n, known in enumerate(found) if known.port == port] if _has_variable_host(value) else []
        if same:
            found[same[0]] = _unless(found[same[0]], value.env, here)
        else:
            found.append(ListenPort(port, protocol, _evidence(value, here), is_loopback(value.text)))
    # A field that several structs have gives their ports too: those of other servers are not ours.
    servers = [port for port in found if port.port not in facts.listeners().client]
    return servers or found, next((value.env for value in followed if value.env), "")


def parse_port(address: str) -> int:
    """The port of ``host:port``, by number or name; 0 where there is none."""
    host, colon, port = address.rpartition(":")
    if not colon or "/" in host or port == HOLE:
        return 0
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    return number if 0 < number < 65536 else facts.listeners().names.get(port, 0)


def _guessed(port: ListenPort) -> ListenPort:
    why = f"{port.evidence.why}; all that is known to be served there are profiles"
    return replace(port, evidence=replace(port.evidence, why=why, kind=NAME))


def _unless(port: ListenPort, variable: str, listening: Evidence) -> ListenPort:
    why = f"{port.evidence.why}, unless {variable} gives another address"
    return replace(port, evidence=replace(port.evidence, why=why, kind=listening.kind))


def _has_variable_host(value: Value) -> bool:
    return bool(value.env) and HOLE in value.text.rpartition(":")[0]


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches ``host:port``."""
    host = address.rpartition(":")[0].strip("[]").partition("%")[0].lower()
    try:
        known = ip_address(host)
    except ValueError:
        return (
            host in _LOOPBACK_NAMES or host.endswith(".localhost") or bool(re.fullmatch(r"127(\.\d+)+", host))
        )
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return (mapped or known).is_loopback


def _evidence(value: Value, listening: Evidence) -> Evidence:
    if (value.file, value.line) == (listening.file, listening.line):
        return listening if value.env else replace(listening, kind=LITERAL)
    return Evidence(value.file, value.line, f"used in {listening.why} at {listening}")


def _settings(program: Program, values: Values) -> list[ListenPort]:
    """The likeliest setting whose name and default look like an address to listen on."""
    program.search(_QUOTED)
    program.search(_TAGGED, name="efault")
    found: list[tuple[int, ListenPort]] = []
    for setting in values.settings.all():
        for value in values.of(setting.default, setting.scope):
            found += _setting(setting.name, "", value, Evidence(setting.scope.file, setting.line, ""))
    for binding in program.defaults:
        for value in values.of(binding.value, binding.scope):
            found += _setting(
                binding.name, binding.owner, value, Evidence(binding.scope.file, binding.line, "")
            )
    return [port for _, port in sorted(found, key=lambda pair: pair[0])[:1]]


def _setting(name: str, owner: str, value: Value, at: Evidence) -> Iterator[tuple[int, ListenPort]]:
    """With how unlike a plain ``port`` the setting's name is."""
    port = setting_port(name, value.text, owner)
    if port and port not in facts.listeners().client:
        evidence = Evidence(at.file, at.line, f"default of the setting {name}", NAME)
        yield len(_words(name)), ListenPort(port, "tcp", evidence, is_loopback(value.text))


def setting_port(name: str, text: str, owner: str = "") -> int:
    """The port to listen on that a setting of that name gives; 0 for none, as that of another host."""
    table = facts.listeners()
    words = _words(name)
    if not words or words[-1] not in table.settings or table.other & {*words, *_words(owner)}:
        return 0
    host, colon, _ = text.rpartition(":")
    is_here = host in _ANY_HOST or HOLE in host or is_loopback(text)
    port = parse_port(text if colon else f":{text}") if is_here and (colon or words[-1] == "port") else 0
    return 0 if port in table.never else port


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())


def _ranked(ports: list[ListenPort]) -> list[ListenPort]:
    """Each port once, those that nothing outside can reach at the end."""
    once: dict[tuple[int, str], ListenPort] = {}
    for port in sorted(ports, key=lambda port: port.loopback):
        once.setdefault((port.port, port.protocol), port)
    return list(once.values())


def _is_side(source: str) -> bool:
    return any(word in source.lower() for word in facts.listeners().side)
