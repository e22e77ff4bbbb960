"""What code and deployment files say together: where they agree, and which one is proposed where not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from tui.core.inspect import facts
from tui.core.inspect.application import Told
from tui.core.inspect.deployment import STRONG, dockerfile, kubernetes, prose
from tui.core.inspect.ports import setting_port
from tui.core.project import CERTAIN, Evidence, Health, ListenPort, Main, Note, Stated

_Key = tuple[int, int, str]
"""A port, the end of its range, the same for one port, and the protocol."""


class Ports(NamedTuple):
    """The proposed ports; ``notes`` name the files that say another one."""

    ports: tuple[ListenPort, ...]
    notes: tuple[Note, ...]


def ports(found: Iterable[ListenPort], variables: frozenset[str], stated: Iterable[Stated]) -> Ports:
    """Those that arguments give, those of a Dockerfile, then those of the code, the confirmed first; of other
    files what fits them.

    ``variables`` are those of the environment that the program takes its port from. Where the code says
    nothing the surest file counts.
    """
    stated = tuple(stated)
    given = dict(_given(stated))
    code = _not_given({(port.port, port.port, port.protocol): port for port in found}, given)
    said = list(_said(stated, variables, known=bool(code)))
    confirmed = {key: each for key, each in reversed(said) if key in code and each.by != dockerfile.BY}
    trusted = {each.by for key, each in said if _covers(key, [*code, *given])} - {prose.README}
    kept = {key: _port(key, each.evidence) for key, each in given.items()}
    for key, each in said:
        if each.by == dockerfile.BY:
            kept.setdefault(key, _port(key, each.evidence, code.get(key)))
    stated_first = {key: place for place, (key, _) in reversed([*enumerate(said)])}
    for key in sorted(code, key=lambda key: stated_first.get(key, len(said))):
        kept.setdefault(key, _agreed(code[key], confirmed.get(key)))
    surest = said[0][1].by if said and not kept else ""
    for key, each in said:
        if each.by in trusted or each.by == surest:
            kept.setdefault(key, _port(key, each.evidence))
    alone = [
        port for key, port in kept.items() if not any(_covers(other, [key]) for other in kept.keys() - {key})
    ]
    return Ports(tuple(alone), tuple(_differing(said, code)))


def _given(stated: Iterable[Stated]) -> Iterator[tuple[_Key, Stated]]:
    """The ports in the arguments that the surest file starts the program with: ``--port 9000``."""
    said = next((each for each in stated if each.what == "args"), None)
    values = said.values if said else ()
    for word, following in zip_longest(values, values[1:], fillvalue=""):
        name, equals, value = word.partition("=")
        if said and name.startswith("-") and (port := setting_port(name, value if equals else following)):
            yield (port, port, "tcp"), said


def _not_given(code: dict[_Key, ListenPort], given: Mapping[_Key, Stated]) -> dict[_Key, ListenPort]:
    """Without the only port of the code, a setting's default, where arguments give another."""
    is_default = all(port.evidence.confidence != CERTAIN for port in code.values())
    return {} if len(code) == 1 == len(given) and is_default and not code.keys() & given.keys() else code


def _covers(key: _Key, others: Iterable[_Key]) -> bool:
    """Whether it is, or has in its range, one of the others."""
    first, last, protocol = key
    return any(first <= other[0] <= other[1] <= last and protocol == other[2] for other in others)


def healths(
    found: Iterable[Health], stated: Iterable[Stated], listening: Iterable[ListenPort]
) -> tuple[Health, ...]:
    """A command a file names, the code's commands, then routes: those a file asks, the code's others."""
    first = next((str(port.port) for port in listening if port.protocol == "tcp"), "")
    code = {(health.kind, health.value): health for health in found}
    said: dict[tuple[str, str], Health] = {}
    for each in stated:
        if each.what == "health":
            kind, _, value = each.value.partition(" ")
            port, slash, path = value.partition("/")
            if slash and port in ("", first):
                value = f"/{path}"
            at = code.get((kind, value))
            seen = _with(at.evidence, each) if at else each.evidence
            said.setdefault((kind, value), Health(kind, value, seen))
    merged = said | {key: health for key, health in code.items() if key not in said}
    return tuple(sorted(merged.values(), key=lambda health: health.kind != "command"))


def mains(stated: Iterable[Stated], found: Iterable[Main]) -> Told:
    """What files say of which program is built or started."""
    known = list(found)
    by_name = {main.name: main.package for main in reversed(known)}
    patterns = {main.package for main in known}
    strong: list[tuple[str, Stated]] = []
    built: list[tuple[str, Stated]] = []
    named: list[tuple[str, Stated]] = []
    for each in stated:
        package = each.value if each.what == "main" else by_name.get(each.value, "")
        if each.what in ("main", "program") and package in patterns:
            weak = named if each.by == prose.README else built
            (strong if each.by in STRONG else weak).append((package, each))
    return Told(strong, built, named)


def _said(
    stated: Iterable[Stated], variables: frozenset[str], *, known: bool
) -> Iterator[tuple[_Key, Stated]]:
    """The ports that are stated; where the code knows none, also those its variables are set to."""
    table = facts.listeners()
    for each in stated:
        if each.what == "port":
            numbers, _, protocol = each.value.partition("/")
            first, _, last = numbers.partition("-")
            key = (int(first), int(last or first), protocol)
            if each.by != prose.README or key[0] not in table.client | table.never:
                yield key, each
        elif each.what == "env" and not known and each.value in variables:
            number = each.values[1].rpartition(":")[2]
            if number.isascii() and number.isdigit() and 0 < int(number[:6]) < 65536:
                yield (int(number), int(number), "tcp"), each


def _port(key: _Key, evidence: Evidence, code: ListenPort | None = None) -> ListenPort:
    first, last, protocol = key
    if code is not None:
        evidence = replace(evidence, why=f"{evidence.why}, as your code says at {code.evidence}")
    loopback = code is not None and code.loopback
    return ListenPort(first, protocol, evidence, loopback, last if last > first else 0)


def _agreed(port: ListenPort, said: Stated | None) -> ListenPort:
    return replace(port, evidence=_with(port.evidence, said)) if said else port


def _with(seen: Evidence, said: Stated) -> Evidence:
    return replace(seen, why=f"{seen.why}, as {said.evidence} says")


def _differing(said: list[tuple[_Key, Stated]], code: dict[_Key, ListenPort]) -> Iterator[Note]:
    """Files that machines obey, none of whose ports the code listens on."""
    for by in STRONG:
        listed = [(key, each) for key, each in said if each.by == by]
        if not code or not listed or any(_covers(key, code) for key, _ in listed):
            continue
        key, each = listed[0]
        own = next(iter(code.values()))
        # Helm's values name the port of a service as often as that of the container.
        if by != kubernetes.HELM:
            reason = (
                "both are proposed, the Dockerfile's first because someone decided it"
                if by == dockerfile.BY
                else "the code's is proposed, because the program listens there unless it is told otherwise"
            )
            text = (
                f"{each.evidence} says {_port(key, each.evidence).text} and your code listens on "
                f"{own.text} ({own.evidence}): {reason}."
            )
            yield Note(text, each.evidence)
