"""Events to JSON and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core import events
from tui.core.events import EVENTS, Event, Failed, Finished, ImageSize, LayerSize, Published, Started


def test_every_event_is_listed_under_a_kind_of_its_own() -> None:
    declared = {
        value
        for value in vars(events).values()
        if isinstance(value, type) and issubclass(value, Event) and value is not Event
    }
    assert set(EVENTS) == declared
    assert len({event.kind for event in EVENTS}) == len(EVENTS)


@given(st.one_of([st.from_type(event) for event in EVENTS]))
def test_survives_the_way_through_json(event: Event) -> None:
    restored = events.from_json(json.loads(json.dumps(events.as_json(event))))
    assert repr(restored) == repr(event)  # a NaN equals nothing, not even itself


def test_nested_values_keep_their_types() -> None:
    size = ImageSize(12, None, 14, False, (LayerSize("COPY server", 12, False),), 900)
    record = events.as_json(Finished("sha256:1", "ping:dev", 1.5, size))
    assert record["event"] == "finished"
    assert record["size"]["layers"] == [{"instruction": "COPY server", "bytes": 12, "base": False}]
    restored = events.from_json(record)
    assert isinstance(restored, Finished)
    assert restored.size == size

    unknown = Finished("sha256:1", "ping:dev", 1.5, None)
    assert events.from_json(json.loads(json.dumps(events.as_json(unknown)))) == unknown

    port = Published(8080, "tcp", "127.0.0.1", 8081, 8080)
    started = events.from_json(events.as_json(Started("id", "name", "tag", (port,), ("read-only",))))
    assert isinstance(started, Started)
    assert started.published == (port,)


def test_absent_fields_take_their_default_and_unknown_ones_are_left_out() -> None:
    assert events.from_json({"event": "failed", "what": "It broke.", "since": "later"}) == Failed("It broke.")


@pytest.mark.parametrize("record", [{}, {"event": "event"}, {"event": "gone"}, {"event": None}])
def test_an_unknown_kind_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no event of the kind"):
        events.from_json(record)


def test_a_missing_field_is_refused() -> None:
    with pytest.raises(TypeError):
        events.from_json({"event": "ready"})
