"""BuildKit's progress in its two spellings gives the same events."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tui.core.events import CheckWarning, Event, Step, StepLog, StepProgress
from tui.engine.daemon import trace

MOMENT = "2026-11-21T07:14:34.500000000Z"
UNIX = 1795245274.5
JSON = {
    "vertexes": [
        {"digest": "sha256:1", "name": "[build 2/3] RUN x", "started": MOMENT, "cached": True, "error": "no"},
        {"digest": "sha256:2", "name": "[internal] load build context"},
    ],
    "statuses": [{"id": "transferring", "vertex": "sha256:2", "current": 7, "total": 9, "timestamp": MOMENT}],
    "logs": [{"vertex": "sha256:1", "stream": 2, "data": "aMO8Cg==", "timestamp": MOMENT}],
    "warnings": [
        {
            "vertex": "sha256:1",
            "short": base64.b64encode(b"FromAsCasing: 'as' and 'FROM' (line 1)").decode(),
            "detail": [base64.b64encode(b"The 'as' keyword").decode()],
            "url": "https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
            "range": [{"start": {"line": 3}, "end": {"line": 3}}],
        }
    ],
}
EXPECTED = CheckWarning(
    "FromAsCasing: 'as' and 'FROM' (line 1)",
    "The 'as' keyword",
    "https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
    3,
)
EVENTS: list[Event] = [
    Step("sha256:1", "[build 2/3] RUN x", "build", True, UNIX, None, "no"),
    Step("sha256:2", "[internal] load build context"),
    StepProgress("sha256:2", "transferring", 7, 9),
    StepLog("sha256:1", "hü\n", 2, UNIX),
    EXPECTED,
]


def test_json() -> None:
    assert list(trace.from_json(JSON)) == EVENTS


def test_protobuf() -> None:
    status = trace.status_message()()
    vertex = status.vertexes.add(digest="sha256:1", name="[build 2/3] RUN x", cached=True, error="no")
    vertex.started.FromJsonString(MOMENT)
    status.vertexes.add(digest="sha256:2", name="[internal] load build context")
    status.statuses.add(ID="transferring", vertex="sha256:2", current=7, total=9)
    log = status.logs.add(vertex="sha256:1", stream=2, msg="hü\n".encode())
    log.timestamp.FromJsonString(MOMENT)
    warning = status.warnings.add(short=EXPECTED.text.encode(), url=EXPECTED.url)
    warning.detail.append(b"The 'as' keyword")
    warning.ranges.add().start.line = 3
    assert list(trace.from_protobuf(status.SerializeToString())) == EVENTS


RECORDED = Path(__file__).parent / "recorded" / "docker-28.jsonl"


def test_a_recorded_answer_of_docker_28() -> None:
    """Bytes of a real engine: the description of the messages is right, unknown fields are passed over."""
    answers = [json.loads(line) for line in RECORDED.read_text().splitlines()]
    traces = [base64.b64decode(a["aux"]) for a in answers if a.get("id") == "moby.buildkit.trace"]
    events = [event for data in traces for event in trace.from_protobuf(data)]
    steps = {event.id: event for event in events if isinstance(event, Step)}
    failed = [step for step in steps.values() if step.error]
    assert [step.name.partition("]")[0] for step in failed] == ["[build 6/6"]
    assert failed[0].started is not None and failed[0].completed is not None
    assert 0 < failed[0].completed - failed[0].started < 60


@pytest.mark.parametrize("status", [{}, {"vertexes": None, "logs": None}])
def test_an_empty_message(status: dict[str, object]) -> None:
    assert list(trace.from_json(status)) == []
    assert list(trace.from_protobuf(b"")) == []
