"""A run's state as what the screen shows of it. No widgets: state in, parts and text out."""

from __future__ import annotations

from textual.content import Content

from tui.core import units
from tui.core.events import Exited, Failed, Listening, Published, Ready
from tui.core.running import NO_CONTAINER, RunState, where
from tui.core.text import printable
from tui.screens.outcome import problem, remark, sentences
from tui.widgets.glyphs import GLYPHS
from tui.widgets.header_bar import Part
from tui.widgets.header_bar import state as dot
from tui.widgets.size_card import label, pairs

COLUMN = 29
_SENTENCES = {
    "starting": "is starting",
    "waiting": "is running",
    "answering": "is running",
    "running": "is running",
    "exited": "has ended",
    "failed": "did not start",
}


def header(state: RunState, tag: str, stopping: bool) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """(left, right) of the header."""
    sentence = "is stopping" if stopping and state.end is None else _SENTENCES[state.phase]
    left = (Part(printable(tag), "bold $foreground", keep=3), Part(sentence, "$foreground", keep=2))
    return left, _right(state)


def _right(state: RunState) -> tuple[Part, ...]:
    health = (Part(printable(state.health)),) if state.health else ()
    match state.phase, state.ready, state.end:
        case _, _, Exited(exit_code=code, requested=requested):
            color = "$muted" if requested else "$success" if code == 0 else "$error"
            return (dot("stopped" if requested else "ended", color), Part(f"exit code {code}", keep=2))
        case _, _, Failed():
            return (dot("failed", "$error"),)
        case "answering", Ready() as ready, _:
            word = f"answered {ready.status}" if ready.status is not None else "answered"
            said = Part(f"{word} after {units.seconds(ready.seconds)}", keep=2)
            return (dot(printable(ready.url)), said, *health)
        case "running", _, _:
            return (dot("running, not probed", "$primary"), *health)
        case "waiting", _, _:
            return (dot("waiting for an answer", "$primary"), *health)
    return (dot("starting", "$muted"),)


def outcome(state: RunState, stopping: bool) -> Content:
    """How it ended, or why it is not known whether it answers; empty when all is well."""
    match state.end:
        case Failed(what=what, why=why, fix=fix):
            return problem(what, why, fix)
        case Exited(exit_code=code, meaning=meaning, requested=requested, seconds=lived):
            how = f"It ran for {units.seconds(lived)}." if lived else ""
            again = f"{GLYPHS.arrow} r runs it again, b builds it again, esc leads back to the questions."
            if requested or code == 0:
                return Content("\n").join(
                    [remark(f"{meaning} {how}".strip(), color="$muted"), Content(again)]
                )
            return problem(
                f"Exit code {code}.", f"{meaning} {how}".strip(), again.removeprefix(f"{GLYPHS.arrow} ")
            )
    if stopping:
        return remark("It was asked to end (SIGTERM). If it does not, it is killed.", color="$muted")
    if state.phase == "running" and state.not_probed is not None:
        return remark(state.not_probed.why)
    return Content()


def times(build: float | None, first: float | None) -> Content:
    """How long building took; ``first`` is the first build's time where this was another one."""
    if build is None:
        return Content()
    found = [("first build", first), ("this build", build)] if first is not None else [("build", build)]
    rows = pairs((name, units.seconds(value)) for name, value in found)
    return Content("\n").join([label("TIME"), *rows])


def how_it_runs(state: RunState, user: str) -> Content:
    """User, restrictions, ports, health."""
    started = state.started
    hardening = started.hardening if started is not None else ()
    words = hardening if NO_CONTAINER in hardening else (f"user {user}", *hardening)
    lines = [label("HOW IT RUNS"), *_in_columns([printable(word) for word in words])]
    for port in started.published if started is not None else ():
        lines += _port(port) if port.host else [_own_port(port, state)]
    if state.health:
        lines.append(Content.assemble(("health check  ", "$muted"), printable(state.health)))
    return Content("\n").join(lines)


def differences(state: RunState) -> Content:
    """What the engine does otherwise than one expects; empty when there is nothing to say."""
    said = [_open_port(found) for found in state.listening if found.open]
    said += [Content(f"{GLYPHS.middot} {sentences(text)}") for text in state.notices]
    return Content("\n").join([label("DIFFERENT FROM DOCKER"), *said]) if said else Content()


def _open_port(found: Listening) -> Content:
    shown = f"Port {found.port} is open to the local network: it listens on {where(found)}."
    return Content.assemble((f"{GLYPHS.warning} ", "bold $warning"), shown)


def _own_port(port: Published, state: RunState) -> Content:
    """A port of this machine, and where it listens once that is known."""
    known = [found for found in state.listening if found.port == port.port and port.protocol == "tcp"]
    shown = f"on {where(known[0])}" if known else "of this machine"
    return Content.styled(f"port {port.port}/{port.protocol} {shown}", "$muted")


def _in_columns(words: list[str]) -> list[Content]:
    """Two to a line, where both are short."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) < COLUMN and len(word) < COLUMN:
            lines[-1] = lines[-1].ljust(COLUMN) + word
        else:
            lines.append(word)
    return [Content(line) for line in lines]


def _port(port: Published) -> list[Content]:
    shown = f"{port.host}:{port.host_port} {GLYPHS.arrow} {port.port}/{port.protocol}"
    lines = [Content.styled(printable(shown), "$muted")]
    if port.host_port != port.wanted:
        moved = f"port {port.wanted} was taken, so it is published on {port.host_port}"
        lines.append(Content.assemble((f"{GLYPHS.warning} ", "bold $warning"), moved))
    return lines
