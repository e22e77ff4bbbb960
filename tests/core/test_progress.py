"""A build's events as rows: the same ones whichever transport they came through."""

from __future__ import annotations

import pytest

from tui.core import progress, stepnames, units
from tui.core.events import BuildStarted, Cancelled, Event, Failed, Finished, Loaded, Pull, Step, StepProgress
from tui.core.progress import BuildState, advance, counts, followed, groups, row_of, rows


def fold(*events: Event) -> BuildState:
    state = BuildState()
    for event in events:
        state = advance(state, event)
    return state


def test_the_images_of_several_platforms_are_named() -> None:
    state = fold(
        Loaded("sha256:1", "ping:dev-linux-arm64", "linux/arm64", None),
        Finished("sha256:2", "ping:dev", 3.0, None),
    )
    assert state.notices == ("ping:dev-linux-arm64 holds the image for linux/arm64.",)
    assert isinstance(state.end, Finished) and state.end.tag == "ping:dev"


API = (
    BuildStarted("ping:dev", "Docker 28.5", "api"),
    Pull("docker.io/library/golang:1.27-trixie", "done", 10, 10, 2.0),
    Step("a", "[internal] load build definition from Dockerfile", started=1.0, completed=1.5),
    Step("b", "[internal] load build context", started=1.0, completed=2.0),
    StepProgress("b", "transferring", 100, 0),
    Step("e", "[stage-1 2/2] COPY --from=build /out/ping /usr/local/bin/ping"),
    Step("d", "[build 2/2] RUN --mount=type=cache,target=/x  go build -o /out/ping .", started=3.0),
    Step("c", "[build 1/2] FROM docker.io/library/golang:1.27-trixie@sha256:ab", cached=True),
    Step("f", "exporting to image"),
)
BUILDX = (
    Step(
        "x",
        "resolve image config for docker-image://docker.io/docker/dockerfile:1",
        started=0.5,
        completed=0.9,
    ),
    *API,
    Step("g", "importing to docker"),
)


def test_rows_are_grouped_and_ordered_by_stage_and_number() -> None:
    found = groups(fold(*API))
    assert [(group.title, [row.title for row in group.rows]) for group in found] == [
        ("BASE IMAGES", ["golang:1.27-trixie"]),
        ("PREPARATION", ["read Dockerfile and context"]),
        ("BUILD STAGE", ["FROM golang:1.27-trixie", "RUN go build ."]),
        ("FINAL STAGE", ["COPY /out/ping /usr/local/bin/ping", "export image"]),
    ]


def test_both_transports_give_the_same_rows() -> None:
    api, buildx = groups(fold(*API)), groups(fold(*BUILDX))
    assert [row.title for row in rows(api)] == [row.title for row in rows(buildx)]
    assert counts(api) == counts(buildx) == (2, 5, 1)


def test_the_running_row_is_followed_and_a_failed_one_before_it() -> None:
    assert followed(groups(fold(*API))) == "d"
    also = Step("c2", "[other 1/1] RUN sleep 9", started=4.0)
    assert followed(groups(fold(*API, also)), before="d") == "d"
    broken = Step("d", "[build 2/2] RUN go build", started=3.0, completed=4.0, error="exit code: 1")
    found = groups(fold(*API, also, broken, Failed("It failed.", step="d")))
    assert followed(found, before="c2") == "d"
    assert {row.status for row in rows(found) if row.id == "c2"} == {"stopped"}


def test_logs_find_the_row_of_their_step() -> None:
    state = fold(*API)
    assert [row_of(state, step) for step in ("a", "d", "f", "unknown")] == [
        "prepare",
        "d",
        "export",
        "unknown",
    ]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        ("COPY /out/server /usr/local/bin/server # buildkit", "COPY server"),
        ("COPY /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ # buildkit", "COPY ca-certificates.crt"),
        ("/bin/sh -c #(nop) COPY file:0a1b in /usr/local/bin/server ", "COPY server"),
        ("RUN /bin/sh -c apk add tzdata # buildkit", "RUN /bin/sh -c apk add tzdata"),
    ],
)
def test_layers_are_named_after_what_they_hold(instruction: str, shown: str) -> None:
    assert stepnames.layer(instruction) == shown


def test_what_was_under_way_is_stopped_when_the_build_ends() -> None:
    by_id = {row.id: row.status for row in rows(groups(fold(*API, Cancelled())))}
    assert by_id["d"] == "stopped"
    assert by_id["e"] == "waiting"


def test_merged_rows_add_up_time_and_bytes() -> None:
    (prepare,) = [row for row in rows(groups(fold(*API))) if row.id == progress.PREPARE]
    assert prepare.steps == ("a", "b")
    assert prepare.seconds == 1.0
    assert prepare.current == 100


def test_a_single_unnamed_stage_is_the_final_one() -> None:
    found = groups(
        fold(Step("a", "[1/2] FROM docker.io/library/golang:1.27"), Step("b", "[2/2] WORKDIR /src"))
    )
    assert [group.title for group in found] == ["FINAL STAGE"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "[build 4/6] RUN --mount=type=cache,target=/go/pkg/mod     go mod download",
            "RUN go mod download",
        ),
        (
            "[build 6/6] RUN --mount=type=cache,target=/a --mount=type=cache,target=/b   CGO_ENABLED=0"
            ' GOOS=linux go build -trimpath -ldflags="-s -w" -o /out/server ./cmd/server',
            "RUN go build ./cmd/server",
        ),
        (
            "[stage-1 1/2] FROM gcr.io/distroless/static-debian13:nonroot@sha256:0a",
            "FROM distroless/static-debian13:nonroot",
        ),
        ("[build 3/6] COPY go.mod go.sum ./", "COPY go.mod go.sum ./"),
    ],
)
def test_titles_say_what_a_person_recognises(name: str, title: str) -> None:
    assert stepnames.title(stepnames.parse(name).text) == title


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (12_300, "12 kB"),
        (640_000, "0.6 MB"),
        (8_900_000, "8.9 MB"),
        (1_240_000_000, "1.2 GB"),
        (None, "–"),
    ],
)
def test_sizes(count: int | None, shown: str) -> None:
    assert units.size(count) == shown


def test_times_and_ratios() -> None:
    assert [units.seconds(x) for x in (0.04, 18.24, 72.0, 3725.0)] == ["0.0 s", "18.2 s", "1:12", "1:02:05"]
    assert units.smaller(8_900_000, 968_800_000) == "99.1 % smaller"
    assert units.smaller(1, 10_000_000) == "99.9 % smaller"
    assert units.smaller(10, 10) == "not smaller"


def test_a_step_announced_again_keeps_what_was_seen_of_it() -> None:
    ran = Step("b1", "[build 1/2] RUN go build", "build", started=1.0, completed=2.0)
    state = advance(advance(BuildState(), ran), Step("b1", "[build 1/2] RUN go build", "build"))
    assert state.steps["b1"] == ran
