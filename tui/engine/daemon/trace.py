"""BuildKit's progress as events, from its two spellings.

buildx prints one JSON object a line (``--progress=rawjson``); the Engine API sends the same object
as a protobuf message (``StatusResponse`` of BuildKit's control API), of which the fields used here
are described below instead of generating code from a copy of its .proto files.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# timestamp_pb2 registers google.protobuf.Timestamp, which the messages below use.
from google.protobuf.timestamp_pb2 import Timestamp

from tui.core import stepnames
from tui.core.events import CheckWarning, Event, Step, StepLog, StepProgress

# message: field name, number, type. A leading ``*`` is a repeated field.
_MESSAGES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "Position": (("line", 1, "int32"),),
    "Range": (("start", 1, "Position"),),
    "Vertex": (
        ("digest", 1, "string"),
        ("name", 3, "string"),
        ("cached", 4, "bool"),
        ("started", 5, "Timestamp"),
        ("completed", 6, "Timestamp"),
        ("error", 7, "string"),
    ),
    "VertexStatus": (
        ("ID", 1, "string"),
        ("vertex", 2, "string"),
        ("current", 4, "int64"),
        ("total", 5, "int64"),
    ),
    "VertexLog": (
        ("vertex", 1, "string"),
        ("timestamp", 2, "Timestamp"),
        ("stream", 3, "int64"),
        ("msg", 4, "bytes"),
    ),
    "VertexWarning": (
        ("short", 3, "bytes"),
        ("detail", 4, "*bytes"),
        ("url", 5, "string"),
        ("ranges", 7, "*Range"),
    ),
    "StatusResponse": (
        ("vertexes", 1, "*Vertex"),
        ("statuses", 2, "*VertexStatus"),
        ("logs", 3, "*VertexLog"),
        ("warnings", 4, "*VertexWarning"),
    ),
}
_PACKAGE = "dockwright.buildkit"
_SCALARS = {
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
}


@cache
def status_message() -> Any:
    """The protobuf class ``StatusResponse``."""
    file = descriptor_pb2.FileDescriptorProto(
        name="dockwright/buildkit.proto",
        package=_PACKAGE,
        syntax="proto3",
        dependency=[Timestamp.DESCRIPTOR.file.name],
    )
    for message, fields in _MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, number, kind in fields:
            described.field.append(_field(name, number, kind))
    pool = descriptor_pool.Default()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.StatusResponse"))


def _field(name: str, number: int, kind: str) -> descriptor_pb2.FieldDescriptorProto:
    proto = descriptor_pb2.FieldDescriptorProto
    label = proto.LABEL_REPEATED if kind.startswith("*") else proto.LABEL_OPTIONAL
    kind = kind.removeprefix("*")
    if kind in _SCALARS:
        return proto(name=name, number=number, label=label, type=_SCALARS[kind])
    full = ".google.protobuf.Timestamp" if kind == "Timestamp" else f".{_PACKAGE}.{kind}"
    return proto(name=name, number=number, label=label, type=proto.TYPE_MESSAGE, type_name=full)


def from_protobuf(data: bytes) -> Iterator[Event]:
    """The events of one ``moby.buildkit.trace`` message."""
    status = status_message().FromString(data)
    for v in status.vertexes:
        times = (_seconds(v, "started"), _seconds(v, "completed"))
        yield _step(v.digest, v.name, v.cached, times, v.error)
    for s in status.statuses:
        yield StepProgress(s.vertex, s.ID, s.current, s.total)
    for log in status.logs:
        yield _log(log.vertex, log.msg, log.stream, _seconds(log, "timestamp"))
    for warning in status.warnings:
        lines = [found.start.line for found in warning.ranges]
        yield _warning(warning.short, list(warning.detail), warning.url, lines)


def from_json(status: dict[str, Any]) -> Iterator[Event]:
    """The events of one line of ``--progress=rawjson``."""
    for v in status.get("vertexes") or ():
        times = (_moment(v.get("started")), _moment(v.get("completed")))
        yield _step(v["digest"], v.get("name", ""), v.get("cached", False), times, v.get("error", ""))
    for s in status.get("statuses") or ():
        yield StepProgress(s["vertex"], s.get("id", ""), s.get("current", 0), s.get("total", 0))
    for log in status.get("logs") or ():
        data = base64.b64decode(log.get("data") or "")
        yield _log(log["vertex"], data, log.get("stream", 1), _moment(log.get("timestamp")))
    for warning in status.get("warnings") or ():
        detail = [base64.b64decode(line) for line in warning.get("detail") or ()]
        lines = [found["start"].get("line", 0) for found in warning.get("range") or ()]
        yield _warning(base64.b64decode(warning.get("short") or ""), detail, warning.get("url", ""), lines)


def _step(digest: str, name: str, cached: bool, times: tuple[float | None, float | None], error: str) -> Step:
    return Step(digest, name, stepnames.parse(name).stage, cached, *times, error)


def _log(vertex: str, data: bytes, stream: int, time: float | None) -> StepLog:
    return StepLog(vertex, data.decode(errors="replace"), stream, time or 0.0)


def _warning(short: bytes, detail: list[bytes], url: str, lines: list[int]) -> CheckWarning:
    text = "\n".join(line.decode(errors="replace") for line in detail)
    return CheckWarning(short.decode(errors="replace"), text, url, next(iter(lines), 0))


def _seconds(message: Any, name: str) -> float | None:
    if not message.HasField(name):
        return None
    moment = getattr(message, name)
    return float(moment.seconds + moment.nanos / 1e9)


def _moment(text: str | None) -> float | None:
    """RFC 3339 with up to nine digits of a second, as Unix time."""
    if not text:
        return None
    return datetime.fromisoformat(text).timestamp()
