"""What inspecting found, for machines (``inspect --json``) and for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tui.core.project import Embed, Evidence, Health, ListenPort, Main, Need, Note, Project
from tui.core.text import printable

SCHEMA_VERSION = 1
_SHOWN = 3
_WIDEST = 48
_NEEDS = {
    "ca-certificates": "CA certificates",
    "tzdata": "time zones",
    "tmp": "a writable /tmp",
    "users": "/etc/passwd",
    "libc": "the C library",
}


def as_json(project: Project) -> dict[str, Any]:
    """The findings as JSON-ready values. Texts of the project hold no control characters."""
    found = {
        "schema_version": SCHEMA_VERSION,
        "root": str(project.root),
        "module": project.module,
        "go": project.go,
        "go_evidence": _evidence(project.go_evidence),
        "toolchain": project.toolchain,
        "toolchain_evidence": _evidence(project.toolchain_evidence),
        "go_sum": project.has_go_sum,
        "requirements": project.has_requirements,
        "vendor": project.has_vendor,
        "local_replaces": list(project.local_replaces),
        "context": str(project.context or project.root),
        "place": project.place,
        "module_files": list(project.module_files),
        "workspace": project.uses_workspace,
        "main": project.main,
        "mains": [
            {"package": m.package, "name": m.name, "role": m.role, "evidence": _evidence(m.evidence)}
            for m in project.mains
        ],
        "cgo": {
            "required": project.cgo.required,
            "evidence": [_evidence(evidence) for evidence in project.cgo.evidence],
        },
        "ports": [
            {
                "port": p.port,
                "protocol": p.protocol,
                "loopback": p.loopback,
                "evidence": _evidence(p.evidence),
            }
            for p in project.ports
        ],
        "needs": [{"what": need.what, "evidence": _evidence(need.evidence)} for need in project.needs],
        "embeds": [
            {
                "pattern": embed.pattern,
                "directory": embed.directory,
                "files": list(embed.files),
                "evidence": _evidence(embed.evidence),
            }
            for embed in project.embeds
        ],
        "opened": [{"path": found.path, "evidence": _evidence(found.evidence)} for found in project.opened],
        "health": [
            {"kind": found.kind, "value": found.value, "evidence": _evidence(found.evidence)}
            for found in project.health
        ],
        "versions": [
            {"name": found.name, "evidence": _evidence(found.evidence)} for found in project.versions
        ],
        "c_modules": list(project.c_modules),
        "private": [
            {"host": found.host, "module": found.module, "evidence": _evidence(found.evidence)}
            for found in project.private
        ],
        "lfs": project.uses_lfs,
        "source": project.source_url,
        "licence": project.licence,
        "notes": [{"text": note.text, "evidence": _evidence(note.evidence)} for note in project.notes],
    }
    return {key: _safe(value) for key, value in found.items()}


def as_text(project: Project) -> str:
    """A report of a screen or less: one finding a line, with where it was seen."""
    rows = [
        ("module", project.module, None),
        ("go", project.go or "no go line", project.go_evidence),
        *([("toolchain", project.toolchain, project.toolchain_evidence)] if project.toolchain else []),
        *_named("program", map(_main, project.mains), "none"),
        ("cgo", "required" if project.cgo.required else "not needed", None),
        *(("", evidence.why, evidence) for evidence in project.cgo.evidence[:_SHOWN]),
        *_named("listens on", map(_port, project.ports), "nothing found"),
        *_named("needs", map(_need, project.needs), "nothing of the image"),
        *_named("embeds", map(_embed, project.embeds), ""),
        *_named("opens", ((found.path, found.evidence) for found in project.opened), ""),
        *_named("health", ((_health(found), found.evidence) for found in project.health), ""),
        *_named("version in", ((found.name, found.evidence) for found in project.versions), ""),
        *_named("private", ((found.module, found.evidence) for found in project.private), ""),
        ("modules", _modules(project), None),
        *([("context", str(project.context), None)] if project.place else []),
        *([("files", "some are in Git LFS", None)] if project.uses_lfs else []),
        *([("source", project.source_url, None)] if project.source_url else []),
        *([("licence", project.licence, None)] if project.licence else []),
    ]
    texts = [(title, printable(text), printable(str(where)) if where else "") for title, text, where in rows]
    width = max((len(text) for _, text, where in texts if where and len(text) <= _WIDEST), default=0)
    lines = [f"{title:<12}{text:<{width if where else 0}}  {where}".rstrip() for title, text, where in texts]
    notes = [f"{printable(note.text)}{_at(note)}" for note in project.notes]
    return "\n".join([*lines, *([""] if notes else []), *(f"note: {note}" for note in notes)]) + "\n"


def _named(
    title: str, rows: Iterable[tuple[str, Evidence]], none: str
) -> list[tuple[str, str, Evidence | None]]:
    """The rows under one title, which stands before the first."""
    listed = [("" if number else title, text, where) for number, (text, where) in enumerate(rows)]
    return [*listed] or ([(title, none, None)] if none else [])


def _main(main: Main) -> tuple[str, Evidence]:
    role = "" if main.role == "application" else f" ({main.role})"
    return f"{main.package}, builds {main.name}{role}", main.evidence


def _port(port: ListenPort) -> tuple[str, Evidence]:
    loopback = ", on loopback only" if port.loopback else ""
    return f"{port.port}/{port.protocol}{loopback}", port.evidence


def _need(need: Need) -> tuple[str, Evidence]:
    return _NEEDS.get(need.what, need.what.replace("program:", "the program ")), need.evidence


def _embed(embed: Embed) -> tuple[str, Evidence]:
    count = "1 file" if len(embed.files) == 1 else f"{len(embed.files)} files"
    return f"{embed.pattern}: {count}", embed.evidence


def _health(health: Health) -> str:
    return f"GET {health.value}" if health.kind == "http" else f"its own command {health.value}"


def _modules(project: Project) -> str:
    if project.has_vendor:
        return "in vendor/"
    if not project.has_requirements:
        return "none required"
    return "go.sum is there" if project.has_go_sum else "go.sum is missing"


def _at(note: Note) -> str:
    return f" ({note.evidence})" if note.evidence and str(note.evidence) not in note.text else ""


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    return {"file": evidence.file, "line": evidence.line, "why": evidence.why} if evidence else None


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_safe(item) for item in value]
    if isinstance(value, dict):
        return {key: _safe(item) for key, item in value.items()}
    return value
