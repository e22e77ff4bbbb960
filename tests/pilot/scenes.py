"""Scripts for the scripted engine: one build and one run of the same server, as engines tell them."""

from __future__ import annotations

from dataclasses import replace

from tests.pilot.scripted import SIZE, Gate, Script
from tui.core.events import (
    BuildStarted,
    CheckWarning,
    Event,
    Exited,
    Failed,
    Finished,
    Listening,
    Log,
    Notice,
    NotProbed,
    Published,
    Pull,
    Ready,
    Started,
    Step,
    StepLog,
)

T0 = 1_795_255_331.0
"""When the scenes play: the scripted clock's first moment."""

_GO = (
    "[build 6/6] RUN --mount=type=cache,target=/go/pkg/mod"
    ' go build -trimpath -ldflags="-s -w" -o /out/server ./cmd/server'
)
_PACKAGES = (
    (0.4, "internal/goarch"),
    (0.4, "internal/unsafeheader"),
    (1.1, "runtime"),
    (8.9, "crypto/tls"),
    (12.3, "net/http"),
    (13.0, "github.com/labstack/echo/v4"),
    (14.7, "github.com/acme/ping/internal/store"),
    (15.2, "github.com/acme/ping/internal/api"),
    (40.8, "github.com/acme/ping/cmd/server"),
)


def _begin() -> list[Event]:
    return [
        BuildStarted("ping:dev", "Docker 28.5", "buildx"),
        Pull("golang:1.27-trixie", "done", 312_000_000, 312_000_000, 18.2),
        Pull("gcr.io/distroless/static-debian13:nonroot", "done", 900_000, 900_000, 1.1),
        Step("i1", "[internal] load build definition from Dockerfile", started=T0, completed=T0 + 0.1),
        Step("i2", "[internal] load build context", started=T0, completed=T0 + 0.2),
        Step("b1", "[build 1/6] FROM docker.io/library/golang:1.27-trixie@sha256:0a1b", "build", cached=True),
        Step("b2", "[build 2/6] WORKDIR /src", "build", cached=True),
        Step("b3", "[build 3/6] COPY go.mod go.sum ./", "build", cached=True),
        Step("b4", "[build 4/6] RUN go mod download", "build", started=T0, completed=T0 + 3.1),
        Step("b5", "[build 5/6] COPY . .", "build", started=T0 + 3.1, completed=T0 + 3.3),
        Step(
            "s1",
            "[stage-1 1/2] FROM gcr.io/distroless/static-debian13:nonroot",
            started=T0,
            completed=T0 + 0.1,
        ),
        Step("s2", "[stage-1 2/2] COPY --from=build /out/server /usr/local/bin/server"),
        Step("x1", "exporting to image"),
        Step("b6", _GO, "build", started=T0 + 3.3),
    ]


def _compiling() -> list[Event]:
    return [StepLog("b6", f"{package}\n", 2, T0 + 3.3 + after) for after, package in _PACKAGES]


def building() -> Script:
    """Stops at the gate ``compiled``, then finishes."""
    return [*_begin(), *_compiling(), Gate("compiled"), *_end()]


def _end() -> list[Event]:
    return [
        Step("b6", _GO, "build", started=T0 + 3.3, completed=T0 + 44.3),
        Step(
            "s2",
            "[stage-1 2/2] COPY --from=build /out/server /usr/local/bin/server",
            started=T0 + 44.3,
            completed=T0 + 44.4,
        ),
        Step("x1", "exporting to image", started=T0 + 44.4, completed=T0 + 44.8),
        Finished("sha256:0a1b2c", "ping:dev", 48.2, SIZE),
    ]


def noted() -> Script:
    """The same with a notice and a warning of BuildKit's checks."""
    return [
        Notice("The # syntax= line was left out of what is sent: this engine cannot take it over its API."),
        CheckWarning("SecretsUsedInArgOrEnv: do not use ARG or ENV for sensitive data", line=5),
        *building(),
    ]


def broken() -> Script:
    """Compiling fails."""
    error = 'process "/bin/sh -c go build" did not complete successfully: exit code: 1'
    return [
        *_begin(),
        StepLog("b6", "# github.com/acme/ping/internal/store\n", 2, T0 + 17.0),
        StepLog("b6", "\x1b[31minternal/store/store.go:14:9: undefined: sqlx\x1b[0m\n", 2, T0 + 17.0),
        Step("b6", _GO, "build", started=T0 + 3.3, completed=T0 + 17.2, error=error),
        Failed(
            what="The Go compiler refused the code.",
            why="internal/store/store.go uses sqlx, which nothing in that file imports.",
            fix="Correct line 14 of internal/store/store.go, then press r to build again.",
            step="b6",
            line=9,
            detail=error,
        ),
    ]


def unreachable() -> Script:
    """There is no engine."""
    return [
        Failed(
            what="No container engine answers.",
            why="Nothing listens on unix:///var/run/docker.sock.",
            fix="Start Docker (sudo systemctl start docker), or set DOCKER_HOST to where it is.",
            detail="dial unix /var/run/docker.sock: connect: no such file or directory",
        )
    ]


STARTED = Started(
    container="c0ffee",
    name="ping-dev",
    tag="ping:dev",
    published=(Published(8080, "tcp", "127.0.0.1", 8080, 8080),),
    hardening=("read-only", "no capabilities", "no new privileges"),
    command="docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges"
    " --publish 127.0.0.1:8080:8080/tcp ping:dev",
)


def _served() -> list[Event]:
    return [
        Log("listening on :8080\n", 2, T0 + 60),
        Ready("http://127.0.0.1:8080", 200, 0.3),
        Log("GET /             200   41 µs\n", 1, T0 + 60.3),
        Log("GET /health       200   12 µs\n", 1, T0 + 63),
        Log("GET /health       200   11 µs\n", 1, T0 + 68),
    ]


def serving() -> Script:
    """Answers and goes on until it is stopped."""
    return [STARTED, *_served()]


def without_daemon() -> Script:
    """The same as the embedded engine tells it."""
    notices = (
        "The network is this machine's own: a server that listens on all addresses can be reached "
        "from the local network, and every port keeps its number.",
        "It runs in namespaces of its own, made by unshare. All files of the image belong to the "
        "user it runs as, 65532:65532, root's too.",
    )
    started = replace(
        STARTED,
        published=(Published(8080, "tcp", "", 8080, 8080),),
        hardening=("read-only root", "tmpfs on /tmp", *STARTED.hardening[1:]),
        command="dockwright run --engine embedded .",
    )
    log, ready, *more = _served()
    return [*map(Notice, notices), started, log, ready, Listening(8080, ("::",), open=True), *more]


def moved() -> Script:
    """The wanted port was taken."""
    ports = (Published(8080, "tcp", "127.0.0.1", 49153, 8080), Published(53, "udp", "127.0.0.1", 53, 53))
    started = Started("c0ffee", "ping-dev", "ping:dev", ports, STARTED.hardening, STARTED.command)
    return [
        started,
        Log("listening on :8080\n", 2, T0 + 60),
        NotProbed("It publishes no TCP port that speaks first or HTTP."),
    ]


def crashed() -> Script:
    """Ends by itself."""
    return [
        STARTED,
        Log("panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.main()\n", 2, T0 + 60),
        Exited(2, "A Go panic or fatal error; the trace in the log shows where.", seconds=0.2),
    ]


def refused() -> Script:
    """The container cannot start."""
    return [
        Failed(
            what="The container could not be started.",
            why="Its program /usr/local/bin/server is not in the image.",
            fix="Go back and check the name of the binary.",
            detail='exec: "/usr/local/bin/server": stat: no such file or directory',
        )
    ]
