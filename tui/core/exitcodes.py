"""A container's exit code in words."""

from __future__ import annotations

PANIC = "goroutine "
"""What a Go panic's or fatal error's trace on stderr contains."""

_KILLED = 128 + 9

_CODES = {
    0: "The application ended by itself, without an error.",
    1: "The application ended with an error of its own; its last log lines say which.",
    2: "The application ended with code 2, by convention wrong flags or arguments.",
    125: "The engine could not start the container.",
    126: "The program is in the image but could not be executed: no execute permission, or not a program.",
    127: "The program, or the dynamic loader it needs, is not in the image.",
}

_SIGNALS = {
    1: ("SIGHUP", "its terminal was closed"),
    2: ("SIGINT", "it was interrupted"),
    3: ("SIGQUIT", "it was told to quit with a trace"),
    4: ("SIGILL", "the binary uses instructions this CPU does not have (GOAMD64, or another architecture)"),
    6: ("SIGABRT", "it aborted itself"),
    7: ("SIGBUS", "it accessed memory that is not there"),
    8: ("SIGFPE", "an arithmetic error"),
    9: ("SIGKILL", "it was killed from outside, often for want of memory"),
    11: ("SIGSEGV", "it accessed memory that is not its own, in Go programs mostly in C code"),
    13: ("SIGPIPE", "it wrote to a closed connection"),
    15: ("SIGTERM", "it was asked to end"),
}

_STOPPED = {
    0: "It was stopped and ended cleanly.",
    2: "It was stopped. It does not handle SIGTERM; a Go program then ends with code 2.",
    130: "It was stopped and ended on SIGINT.",
    137: "It was stopped. It did not end in time after SIGTERM and was killed (SIGKILL).",
    143: "It was stopped and ended on SIGTERM.",
}


def meaning(
    code: int, *, requested: bool = False, oom_killed: bool | None = None, panicked: bool = False
) -> str:
    """What exit code ``code`` of a Go program in a container says, as a sentence or two.

    ``requested``: we stopped it. ``oom_killed``: whether the engine says the kernel ended it for
    want of memory, None when it does not know. ``panicked``: its stderr holds a goroutine trace (see PANIC).
    """
    if oom_killed:
        return "It used more memory than it may have, and the kernel killed it (out of memory)."
    if panicked and code == 2:
        return "A Go panic or fatal error; the trace in the log shows where."
    if requested:
        return _STOPPED.get(code, f"It was stopped and ended with code {code}.")
    if oom_killed is False and code == _KILLED:
        return "Ended by SIGKILL: it was killed from outside; the engine saw no want of memory."
    return _CODES.get(code) or _signal(code) or f"The application ended with code {code}, a code of its own."


def _signal(code: int) -> str | None:
    """Shells and engines report death by signal N as 128 + N."""
    if not 128 < code <= 128 + 64:
        return None
    name, why = _SIGNALS.get(code - 128, (f"signal {code - 128}", "from outside"))
    return f"Ended by {name}: {why}."
